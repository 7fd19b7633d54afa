package fault

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"sync"
)

// MaxSeed bounds a seed, so that every JSON reader can hold it.
const MaxSeed = 1 << 53

// Hostile decides by a seed which legal surprises a Platform plays (see
// control.Hostile). A nil Hostile plays none. It is safe for concurrent use.
type Hostile struct {
	seed    int64
	refusal uint64 // the API request that is refused, counted from 1

	mu    sync.Mutex
	count map[string]uint64 // requests so far by endpoint
}

// NewHostile makes the surprises of a seed; it must not be 0.
func NewHostile(seed int64) *Hostile {
	h := &Hostile{seed: seed, count: map[string]uint64{}}
	h.refusal = 1 + h.source("refusal", 0).Uint64N(4)
	return h
}

// Seed is what the surprises come from; 0 without any.
func (h *Hostile) Seed() int64 {
	if h == nil {
		return 0
	}
	return h.seed
}

// source is the randomness of the nth request to an endpoint.
func (h *Hostile) source(endpoint string, n uint64) *rand.Rand {
	sum := sha256.Sum256(fmt.Appendf(nil, "%d %s %d", h.seed, endpoint, n))
	return rand.New(rand.NewChaCha8(sum)) //nolint:gosec // repeatable is what it shall be
}

func (h *Hostile) next(endpoint string) uint64 {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.count[endpoint]++
	return h.count[endpoint]
}

// Refuses reports, for a valid request to the API, whether this is the one that
// is answered 401 although its token is good (RFC 6750 section 3.1: a token may
// end at any time).
func (h *Hostile) Refuses() bool { return h != nil && h.next("refusal") == h.refusal }

// The surprises that an answer may carry.
const (
	SurpriseMember    = "unknown_member" // RFC 6749 section 5.1, RFC 8414 section 3.2, RFC 7517 section 4
	SurpriseOrder     = "member_order"   // RFC 8259 section 4
	SurpriseSpace     = "whitespace"     // RFC 8259 section 2
	SurpriseTokenType = "token_type"     // RFC 6749 section 5.1: case insensitive
	SurpriseScope     = "scope_order"    // RFC 6749 section 3.3: order does not matter
	SurpriseHeaders   = "header_case"    // RFC 9110 section 5.1
	SurpriseMediaType = "media_type"     // RFC 9110 section 8.3.1: case, parameters
)

var surprises = []string{
	SurpriseMember, SurpriseOrder, SurpriseSpace, SurpriseTokenType, SurpriseScope, SurpriseHeaders, SurpriseMediaType,
}

// Draw chooses the surprises of the next answer of an endpoint, none to all,
// and the randomness they use.
func (h *Hostile) Draw(endpoint string) (chosen []string, source *rand.Rand) {
	source = h.source("answer "+endpoint, h.next(endpoint))
	for _, one := range surprises {
		if source.Uint64()&1 == 1 {
			chosen = append(chosen, one)
		}
	}
	return chosen, source
}

// Reader is a stream of bytes that follow from the seed, for everything that a
// Platform would else draw at random. It need not be safe for concurrent use.
func (h *Hostile) Reader() io.Reader {
	return rand.NewChaCha8(sha256.Sum256(fmt.Appendf(nil, "%d bytes", h.seed)))
}

// marks are all characters of a b64token (RFC 6750 section 2.1) but padding.
const marks = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~+/"

// lengths of odd tokens: RFC 6749 leaves the size undefined and asks clients
// not to assume one (section 5.1). The shortest has 140 bits.
var lengths = []int{23, 57, 131, 255, 256, 513, 1021}

// OddToken makes a token of a legal but unusual length, of all characters that
// a bearer token may hold.
func OddToken(random io.Reader) (string, error) {
	var b [8]byte
	if _, err := io.ReadFull(random, b[:]); err != nil {
		return "", fmt.Errorf("no randomness for a token: %w", err)
	}
	n := binary.BigEndian.Uint64(b[:])
	value := make([]byte, lengths[n%uint64(len(lengths))])
	if _, err := io.ReadFull(random, value); err != nil {
		return "", fmt.Errorf("no randomness for a token: %w", err)
	}
	for i, c := range value {
		value[i] = marks[int(c)%len(marks)]
	}
	return string(value) + strings.Repeat("=", int(n>>32%3)), nil
}
