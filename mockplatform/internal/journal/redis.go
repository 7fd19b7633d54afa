package journal

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/mint-conformance/mint/mockplatform/control"
	"github.com/mint-conformance/mint/mockplatform/internal/token"
)

// redisTimeout bounds one operation, redisBatch is how many exchanges one reads.
const (
	redisTimeout = 2 * time.Second
	redisBatch   = 500
)

// Redis is a Record that several processes share: a list of documents and the
// newest sequence number.
type Redis struct {
	client redis.UniversalClient
	keys   []string
	bound  int
	topic  string // whom to tell of what came, and by which word
	word   string
	added  func() <-chan struct{}
}

// RedisConfig is what a Redis record is made of.
type RedisConfig struct {
	Client redis.UniversalClient
	Key    string // a part of it in braces keeps the record on one node of a cluster
	Bound  int    // how many exchanges are kept
	// Channel and Word are published when something came, and Added is closed
	// when they are heard.
	Channel, Word string
	Added         func() <-chan struct{}
}

// NewRedis makes a record that lies under cfg.Key.
func NewRedis(cfg RedisConfig) *Redis {
	return &Redis{
		client: cfg.Client, keys: []string{cfg.Key, cfg.Key + ":last"}, bound: cfg.Bound,
		topic: cfg.Channel, word: cfg.Word, added: cfg.Added,
	}
}

var _ Record = (*Redis)(nil)

var (
	// recordAppend takes document, bound, channel and word.
	recordAppend = redis.NewScript(`
redis.call('RPUSH', KEYS[1], ARGV[1])
redis.call('LTRIM', KEYS[1], -ARGV[2], -1)
redis.call('PUBLISH', ARGV[3], ARGV[4])
return redis.call('INCR', KEYS[2])`)
	// recordRead takes a sequence number and how many to read after it; it
	// answers the newest number, that of the oldest that is kept, that of the
	// first document, and the documents.
	recordRead = redis.NewScript(`
local last = tonumber(redis.call('GET', KEYS[2]) or '0')
local oldest = last - redis.call('LLEN', KEYS[1]) + 1
local first = math.max(ARGV[1] + 1, oldest)
local out = {tostring(last), tostring(oldest), tostring(first)}
if first > last then return out end
for _, one in ipairs(redis.call('LRANGE', KEYS[1], first - oldest, first - oldest + ARGV[2] - 1)) do out[#out + 1] = one end
return out`)
)

// do runs one operation and panics with *token.Unavailable when it fails.
func (r *Redis) do(operation func(ctx context.Context) error) {
	ctx, cancel := context.WithTimeout(context.Background(), redisTimeout)
	defer cancel()
	if err := operation(ctx); err != nil {
		panic(&token.Unavailable{Err: err})
	}
}

// Append implements Record.
func (r *Redis) Append(e control.Exchange) (seq int64) {
	r.do(func(ctx context.Context) error {
		document, err := json.Marshal(e)
		if err != nil {
			return err
		}
		seq, err = recordAppend.Run(ctx, r.client, r.keys, document, r.bound, r.topic, r.word).Int64()
		return err
	})
	return seq
}

// Read implements Record. Exchanges that come while it reads are not shown.
func (r *Redis) Read(after int64, show func(e *control.Exchange) bool) (last, dropped int64) {
	for first := true; ; first = false {
		var numbers [3]int64
		var documents []string
		r.do(func(ctx context.Context) error {
			found, err := recordRead.Run(ctx, r.client, r.keys, max(after, 0), redisBatch).StringSlice()
			if err != nil {
				return err
			}
			for i := range numbers {
				if numbers[i], err = strconv.ParseInt(found[i], 10, 64); err != nil {
					return err
				}
			}
			documents = found[len(numbers):]
			return nil
		})
		if first {
			last, dropped = numbers[0], numbers[1]-1
		}
		for i, document := range documents {
			after = numbers[2] + int64(i)
			if after > last {
				return last, dropped
			}
			e := control.Exchange{}
			if err := json.Unmarshal([]byte(document), &e); err != nil {
				panic(&token.Unavailable{Err: fmt.Errorf("exchange %d: %w", after, err)})
			}
			if e.Seq = after; !show(&e) {
				return last, dropped
			}
		}
		if len(documents) < redisBatch {
			return last, dropped
		}
	}
}

// Added implements Record.
func (r *Redis) Added() <-chan struct{} { return r.added() }
