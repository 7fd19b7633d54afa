package fault

import (
	"strconv"
	"strings"
	"sync"
)

// Tally counts for the faults of one Platform. Each method is one atomic step,
// however many processes share the tally. One that cannot be reached panics
// with *token.Unavailable.
type Tally interface {
	// Begin opens counts for n faults and answers the number of the first, 1
	// or more; the next ones follow.
	Begin(n int) (first int)
	// Draw counts one request for each of these faults that has shots left and
	// whose barrier is not open. It takes a shot of the first that counted Nth
	// requests and answers its place and how often it fired, or -1.
	Draw(matching []Shots) (at, fired int)
	// Fired is how often each fault fired.
	Fired(ids []string) []int
	// Arrive counts one request at the fault's barrier.
	Arrive(id string) (came int)
	// Open opens the fault's barrier, and answers why it is open: the first
	// reason stays. "{came}" in a reason becomes how many arrived.
	Open(id, why string) string
	// End forgets a fault and reports whether it was known.
	End(id string) bool
}

// Shots are what a tally needs to know of a fault.
type Shots struct {
	ID    string
	Nth   int // leaves the first Nth-1 requests alone
	Count int // shots in all
}

// idOf names the fault of a number, numberOf is its reverse.
func idOf(number int) string { return "fault-" + strconv.Itoa(number) }

func numberOf(id string) int {
	n, _ := strconv.Atoi(strings.TrimPrefix(id, "fault-"))
	return n
}

// arrivals stands for how many arrived in the reason of an open barrier.
const arrivals = "{came}"

// counts is the Tally of one process.
type counts struct {
	mu   sync.Mutex
	last int // number of the newest fault
	byID map[string]*count
}

type count struct {
	seen, fired, came int
	open              string // why; "" while the barrier is closed
}

func newCounts() *counts { return &counts{byID: map[string]*count{}} }

var _ Tally = (*counts)(nil)

// Begin implements Tally.
func (t *counts) Begin(n int) int {
	t.mu.Lock()
	defer t.mu.Unlock()
	first := t.last + 1
	for ; n > 0; n-- {
		t.last++
		t.byID[idOf(t.last)] = &count{}
	}
	return first
}

// Draw implements Tally.
func (t *counts) Draw(matching []Shots) (at, fired int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	at = -1
	for i, f := range matching {
		c := t.byID[f.ID]
		if c == nil || c.fired >= f.Count || c.open != "" {
			continue
		}
		c.seen++
		if at < 0 && c.seen >= f.Nth {
			c.fired++
			at, fired = i, c.fired
		}
	}
	return at, fired
}

// Fired implements Tally.
func (t *counts) Fired(ids []string) []int {
	t.mu.Lock()
	defer t.mu.Unlock()
	out := make([]int, len(ids))
	for i, id := range ids {
		if c := t.byID[id]; c != nil {
			out[i] = c.fired
		}
	}
	return out
}

// Arrive implements Tally.
func (t *counts) Arrive(id string) int {
	t.mu.Lock()
	defer t.mu.Unlock()
	c := t.byID[id]
	if c == nil {
		return 0
	}
	c.came++
	return c.came
}

// Open implements Tally.
func (t *counts) Open(id, why string) string {
	t.mu.Lock()
	defer t.mu.Unlock()
	c := t.byID[id]
	if c == nil {
		return why
	}
	if c.open == "" {
		c.open = strings.ReplaceAll(why, arrivals, strconv.Itoa(c.came))
	}
	return c.open
}

// End implements Tally.
func (t *counts) End(id string) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	_, known := t.byID[id]
	delete(t.byID, id)
	return known
}
