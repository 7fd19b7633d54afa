package token

import (
	"cmp"
	"slices"
	"sync"

	"github.com/mint-conformance/mint/mockplatform/internal/oauth"
)

const (
	// sweepFrom is how many families a store keeps before it looks for ended
	// ones to forget, so that short runs can explain everything.
	sweepFrom = 4096
	// maxFamilies bounds a store; beyond it the oldest families are forgotten.
	maxFamilies = 1 << 20
)

// Memory is a Store in this process. One lock makes each operation one step:
// none of them takes longer than a microsecond or two, so that the lock is
// never what a Platform waits for.
type Memory struct{ rules }

// NewMemory makes an empty store.
func NewMemory() *Memory {
	return &Memory{rules{&heap{index: map[key]uint32{}, owners: map[Owner]*estate{}, sweepAt: sweepFrom}}}
}

var _ Store = (*Memory)(nil)

// heap is the shelf of Memory. The index holds no pointers, so that the
// garbage collector passes it over however large it is.
type heap struct {
	mu      sync.RWMutex
	last    int64          // number of the newest family
	index   map[key]uint32 // slot of the family by key of the family, its code, its tokens
	slots   []*family      // nil where free
	free    []uint32
	live    int // slots that are not free
	owners  map[Owner]*estate
	sweepAt int // number of families at which ended ones are forgotten
}

// estate is what families of one owner have in common.
type estate struct {
	slots    []uint32 // in the order of birth
	subjects map[kind]*subject
}

// kind is in what the subjects of one owner differ.
type kind struct {
	grant      oauth.GrantType
	scope      string
	remembered bool
}

// subject shares equal subjects.
func (e *estate) subject(s *subject) *subject {
	k := kind{s.Grant, s.Scope.String(), s.Remembered}
	if known := e.subjects[k]; known != nil {
		return known
	}
	e.subjects[k] = s
	return s
}

func (h *heap) begin(f *family, now instant) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.last++
	f.Number = h.last
	if n := len(h.free); n > 0 {
		f.slot, h.free = h.free[n-1], h.free[:n-1]
		h.slots[f.slot] = f
	} else {
		f.slot = uint32(len(h.slots))
		h.slots = append(h.slots, f)
	}
	h.live++
	who := f.owner()
	e := h.owners[who]
	if e == nil {
		e = &estate{subjects: map[kind]*subject{}}
		h.owners[who] = e
	}
	f.Subject = e.subject(f.Subject)
	e.slots = append(e.slots, f.slot)
	for _, k := range f.keys() {
		h.index[k] = f.slot
	}
	if h.live >= h.sweepAt {
		h.sweepLocked(now)
	}
}

// at finds a family; the lock is held.
func (h *heap) at(k key) *family {
	slot, known := h.index[k]
	if !known {
		return nil
	}
	return h.slots[slot]
}

func (h *heap) look(k key, show func(f *family)) bool {
	h.mu.RLock()
	defer h.mu.RUnlock()
	f := h.at(k)
	if f != nil {
		show(f)
	}
	return f != nil
}

func (h *heap) change(k key, now instant, do func(f *family) bool) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	f := h.at(k)
	if f == nil {
		return false
	}
	before := f.Last
	if do(f) {
		h.changed(f, before, now)
	}
	return true
}

// changed brings the index up to date with a family whose newest token was
// before; the lock is held.
func (h *heap) changed(f *family, before uint32, now instant) {
	for i := len(f.Tokens) - 1; i >= 0 && f.Tokens[i].Serial > before; i-- {
		h.index[f.Tokens[i].key()] = f.slot
	}
	if len(f.Tokens) > maxMembers {
		for _, m := range f.trim(now) {
			delete(h.index, m.key())
		}
	}
}

func (h *heap) changeAll(s Selector, now instant, do func(f *family) (int, bool)) int {
	h.mu.Lock()
	defer h.mu.Unlock()
	total := 0
	for _, f := range h.selected(s) {
		before := f.Last
		count, changed := do(f)
		total += count
		if changed {
			h.changed(f, before, now)
		}
	}
	return total
}

func (h *heap) each(s Selector, show func(f *family) bool) {
	h.mu.RLock()
	defer h.mu.RUnlock()
	if one := h.estates(s); len(one) == 1 {
		for _, slot := range one[0].slots {
			if f := h.slots[slot]; s.picks(f) && !show(f) {
				return
			}
		}
		return
	}
	for _, f := range h.selected(s) {
		if !show(f) {
			return
		}
	}
}

// estates are those that may hold what the selector picks; the lock is held.
func (h *heap) estates(s Selector) []*estate {
	var out []*estate
	for who, e := range h.owners {
		if (s.Client == "" || s.Client == who.ClientID) && (s.Customer == "" || s.Customer == who.Customer) {
			out = append(out, e)
		}
	}
	return out
}

// selected are the families that the selector picks in the order of birth; the
// lock is held.
func (h *heap) selected(s Selector) []*family {
	if s.Family != "" {
		if f := h.at(familyKey(numberOf(s.Family))); f != nil && s.picks(f) {
			return []*family{f}
		}
		return nil
	}
	var out []*family
	for _, e := range h.estates(s) {
		for _, slot := range e.slots {
			out = append(out, h.slots[slot])
		}
	}
	slices.SortFunc(out, func(a, b *family) int { return cmp.Compare(a.Number, b.Number) })
	return out
}

// sweep does nothing while there are few families, since ended ones explain
// refusals.
func (h *heap) sweep(now instant) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.sweepLocked(now)
}

func (h *heap) sweepLocked(now instant) {
	if h.live < sweepFrom {
		return
	}
	drop := 0 // of the oldest, whatever their state
	if h.live >= maxFamilies {
		drop = h.live - maxFamilies*3/4
	}
	all := h.selected(Selector{})
	for i, f := range all {
		if i < drop || f.over(now) && i < len(all)-sweepFrom/2 {
			h.forget(f)
		}
	}
	for who, e := range h.owners {
		e.slots = slices.Clone(slices.DeleteFunc(e.slots, func(slot uint32) bool { return h.slots[slot] == nil }))
		if len(e.slots) == 0 {
			delete(h.owners, who)
		}
	}
	h.sweepAt = max(sweepFrom, min(2*h.live, maxFamilies))
	if 4*h.live < len(h.slots) {
		h.compact()
	}
}

// forget needs the lock; the owner's list is the caller's.
func (h *heap) forget(f *family) {
	for _, k := range f.keys() {
		delete(h.index, k)
	}
	h.slots[f.slot] = nil
	h.free = append(h.free, f.slot)
	h.live--
}

// compact gives back the room of a store that was much larger once: a map
// never shrinks by itself.
func (h *heap) compact() {
	old := h.slots
	h.slots, h.free, h.index = make([]*family, 0, h.live), nil, make(map[key]uint32, 3*h.live)
	for _, e := range h.owners {
		for i, slot := range e.slots {
			f := old[slot]
			f.slot = uint32(len(h.slots))
			e.slots[i] = f.slot
			h.slots = append(h.slots, f)
			for _, k := range f.keys() {
				h.index[k] = f.slot
			}
		}
	}
}
