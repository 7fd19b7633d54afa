package application

import "sync"

// Shelf keeps the applications of one Platform. Each method is one atomic step,
// however many callers there are; what it answers are copies. A shelf that
// cannot be reached panics with *token.Unavailable, as a token.Store does.
type Shelf interface {
	// Seed puts those on the shelf that nobody has put there before.
	Seed(all []Application)
	// Get finds an application by client_id.
	Get(id string) (Application, bool)
	// All answers every application, in any order.
	All() []Application
	// Add takes in a new application unless limit or more are there.
	Add(a Application, limit int) bool
	// Change lets do change an application. do may be called again when
	// somebody else was faster.
	Change(id string, do func(*Application)) (Application, bool)
	// Remove forgets an application and reports whether it was there.
	Remove(id string) bool
}

// Memory is a Shelf of one process.
type Memory struct {
	mu   sync.RWMutex
	byID map[string]Application
}

// NewMemory makes an empty shelf.
func NewMemory() *Memory { return &Memory{byID: make(map[string]Application)} }

var _ Shelf = (*Memory)(nil)

// Seed implements Shelf.
func (m *Memory) Seed(all []Application) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, a := range all {
		if _, there := m.byID[a.ID]; !there {
			m.byID[a.ID] = a.clone()
		}
	}
}

// Get implements Shelf.
func (m *Memory) Get(id string) (Application, bool) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	a, known := m.byID[id]
	return a.clone(), known
}

// All implements Shelf.
func (m *Memory) All() []Application {
	m.mu.RLock()
	defer m.mu.RUnlock()
	out := make([]Application, 0, len(m.byID))
	for _, a := range m.byID {
		out = append(out, a.clone())
	}
	return out
}

// Add implements Shelf.
func (m *Memory) Add(a Application, limit int) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.byID) >= limit {
		return false
	}
	m.byID[a.ID] = a.clone()
	return true
}

// Change implements Shelf.
func (m *Memory) Change(id string, do func(*Application)) (Application, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	a, known := m.byID[id]
	if !known {
		return Application{}, false
	}
	a = a.clone()
	do(&a)
	m.byID[id] = a
	return a.clone(), true
}

// Remove implements Shelf.
func (m *Memory) Remove(id string) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	_, known := m.byID[id]
	delete(m.byID, id)
	return known
}
