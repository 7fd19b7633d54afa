package fault

import (
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/mint-conformance/mint/mockplatform/control"
	"github.com/mint-conformance/mint/mockplatform/internal/lapse"
)

// MaxFaults bounds how many faults one plan holds.
const MaxFaults = 1000

// ErrTooMany answers an Arm beyond MaxFaults.
var ErrTooMany = errors.New("too many faults are armed: disarm some first")

// Plan is the list of a Platform's faults, in the order they were armed. It is
// safe for concurrent use.
type Plan struct {
	timer Timer
	tally Tally
	lags  lapse.Table // access tokens that the API does not know yet, by their fingerprints
	tell  func([]News)

	mu     sync.Mutex
	faults []*armed
}

// armed is a fault with what its matching needs. What it has come to stands in
// the tally.
type armed struct {
	control.Fault
	minAge, maxAge time.Duration // maxAge < 0: none
	barrier        *barrier      // nil for other kinds
}

func newArmed(f control.Fault) *armed {
	a := &armed{Fault: f, minAge: span(f.Match.MinAge), maxAge: -1}
	if f.Match.MaxAge != "" {
		a.maxAge = span(f.Match.MaxAge)
	}
	if f.Action.Kind == KindBarrier {
		a.barrier = newBarrier()
	}
	return a
}

// NewPlan makes an empty plan. timer waits out real time; nil means that of
// the machine.
func NewPlan(timer Timer) *Plan {
	if timer == nil {
		timer = machineTimer
	}
	return &Plan{timer: timer, tally: newCounts(), lags: lapse.NewMemory(MaxLags), tell: func([]News) {}}
}

// Arm validates the faults, gives each an id and adds them, all or none. check
// may object to more than their form, for example to names that do not exist;
// nil objects to nothing. The error is Errors or ErrTooMany.
func (p *Plan) Arm(check func(control.Fault) []*FieldError, faults ...control.Fault) ([]control.Fault, error) {
	if err := validateAll(check, faults); err != nil {
		return nil, err
	}
	if !p.room(len(faults)) {
		return nil, ErrTooMany
	}
	first := p.tally.Begin(len(faults))
	out := make([]control.Fault, 0, len(faults))
	news := make([]News, 0, len(faults))
	for i, f := range faults {
		f = copyOf(f)
		f.ID, f.Fired = idOf(first+i), 0
		one, err := newsOf(f)
		if err != nil {
			return nil, err
		}
		out, news = append(out, f), append(news, one)
	}
	p.tell(news)
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, f := range out {
		p.insert(copyOf(f))
	}
	return out, nil
}

// insert puts a fault in its place, unless it is there. The lock is held.
func (p *Plan) insert(f control.Fault) {
	if at, known := p.find(f.ID); !known {
		p.faults = slices.Insert(p.faults, at, newArmed(f))
	}
}

func (p *Plan) room(n int) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.faults)+n <= MaxFaults
}

// Fire finds the first armed fault that matches r and has shots left, counts
// one shot and answers it. Concurrent calls never fire more than Count times,
// in whichever process. It does not wait: see Hold.
func (p *Plan) Fire(r Request) (control.Fault, bool) {
	found, shots := p.matching(r)
	if len(found) == 0 {
		return control.Fault{}, false
	}
	at, fired := p.tally.Draw(shots)
	if at < 0 {
		return control.Fault{}, false
	}
	f := copyOf(found[at].Fault)
	f.Fired = fired
	return f, true
}

func (p *Plan) matching(r Request) (found []*armed, shots []Shots) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, f := range p.faults {
		if f.matches(r) {
			found, shots = append(found, f), append(shots, Shots{f.ID, f.Match.Nth, f.Count})
		}
	}
	return found, shots
}

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
	out := make([]control.Fault, 0, len(p.faults))
	ids := make([]string, 0, len(p.faults))
	for _, f := range p.faults {
		out, ids = append(out, copyOf(f.Fault)), append(ids, f.ID)
	}
	p.mu.Unlock()
	for i, fired := range p.tally.Fired(ids) {
		out[i].Fired = fired
	}
	return out
}

// Disarm removes a fault and reports whether it was known. Requests that a
// barrier holds go on.
func (p *Plan) Disarm(id string) bool {
	f := p.lookup(id)
	if f == nil {
		return false
	}
	news := []News{{id, ""}}
	if f.barrier != nil {
		why := p.tally.Open(id, f.gaveUp("the barrier was disarmed"))
		news = []News{{opened + id, why}, {id, ""}}
	}
	known := p.tally.End(id)
	p.tell(news)
	for _, one := range news {
		p.Adopt(one.Name, one.Document)
	}
	return known
}

func (p *Plan) lookup(id string) *armed {
	p.mu.Lock()
	defer p.mu.Unlock()
	if at, known := p.find(id); known && p.faults[at].ID == id {
		return p.faults[at]
	}
	return nil
}

func copyOf(f control.Fault) control.Fault {
	f.Action = copyAction(f.Action)
	f.Also = slices.Clone(f.Also)
	for i := range f.Also {
		f.Also[i] = copyAction(f.Also[i])
	}
	return f
}

func copyAction(a control.FaultAction) control.FaultAction {
	a.Headers = maps.Clone(a.Headers)
	a.Drop = slices.Clone(a.Drop)
	if a.Set != nil {
		set := make(map[string]json.RawMessage, len(a.Set))
		for name, value := range a.Set {
			set[name] = slices.Clone(value)
		}
		a.Set = set
	}
	return a
}
