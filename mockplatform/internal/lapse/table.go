// Package lapse keeps what a Platform remembers for a while: sessions, pushed
// requests, failures to log in. Every value ends at an instant of the
// Platform's time, so that advancing its clock ends it.
package lapse

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"sync"
	"time"
)

// Table keeps values by name. Each method is one atomic step, however many
// callers there are, in whichever process. At most so many values are kept as
// the table was made for; when there are more, those that end soonest go. A
// table that cannot be reached panics with *token.Unavailable.
type Table interface {
	// Get answers the value that has not ended at now, "" without one.
	Get(now time.Time, name string) string
	// Change lets do say what follows on a value ("" for none) and when that
	// ends (zero: never); "" forgets it. do may be called again when somebody
	// else was faster. It answers what do was given last.
	Change(now time.Time, name string, do func(value string) (next string, ends time.Time)) (before string)
	// Sweep forgets what has ended at now.
	Sweep(now time.Time)
}

// Take answers the value and forgets it.
func Take(t Table, now time.Time, name string) string {
	return t.Change(now, name, func(string) (string, time.Time) { return "", time.Time{} })
}

// Put keeps a value in place of an earlier one.
func Put(t Table, now time.Time, name, value string, ends time.Time) {
	t.Change(now, name, func(string) (string, time.Time) { return value, ends })
}

// maxName is the longest name, in bytes, that is kept as it is.
const maxName = 64

// short keeps a name that a client chose from filling the memory. Names that
// are as long as a hash in hexadecimal are hashed as well, so that no name
// stands for another.
func short(name string) string {
	if len(name) < maxName {
		return name
	}
	sum := sha256.Sum256([]byte(name))
	return hex.EncodeToString(sum[:])
}

// Memory is a Table of one process.
type Memory struct {
	limit int

	mu     sync.Mutex
	values map[string]entry
}

type entry struct {
	value string
	ends  time.Time // zero: never
}

func (e entry) over(now time.Time) bool { return !e.ends.IsZero() && !now.Before(e.ends) }

// NewMemory makes an empty table for limit values.
func NewMemory(limit int) *Memory { return &Memory{limit: limit, values: map[string]entry{}} }

var _ Table = (*Memory)(nil)

// Get implements Table.
func (m *Memory) Get(now time.Time, name string) string {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.get(now, short(name))
}

func (m *Memory) get(now time.Time, name string) string {
	if e := m.values[name]; !e.over(now) {
		return e.value
	}
	return ""
}

// Change implements Table.
func (m *Memory) Change(now time.Time, name string, do func(string) (string, time.Time)) (before string) {
	name = short(name)
	m.mu.Lock()
	defer m.mu.Unlock()
	before = m.get(now, name)
	value, ends := do(before)
	if value == "" {
		delete(m.values, name)
		return before
	}
	if _, known := m.values[name]; !known && len(m.values) >= m.limit {
		m.makeRoom(now)
	}
	m.values[name] = entry{value, ends}
	return before
}

// Sweep implements Table.
func (m *Memory) Sweep(now time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.sweep(now)
}

func (m *Memory) sweep(now time.Time) {
	for name, e := range m.values {
		if e.over(now) {
			delete(m.values, name)
		}
	}
}

// makeRoom forgets what has ended or, where nothing has, the quarter that ends
// soonest.
func (m *Memory) makeRoom(now time.Time) {
	m.sweep(now)
	if len(m.values) < m.limit {
		return
	}
	names := make([]string, 0, len(m.values))
	for name := range m.values {
		names = append(names, name)
	}
	slices.SortFunc(names, func(a, b string) int {
		one, other := m.values[a].ends, m.values[b].ends
		switch {
		case one.IsZero() != other.IsZero():
			if one.IsZero() {
				return 1
			}
			return -1
		default:
			return cmp.Or(one.Compare(other), cmp.Compare(a, b))
		}
	})
	for _, name := range names[:share(m.limit)] {
		delete(m.values, name)
	}
}

// share is how many go at a time.
func share(limit int) int { return max(1, limit/4) }
