package fault

import (
	"context"
	"strconv"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/mint-conformance/mint/mockplatform/internal/token"
)

// redisTimeout bounds one operation.
const redisTimeout = 2 * time.Second

// RedisTally is a Tally that several processes share: one hash with a field per
// fault and count. Each operation is one script or command.
type RedisTally struct {
	client redis.UniversalClient
	keys   []string
}

// NewRedisTally makes a tally that lies under key; a part of it in braces keeps
// it on one node of a cluster.
func NewRedisTally(client redis.UniversalClient, key string) *RedisTally {
	return &RedisTally{client: client, keys: []string{key}}
}

var _ Tally = (*RedisTally)(nil)

var (
	// tallyBegin takes how many.
	tallyBegin = redis.NewScript(`
local last = redis.call('HINCRBY', KEYS[1], 'last', ARGV[1])
for n = last - ARGV[1] + 1, last do redis.call('HSET', KEYS[1], 'fired fault-' .. string.format('%d', n), 0) end
return last - ARGV[1] + 1`)
	// tallyDraw takes id, nth and count of each fault.
	tallyDraw = redis.NewScript(`
local at, shots = -1, 0
for i = 1, #ARGV, 3 do
  local id = ARGV[i]
  local fired = redis.call('HGET', KEYS[1], 'fired ' .. id)
  if fired and tonumber(fired) < tonumber(ARGV[i + 2]) and redis.call('HEXISTS', KEYS[1], 'open ' .. id) == 0 then
    local seen = redis.call('HINCRBY', KEYS[1], 'seen ' .. id, 1)
    if at < 0 and seen >= tonumber(ARGV[i + 1]) then
      at, shots = (i - 1) / 3, redis.call('HINCRBY', KEYS[1], 'fired ' .. id, 1)
    end
  end
end
return {at, shots}`)
	// tallyArrive takes the id.
	tallyArrive = redis.NewScript(`
if redis.call('HEXISTS', KEYS[1], 'fired ' .. ARGV[1]) == 0 then return 0 end
return redis.call('HINCRBY', KEYS[1], 'came ' .. ARGV[1], 1)`)
	// tallyOpen takes the id and why.
	tallyOpen = redis.NewScript(`
if redis.call('HEXISTS', KEYS[1], 'fired ' .. ARGV[1]) == 0 then return ARGV[2] end
local open = redis.call('HGET', KEYS[1], 'open ' .. ARGV[1])
if open then return open end
local why = string.gsub(ARGV[2], '` + arrivals + `', redis.call('HGET', KEYS[1], 'came ' .. ARGV[1]) or '0')
redis.call('HSET', KEYS[1], 'open ' .. ARGV[1], why)
return why`)
	// tallyEnd takes the id.
	tallyEnd = redis.NewScript(`
redis.call('HDEL', KEYS[1], 'seen ' .. ARGV[1], 'came ' .. ARGV[1], 'open ' .. ARGV[1])
return redis.call('HDEL', KEYS[1], 'fired ' .. ARGV[1])`)
)

// do runs one operation and panics with *token.Unavailable when it fails.
func (t *RedisTally) do(operation func(ctx context.Context) error) {
	ctx, cancel := context.WithTimeout(context.Background(), redisTimeout)
	defer cancel()
	if err := operation(ctx); err != nil {
		panic(&token.Unavailable{Err: err})
	}
}

// Begin implements Tally.
func (t *RedisTally) Begin(n int) (first int) {
	t.do(func(ctx context.Context) (err error) {
		first, err = tallyBegin.Run(ctx, t.client, t.keys, n).Int()
		return err
	})
	return first
}

// Draw implements Tally.
func (t *RedisTally) Draw(matching []Shots) (at, fired int) {
	args := make([]any, 0, 3*len(matching))
	for _, f := range matching {
		args = append(args, f.ID, f.Nth, f.Count)
	}
	t.do(func(ctx context.Context) error {
		drawn, err := tallyDraw.Run(ctx, t.client, t.keys, args...).Int64Slice()
		if err != nil {
			return err
		}
		at, fired = int(drawn[0]), int(drawn[1])
		return nil
	})
	return at, fired
}

// Fired implements Tally.
func (t *RedisTally) Fired(ids []string) []int {
	out := make([]int, len(ids))
	if len(ids) == 0 {
		return out
	}
	fields := make([]string, len(ids))
	for i, id := range ids {
		fields[i] = "fired " + id
	}
	t.do(func(ctx context.Context) error {
		values, err := t.client.HMGet(ctx, t.keys[0], fields...).Result()
		for i, value := range values {
			text, _ := value.(string) // none of a fault that is gone
			out[i], _ = strconv.Atoi(text)
		}
		return err
	})
	return out
}

// Arrive implements Tally.
func (t *RedisTally) Arrive(id string) (came int) {
	t.do(func(ctx context.Context) (err error) {
		came, err = tallyArrive.Run(ctx, t.client, t.keys, id).Int()
		return err
	})
	return came
}

// Open implements Tally.
func (t *RedisTally) Open(id, why string) (reason string) {
	t.do(func(ctx context.Context) (err error) {
		reason, err = tallyOpen.Run(ctx, t.client, t.keys, id, why).Text()
		return err
	})
	return reason
}

// End implements Tally.
func (t *RedisTally) End(id string) (known bool) {
	t.do(func(ctx context.Context) (err error) {
		known, err = tallyEnd.Run(ctx, t.client, t.keys, id).Bool()
		return err
	})
	return known
}
