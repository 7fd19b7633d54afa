package application

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/mint-conformance/mint/mockplatform/internal/token"
)

// redisTimeout bounds one operation, repetitions included.
const redisTimeout = 4 * time.Second

// Redis is a Shelf that several processes share: one hash of documents by
// client_id. A change is written only if nobody else wrote in between; else it
// starts again. What stands there outlives the processes.
type Redis struct {
	client redis.UniversalClient
	key    string
}

// NewRedis makes a shelf whose key begins with prefix; a prefix in braces keeps
// it on one node of a cluster.
func NewRedis(client redis.UniversalClient, prefix string) *Redis {
	return &Redis{client: client, key: prefix + ":applications"}
}

var _ Shelf = (*Redis)(nil)

var (
	// addScript takes id, document and limit.
	addScript = redis.NewScript(`
if redis.call('HLEN', KEYS[1]) >= tonumber(ARGV[3]) then return 0 end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
return 1`)
	// changeScript takes id, the document read and the new one.
	changeScript = redis.NewScript(`
if redis.call('HGET', KEYS[1], ARGV[1]) ~= ARGV[2] then return 0 end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[3])
return 1`)
)

// do runs one operation and panics with *token.Unavailable when it fails.
func (r *Redis) do(operation func(ctx context.Context) error) {
	ctx, cancel := context.WithTimeout(context.Background(), redisTimeout)
	defer cancel()
	if err := operation(ctx); err != nil {
		panic(&token.Unavailable{Err: err})
	}
}

// Seed implements Shelf.
func (r *Redis) Seed(all []Application) {
	r.do(func(ctx context.Context) error {
		_, err := r.client.Pipelined(ctx, func(p redis.Pipeliner) error {
			for _, a := range all {
				document, err := json.Marshal(a) //nolint:gosec // test secrets, shared by the replicas of one Platform
				if err != nil {
					return err
				}
				p.HSetNX(ctx, r.key, a.ID, document)
			}
			return nil
		})
		return err
	})
}

// read answers the document too; it is "" where there is none.
func (r *Redis) read(ctx context.Context, id string) (a Application, document string, err error) {
	document, err = r.client.HGet(ctx, r.key, id).Result()
	if errors.Is(err, redis.Nil) {
		return a, "", nil
	}
	if err != nil {
		return a, "", err
	}
	return a, document, json.Unmarshal([]byte(document), &a)
}

// Get implements Shelf.
func (r *Redis) Get(id string) (a Application, known bool) {
	r.do(func(ctx context.Context) error {
		found, document, err := r.read(ctx, id)
		a, known = found, document != ""
		return err
	})
	return a, known
}

// All implements Shelf.
func (r *Redis) All() (out []Application) {
	r.do(func(ctx context.Context) error {
		documents, err := r.client.HVals(ctx, r.key).Result()
		for _, document := range documents {
			var a Application
			if err := json.Unmarshal([]byte(document), &a); err != nil {
				return err
			}
			out = append(out, a)
		}
		return err
	})
	return out
}

// Add implements Shelf.
func (r *Redis) Add(a Application, limit int) (added bool) {
	r.do(func(ctx context.Context) error {
		document, err := json.Marshal(a) //nolint:gosec // test secrets, shared by the replicas of one Platform
		if err != nil {
			return err
		}
		added, err = addScript.Run(ctx, r.client, []string{r.key}, a.ID, document, limit).Bool()
		return err
	})
	return added
}

// Change implements Shelf.
func (r *Redis) Change(id string, do func(*Application)) (a Application, known bool) {
	r.do(func(ctx context.Context) error {
		for {
			found, before, err := r.read(ctx, id)
			if err != nil || before == "" {
				return err
			}
			do(&found)
			after, err := json.Marshal(found) //nolint:gosec // test secrets, shared by the replicas of one Platform
			if err != nil {
				return err
			}
			done, err := changeScript.Run(ctx, r.client, []string{r.key}, id, before, after).Bool()
			if err != nil || done {
				a, known = found, done
				return err
			}
		}
	})
	return a, known
}

// Remove implements Shelf.
func (r *Redis) Remove(id string) (known bool) {
	r.do(func(ctx context.Context) error {
		removed, err := r.client.HDel(ctx, r.key, id).Result()
		known = removed > 0
		return err
	})
	return known
}
