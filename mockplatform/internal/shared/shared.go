// Package shared keeps what several processes that host the same Platforms
// (replicas) have in common, in one Redis: the token store and a small table
// per Platform through which each replica learns what the others changed.
//
// A Space is such a table: entries of a kind, an id and a document, the last
// writer wins. Whoever changes something writes the entry; the others take it
// over at their next request to the Platform (Sync costs one round trip when
// nothing is new), and at once when they Watch. Taking over is idempotent.
//
// What is remembered for a while (sessions, pushed requests, failures to log
// in), what faults have come to, and the journal are not copied but read where
// they lie: see packages lapse, fault and journal.
//
// What is not shared: hostile Platforms are refused when they are made. A clock
// change waits for the followers of its own replica only. Two changes of the
// same entry at the same instant on two replicas end as the later one; tokens
// and codes are exact (see package token).
//
// Nothing carries a TTL: state outlives the processes until its Platform is
// deleted or the database is emptied.
package shared

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/mint-conformance/mint/mockplatform/internal/application"
	"github.com/mint-conformance/mint/mockplatform/internal/fault"
	"github.com/mint-conformance/mint/mockplatform/internal/journal"
	"github.com/mint-conformance/mint/mockplatform/internal/lapse"
	"github.com/mint-conformance/mint/mockplatform/internal/token"
)

// timeout bounds one operation, and what a request waits for a Redis that does
// not answer.
const timeout = 2 * time.Second

// Backend is one Redis. It is safe for concurrent use.
type Backend struct {
	client *redis.Client
	host   string // for people
	news   *redis.PubSub
	done   sync.WaitGroup

	mu     sync.Mutex
	spaces map[string]*Space
}

// Open connects to redis://HOST:PORT/DB (or rediss, unix) and makes sure that
// it answers. The error is one sentence and never holds a password.
func Open(address string) (*Backend, error) {
	options, err := redis.ParseURL(address)
	if err != nil {
		return nil, errors.New("store: write memory or redis://HOST:PORT/DB")
	}
	// Nothing is tried twice: a script whose answer was lost may have run.
	options.MaxRetries, options.DialerRetries = -1, 1
	options.DialTimeout, options.ReadTimeout, options.WriteTimeout, options.PoolTimeout = timeout, timeout, timeout, timeout
	options.ContextTimeoutEnabled = true
	b := &Backend{client: redis.NewClient(options), host: hostOf(address), spaces: map[string]*Space{}}
	ctx, cancel := context.WithTimeout(context.Background(), timeout)
	defer cancel()
	if err := b.client.Ping(ctx).Err(); err != nil {
		return nil, errors.Join(fmt.Errorf("store: no Redis answers at %s: start one, or use --store memory", hostOf(address)), b.client.Close())
	}
	b.news = b.client.Subscribe(context.Background(), channel, journalChannel)
	b.done.Go(b.watch)
	return b, nil
}

// Away is what people are told while Redis does not answer.
func (b *Backend) Away() string {
	return "store: the Redis at " + b.host + " does not answer: start it again, nothing here needs a restart"
}

// Reachable reports whether Redis answers.
func (b *Backend) Reachable(ctx context.Context) bool {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	return b.client.Ping(ctx).Err() == nil
}

func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return "that address"
	}
	return u.Host
}

// The channels tell which spaces have new entries, and a longer journal.
const (
	channel        = "mint:changed"
	journalChannel = "mint:journal"
)

// watch lets the spaces take over what other replicas wrote. After a lost
// connection it was deaf for a while, so that each space may have missed some.
func (b *Backend) watch() {
	for message := range b.news.ChannelWithSubscriptions() {
		switch m := message.(type) {
		case *redis.Subscription:
			for _, s := range b.all() {
				_ = s.TrySync() // the next request tries again, and answers 503 if it cannot either
				s.journalGrew()
			}
		case *redis.Message:
			b.mu.Lock()
			s := b.spaces[m.Payload]
			b.mu.Unlock()
			switch {
			case s == nil:
			case m.Channel == journalChannel:
				s.journalGrew()
			default:
				_ = s.TrySync() // as above
			}
		}
	}
}

func (b *Backend) all() []*Space {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.Collect(maps.Values(b.spaces))
}

// Close ends the connection.
func (b *Backend) Close() error {
	err := b.news.Close() // by itself: closing the client does not always end a subscription that reconnects
	b.done.Wait()
	return errors.Join(err, b.client.Close())
}

// Space is the table of this name. Spaces of one name are the same one.
func (b *Backend) Space(name string) *Space {
	b.mu.Lock()
	defer b.mu.Unlock()
	s := b.spaces[name]
	if s == nil {
		s = &Space{backend: b, name: name, prefix: "mint:{" + name + "}", handlers: map[string]func(id, document string){}, longer: make(chan struct{})}
		b.spaces[name] = s
	}
	return s
}

// Space is one table. It is safe for concurrent use.
type Space struct {
	backend *Backend
	name    string
	prefix  string

	mu       sync.Mutex // guards what follows; held while entries are taken over
	seen     int64      // revision up to which entries were taken over
	handlers map[string]func(id, document string)

	waiting sync.Mutex    // guards what follows
	longer  chan struct{} // closed and replaced when the journal grows
}

// Tokens is the Platform's token store.
func (s *Space) Tokens() *token.Redis { return token.NewRedis(s.backend.client, s.prefix) }

// Applications are the Platform's registered applications.
func (s *Space) Applications() *application.Redis {
	return application.NewRedis(s.backend.client, s.prefix)
}

// Table is one of the Platform's tables of what is remembered for a while.
func (s *Space) Table(name string, limit int) lapse.Table {
	return lapse.NewRedis(s.backend.client, s.prefix+":"+name, limit)
}

// Faults are what the Platform's plans of faults share, beside what they tell.
func (s *Space) Faults() fault.Tally {
	return fault.NewRedisTally(s.backend.client, s.prefix+":faults")
}

// Journal is the Platform's record of so many exchanges.
func (s *Space) Journal(bound int) journal.Record {
	return journal.NewRedis(journal.RedisConfig{
		Client: s.backend.client, Key: s.prefix + ":journal", Bound: bound, Channel: journalChannel, Word: s.name,
		Added: func() <-chan struct{} {
			s.waiting.Lock()
			defer s.waiting.Unlock()
			return s.longer
		},
	})
}

func (s *Space) journalGrew() {
	s.waiting.Lock()
	defer s.waiting.Unlock()
	close(s.longer)
	s.longer = make(chan struct{})
}

// First keeps a value under a name for good and answers it; whoever comes later
// gets the first one's value.
func (s *Space) First(name string, value []byte) ([]byte, error) {
	ctx, cancel := context.WithTimeout(context.Background(), timeout)
	defer cancel()
	if err := s.backend.client.HSetNX(ctx, s.prefix+":first", name, value).Err(); err != nil {
		return nil, &token.Unavailable{Err: err}
	}
	held, err := s.backend.client.HGet(ctx, s.prefix+":first", name).Bytes()
	if err != nil {
		return nil, &token.Unavailable{Err: err}
	}
	return held, nil
}

// On takes over entries of a kind from now on, those that exist included. An
// empty document says that the entry is gone. The function must not write to
// the space.
func (s *Space) On(kind string, take func(id, document string)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.handlers[kind] = take
	s.seen = 0
}

var (
	// putScript takes the space's name, the kind, "if" or "", the document that
	// the entries must have with "if", and then id and document of each entry.
	// Of entries that are gone it remembers the newest 5,000 at least.
	putScript = redis.NewScript(`
local values, revs, gone = KEYS[1] .. ':values', KEYS[1] .. ':revs', KEYS[1] .. ':gone'
local rev
for i = 5, #ARGV, 2 do
  local field = ARGV[2] .. '\n' .. ARGV[i]
  if ARGV[3] == 'if' and (redis.call('HGET', values, field) or '') ~= ARGV[4] then return 0 end
  rev = redis.call('INCR', KEYS[1] .. ':rev')
  redis.call('HSET', values, field, ARGV[i + 1])
  redis.call('ZADD', revs, rev, field)
  if ARGV[i + 1] == '' then redis.call('ZADD', gone, rev, field) else redis.call('ZREM', gone, field) end
end
if redis.call('ZCARD', gone) > 10000 then
  for _, field in ipairs(redis.call('ZRANGE', gone, 0, 4999)) do
    redis.call('HDEL', values, field)
    redis.call('ZREM', revs, field)
    redis.call('ZREM', gone, field)
  end
end
redis.call('PUBLISH', KEYS[2], ARGV[1])
return rev`)
	sinceScript = redis.NewScript(`
local rev = redis.call('GET', KEYS[1] .. ':rev') or '0'
if rev == ARGV[1] then return {rev} end
local out = {rev}
for _, field in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1] .. ':revs', '(' .. ARGV[1], '+inf')) do
  out[#out + 1] = field
  out[#out + 1] = redis.call('HGET', KEYS[1] .. ':values', field)
end
return out`)
)

// Put writes an entry. It panics with *token.Unavailable when Redis is out of
// reach.
func (s *Space) Put(kind, id, document string) { s.put(kind, "", "", id, document) }

// PutOver is Put, but changes nothing and answers false unless the entry's
// document is before, or "" and there is none.
func (s *Space) PutOver(before, kind, id, document string) bool {
	return s.put(kind, "if", before, id, document)
}

// Tell writes what a plan of faults tells, all at once.
func (s *Space) Tell(kind string, news []fault.News) {
	entries := make([]string, 0, 2*len(news))
	for _, one := range news {
		entries = append(entries, one.Name, one.Document)
	}
	s.put(kind, "", "", entries...)
}

func (s *Space) put(kind, mode, before string, entries ...string) bool {
	ctx, cancel := context.WithTimeout(context.Background(), timeout)
	defer cancel()
	args := []any{s.name, kind, mode, before}
	for _, one := range entries {
		args = append(args, one)
	}
	revision, err := putScript.Run(ctx, s.backend.client, []string{s.prefix, channel}, args...).Int64()
	if err != nil {
		panic(&token.Unavailable{Err: err})
	}
	return revision > 0
}

// Sync takes over what is new. It panics with *token.Unavailable when Redis is
// out of reach.
func (s *Space) Sync() {
	if err := s.TrySync(); err != nil {
		panic(&token.Unavailable{Err: err})
	}
}

// TrySync is Sync with an error.
func (s *Space) TrySync() error {
	ctx, cancel := context.WithTimeout(context.Background(), timeout)
	defer cancel()
	s.mu.Lock()
	defer s.mu.Unlock()
	found, err := sinceScript.Run(ctx, s.backend.client, []string{s.prefix}, s.seen).StringSlice()
	if err != nil {
		return err
	}
	revision, err := strconv.ParseInt(found[0], 10, 64)
	if err != nil {
		return err
	}
	s.seen = revision
	for i := 1; i+1 < len(found); i += 2 {
		s.take(found[i], found[i+1])
	}
	return nil
}

// Forget lets go of the space in this process: nothing is taken over any more.
func (s *Space) Forget() {
	s.backend.mu.Lock()
	defer s.backend.mu.Unlock()
	if s.backend.spaces[s.name] == s { // and not one that was opened since
		delete(s.backend.spaces, s.name)
	}
}

// Drop forgets the space and deletes its state, tokens and all: everything
// below the prefix. Names of spaces hold nothing that a pattern would not take
// as it stands, and the braces are no part of Redis's patterns.
func (s *Space) Drop() error {
	s.Forget()
	ctx, cancel := context.WithTimeout(context.Background(), timeout)
	defer cancel()
	found := s.backend.client.Scan(ctx, 0, s.prefix+":*", 1000).Iterator()
	for found.Next(ctx) {
		if err := s.backend.client.Unlink(ctx, found.Val()).Err(); err != nil {
			return err
		}
	}
	return found.Err()
}

// take hands one entry to its handler; the lock is held. Kinds that nobody
// asked for are left for a later On.
func (s *Space) take(field, document string) {
	kind, id, _ := strings.Cut(field, "\n")
	if handler := s.handlers[kind]; handler != nil {
		handler(id, document)
	}
}
