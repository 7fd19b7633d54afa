package lapse

import (
	"context"
	"errors"
	"math"
	"strconv"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/mint-conformance/mint/mockplatform/internal/token"
)

// redisTimeout bounds one operation, repetitions included.
const redisTimeout = 2 * time.Second

// Redis is a Table that several processes share: one hash of values by name,
// and one sorted set of names by the microsecond in which they end. Values end
// by the Platform's time, so that nothing carries a TTL.
type Redis struct {
	client redis.UniversalClient
	keys   []string
	limit  int
}

// NewRedis makes a table that lies under key; a part of it in braces keeps it
// on one node of a cluster.
func NewRedis(client redis.UniversalClient, key string, limit int) *Redis {
	return &Redis{client: client, keys: []string{key, key + ":ends"}, limit: limit}
}

var _ Table = (*Redis)(nil)

// All scripts take the hash, the sorted set, and now first.
var (
	// tableGet takes the name.
	tableGet = redis.NewScript(live + `
return live(ARGV[2])`)
	// tableChange takes the name, the value read, the next one, when that ends,
	// the limit, and how many go when it is reached.
	tableChange = redis.NewScript(live + forget + `
if live(ARGV[2]) ~= ARGV[3] then return 0 end
if ARGV[4] == '' then
  forget({ARGV[2]})
  return 1
end
if redis.call('HEXISTS', KEYS[1], ARGV[2]) == 0 and redis.call('HLEN', KEYS[1]) >= tonumber(ARGV[6]) then
  forget(redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', ARGV[1]))
  if redis.call('HLEN', KEYS[1]) >= tonumber(ARGV[6]) then
    forget(redis.call('ZRANGE', KEYS[2], 0, ARGV[7] - 1))
  end
end
redis.call('HSET', KEYS[1], ARGV[2], ARGV[4])
redis.call('ZADD', KEYS[2], ARGV[5], ARGV[2])
return 1`)
	tableSweep = redis.NewScript(forget + `
forget(redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', ARGV[1]))
return 1`)
)

const (
	live = `
local function live(name)
  local ends = redis.call('ZSCORE', KEYS[2], name)
  if not ends or tonumber(ends) <= tonumber(ARGV[1]) then return '' end
  return redis.call('HGET', KEYS[1], name) or ''
end`
	forget = `
local function forget(names)
  for _, name in ipairs(names) do
    redis.call('HDEL', KEYS[1], name)
    redis.call('ZREM', KEYS[2], name)
  end
end`
)

// do runs one operation and panics with *token.Unavailable when it fails.
func (r *Redis) do(operation func(ctx context.Context) error) {
	ctx, cancel := context.WithTimeout(context.Background(), redisTimeout)
	defer cancel()
	if err := operation(ctx); err != nil {
		panic(&token.Unavailable{Err: err})
	}
}

// Get implements Table.
func (r *Redis) Get(now time.Time, name string) (value string) {
	r.do(func(ctx context.Context) (err error) {
		value, err = r.get(ctx, now, short(name))
		return err
	})
	return value
}

func (r *Redis) get(ctx context.Context, now time.Time, name string) (string, error) {
	value, err := tableGet.Run(ctx, r.client, r.keys, now.UnixMicro(), name).Text()
	if errors.Is(err, redis.Nil) {
		return "", nil
	}
	return value, err
}

// Change implements Table.
func (r *Redis) Change(now time.Time, name string, do func(string) (string, time.Time)) (before string) {
	name = short(name)
	r.do(func(ctx context.Context) error {
		for {
			var err error
			if before, err = r.get(ctx, now, name); err != nil {
				return err
			}
			value, ends := do(before)
			if value == before && value == "" {
				return nil
			}
			done, err := tableChange.Run(ctx, r.client, r.keys, now.UnixMicro(), name, before, value, score(ends), r.limit, share(r.limit)).Bool()
			if err != nil || done {
				return err
			}
		}
	})
	return before
}

// score is an instant as sorted sets know it. It is rounded up: a value must
// not end before its time.
func score(ends time.Time) string {
	if ends.IsZero() {
		return "+inf"
	}
	return strconv.FormatInt(min(ends.Add(time.Microsecond-1).UnixMicro(), math.MaxInt64), 10)
}

// Sweep implements Table.
func (r *Redis) Sweep(now time.Time) {
	r.do(func(ctx context.Context) error {
		return tableSweep.Run(ctx, r.client, r.keys, now.UnixMicro()).Err()
	})
}
