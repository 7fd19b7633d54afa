package lapse

import (
	"sync"
	"time"
)

// Tables are the tables of one Platform. They are safe for concurrent use.
type Tables struct {
	open func(name string, limit int) Table

	mu   sync.Mutex
	made map[string]Table
}

// NewTables makes tables with open, or in memory if it is nil.
func NewTables(open func(name string, limit int) Table) *Tables {
	if open == nil {
		open = func(_ string, limit int) Table { return NewMemory(limit) }
	}
	return &Tables{open: open, made: map[string]Table{}}
}

// Open answers the table of this name, for at most limit values.
func (t *Tables) Open(name string, limit int) Table {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.made[name] == nil {
		t.made[name] = t.open(name, limit)
	}
	return t.made[name]
}

// Sweep forgets what has ended at now.
func (t *Tables) Sweep(now time.Time) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, one := range t.made {
		one.Sweep(now)
	}
}
