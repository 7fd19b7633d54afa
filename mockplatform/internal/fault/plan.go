package fault

import (
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/mint-conformance/mint/mockplatform/control"
)

// MaxFaults bounds how many faults one plan holds.
const MaxFaults = 1000

// ErrTooMany answers an Arm beyond MaxFaults.
var ErrTooMany = errors.New("too many faults are armed: disarm some first")

// Plan is the list of a Platform's faults, in the order they were armed. It is
// safe for concurrent use.
type Plan struct {
	timer Timer

	mu     sync.Mutex
	last   int // number of the newest id
	faults []*armed
	// lags has the access tokens that the API does not know yet, by their
	// fingerprints; lagging names them, the oldest first, and some that are
	// known by now.
	lags    map[string]*lag
	lagging []string
}

// armed is a fault with what its matching needs.
type armed struct {
	control.Fault
	minAge, maxAge time.Duration // maxAge < 0: none
	seen           int           // requests that matched
	barrier        *barrier      // nil for other kinds
}

// NewPlan makes an empty plan. timer waits out real time; nil means that of
// the machine.
func NewPlan(timer Timer) *Plan {
	if timer == nil {
		timer = machineTimer
	}
	return &Plan{timer: timer, lags: map[string]*lag{}}
}

// Arm validates the faults, gives each an id and adds them, all or none. check
// may object to more than their form, for example to names that do not exist;
// nil objects to nothing. The error is Errors or ErrTooMany.
func (p *Plan) Arm(check func(control.Fault) []*FieldError, faults ...control.Fault) ([]control.Fault, error) {
	if err := validateAll(check, faults); err != nil {
		return nil, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.faults)+len(faults) > MaxFaults {
		return nil, ErrTooMany
	}
	out := make([]control.Fault, 0, len(faults))
	for _, f := range faults {
		p.last++
		a := &armed{Fault: copyOf(f), minAge: span(f.Match.MinAge), maxAge: -1}
		a.ID, a.Fired = "fault-"+strconv.Itoa(p.last), 0
		if f.Match.MaxAge != "" {
			a.maxAge = span(f.Match.MaxAge)
		}
		if f.Action.Kind == KindBarrier {
			a.barrier = newBarrier(f.Count)
		}
		p.faults = append(p.faults, a)
		out = append(out, copyOf(a.Fault))
	}
	return out, nil
}

// Fire finds the first armed fault that matches r and has shots left, counts
// one shot and answers it. Concurrent calls never fire more than Count times.
// It does not wait: see Hold.
func (p *Plan) Fire(r Request) (control.Fault, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	var fires *armed
	for _, f := range p.faults {
		if f.Fired >= f.Count || f.spent() || !f.matches(r) {
			continue
		}
		f.seen++
		if fires == nil && f.seen >= f.Match.Nth {
			fires = f
		}
	}
	if fires == nil {
		return control.Fault{}, false
	}
	fires.Fired++
	return copyOf(fires.Fault), true
}

// spent reports whether the fault lets everything pass now although it has
// shots left, as a barrier does that gave up.
func (f *armed) spent() bool { return f.barrier != nil && f.barrier.open }

func (f *armed) matches(r Request) bool {
	m := f.Match
	aged := m.MinAge == "" && m.MaxAge == "" ||
		r.Aged && r.Age >= f.minAge && (f.maxAge < 0 || r.Age <= f.maxAge)
	return aged && m.Endpoint == r.Endpoint &&
		(m.GrantType == "" || m.GrantType == r.GrantType) &&
		(m.Client == "" || m.Client == r.Client) &&
		(m.Customer == "" || m.Customer == r.Customer) &&
		(m.Family == "" || m.Family == r.Family) &&
		(m.Method == "" || m.Method == r.Method)
}

// List answers all faults, spent ones included, in the order they were armed.
func (p *Plan) List() []control.Fault {
	p.mu.Lock()
	defer p.mu.Unlock()
	out := make([]control.Fault, 0, len(p.faults))
	for _, f := range p.faults {
		out = append(out, copyOf(f.Fault))
	}
	return out
}

// Disarm removes a fault and reports whether it was known. Requests that a
// barrier holds go on.
func (p *Plan) Disarm(id string) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	at := slices.IndexFunc(p.faults, func(f *armed) bool { return f.ID == id })
	if at < 0 {
		return false
	}
	if b := p.faults[at].barrier; b != nil {
		b.giveUp("the barrier was disarmed")
	}
	p.faults = slices.Delete(p.faults, at, at+1)
	return true
}

func copyOf(f control.Fault) control.Fault {
	f.Action.Headers = maps.Clone(f.Action.Headers)
	f.Action.Drop = slices.Clone(f.Action.Drop)
	if f.Action.Set != nil {
		set := make(map[string]json.RawMessage, len(f.Action.Set))
		for name, value := range f.Action.Set {
			set[name] = slices.Clone(value)
		}
		f.Action.Set = set
	}
	return f
}
