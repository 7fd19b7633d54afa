package token

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"slices"
	"strconv"
	"time"

	"github.com/redis/go-redis/v9"
)

// redisTimeout bounds one operation, repetitions included.
const redisTimeout = 4 * time.Second

// Redis is a Store that several processes share. A family lies in one hash
// (version and document); keys of its tokens lead to it. An operation reads
// the family, applies the same transition as the memory store, and writes it
// back by one script if nobody else did in between; else it starts again. So
// exactly one of many callers wins, whichever process they are in.
//
// Tokens expire by the Platform's time, not by Redis's: nothing carries a TTL,
// and Sweep deletes what is over. State outlives the processes.
type Redis struct{ rules }

// NewRedis makes a store whose keys begin with prefix; a prefix in braces
// keeps it on one node of a cluster.
func NewRedis(client redis.UniversalClient, prefix string) *Redis {
	return &Redis{rules{&remote{client: client, prefix: prefix + ":token:"}}}
}

var _ Store = (*Redis)(nil)

// remote is the shelf of Redis. Below the prefix:
//
//	last        number of the newest family
//	f:NUMBER    hash {v: version, d: document}
//	k:KEY       number of the family that KEY belongs to
//	all         sorted set of all numbers
//	owners      set of owner keys
//	o:OWNER     sorted set of an owner's numbers
type remote struct {
	client redis.UniversalClient
	prefix string
}

// Scripts name all their keys by the prefix in KEYS[1].
var (
	beginScript = redis.NewScript(`
redis.call('HSET', KEYS[1] .. 'f:' .. ARGV[1], 'v', 1, 'd', ARGV[2])
redis.call('ZADD', KEYS[1] .. 'all', ARGV[1], ARGV[1])
redis.call('SADD', KEYS[1] .. 'owners', ARGV[3])
redis.call('ZADD', KEYS[1] .. 'o:' .. ARGV[3], ARGV[1], ARGV[1])
for i = 4, #ARGV do redis.call('SET', KEYS[1] .. 'k:' .. ARGV[i], ARGV[1]) end
return redis.call('ZCARD', KEYS[1] .. 'all')`)
	lookScript = redis.NewScript(`
local n = redis.call('GET', KEYS[1] .. 'k:' .. ARGV[1])
if not n then return false end
local f = redis.call('HMGET', KEYS[1] .. 'f:' .. n, 'v', 'd')
if not f[1] then return false end
return {f[1], f[2]}`)
	// writeScript takes number, version read, new document ('' deletes), owner,
	// how many keys to add, those keys, and then keys to remove.
	writeScript = redis.NewScript(`
local f = KEYS[1] .. 'f:' .. ARGV[1]
if redis.call('HGET', f, 'v') ~= ARGV[2] then return 0 end
if ARGV[3] == '' then
  redis.call('DEL', f)
  redis.call('ZREM', KEYS[1] .. 'all', ARGV[1])
  redis.call('ZREM', KEYS[1] .. 'o:' .. ARGV[4], ARGV[1])
else
  redis.call('HSET', f, 'v', ARGV[2] + 1, 'd', ARGV[3])
end
local added = 5 + tonumber(ARGV[5])
for i = 6, added do redis.call('SET', KEYS[1] .. 'k:' .. ARGV[i], ARGV[1]) end
for i = added + 1, #ARGV do redis.call('DEL', KEYS[1] .. 'k:' .. ARGV[i]) end
return 1`)
)

// do runs one operation and panics with *Unavailable when it fails.
func (r *remote) do(operation func(ctx context.Context) error) {
	ctx, cancel := context.WithTimeout(context.Background(), redisTimeout)
	defer cancel()
	if err := operation(ctx); err != nil {
		panic(&Unavailable{err})
	}
}

func (k key) text() string { return hex.EncodeToString(k[:]) }

// ownerText is the owner's key; neither part can hold a line feed.
func ownerText(client, customer string) string { return client + "\n" + customer }

func (r *remote) begin(f *family, now instant) {
	r.do(func(ctx context.Context) error {
		var err error
		if f.Number, err = r.client.Incr(ctx, r.prefix+"last").Result(); err != nil {
			return err
		}
		document, err := json.Marshal(f)
		if err != nil {
			return err
		}
		args := []any{f.Number, document, ownerText(f.Subject.Client, f.Subject.Customer)}
		for _, k := range f.keys() {
			args = append(args, k.text())
		}
		count, err := beginScript.Run(ctx, r.client, []string{r.prefix}, args...).Int()
		if err == nil && count >= sweepFrom && count%(sweepFrom/2) == 0 {
			r.sweep(now)
		}
		return err
	})
}

// held is a family as it was read.
type heldFamily struct {
	*family
	version string
}

// read answers nil when there is no family under the key.
func (r *remote) read(ctx context.Context, k key) (*heldFamily, error) {
	found, err := lookScript.Run(ctx, r.client, []string{r.prefix}, k.text()).StringSlice()
	if errors.Is(err, redis.Nil) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return decodeFamily(found[0], found[1])
}

func decodeFamily(version, document string) (*heldFamily, error) {
	h := &heldFamily{family: &family{}, version: version}
	return h, json.Unmarshal([]byte(document), h.family)
}

// write answers false when somebody else was faster.
func (r *remote) write(ctx context.Context, h *heldFamily, added, removed []key) (bool, error) {
	document, err := json.Marshal(h.family)
	if err != nil {
		return false, err
	}
	return r.run(ctx, h, string(document), added, removed)
}

func (r *remote) run(ctx context.Context, h *heldFamily, document string, added, removed []key) (bool, error) {
	args := []any{h.Number, h.version, document, ownerText(h.Subject.Client, h.Subject.Customer), len(added)}
	for _, k := range slices.Concat(added, removed) {
		args = append(args, k.text())
	}
	return writeScript.Run(ctx, r.client, []string{r.prefix}, args...).Bool()
}

func (r *remote) look(k key, show func(f *family)) (known bool) {
	r.do(func(ctx context.Context) error {
		h, err := r.read(ctx, k)
		if err == nil && h != nil {
			known = true
			show(h.family)
		}
		return err
	})
	return known
}

func (r *remote) change(k key, now instant, do func(f *family) bool) (known bool) {
	r.do(func(ctx context.Context) error {
		for {
			h, err := r.read(ctx, k)
			if known = err == nil && h != nil; !known {
				return err
			}
			before := h.Last
			if !do(h.family) {
				return nil
			}
			var added, removed []key
			for i := range h.Tokens {
				if h.Tokens[i].Serial > before {
					added = append(added, h.Tokens[i].key())
				}
			}
			if len(h.Tokens) > maxMembers {
				for _, m := range h.trim(now) {
					removed = append(removed, m.key())
				}
			}
			if done, err := r.write(ctx, h, added, removed); done || err != nil {
				return err
			}
		}
	})
	return known
}

func (r *remote) changeAll(s Selector, now instant, do func(f *family) (int, bool)) (total int) {
	for _, number := range r.numbers(s) {
		count := 0
		known := r.change(familyKey(number), now, func(f *family) (changed bool) {
			if count = 0; s.picks(f) {
				count, changed = do(f)
			}
			return changed
		})
		if known {
			total += count
		}
	}
	return total
}

// numbers are those of families that the selector may pick, in the order of
// birth.
func (r *remote) numbers(s Selector) (out []int64) {
	if s.Family != "" {
		return []int64{numberOf(s.Family)}
	}
	r.do(func(ctx context.Context) error {
		keys := []string{r.prefix + "all"}
		if s.Client != "" && s.Customer != "" {
			keys[0] = r.prefix + "o:" + ownerText(s.Client, s.Customer)
		} else if s.Client != "" || s.Customer != "" {
			owners, err := r.client.SMembers(ctx, r.prefix+"owners").Result()
			if err != nil {
				return err
			}
			keys = r.ownersOf(s, owners)
		}
		for _, k := range keys {
			members, err := r.client.ZRange(ctx, k, 0, -1).Result()
			if err != nil {
				return err
			}
			for _, text := range members {
				n, err := strconv.ParseInt(text, 10, 64)
				if err != nil {
					return err
				}
				out = append(out, n)
			}
		}
		return nil
	})
	slices.Sort(out)
	return out
}
