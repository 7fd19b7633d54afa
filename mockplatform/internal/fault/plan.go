package fault

import (
	"errors"
	"maps"
	"slices"
	"strconv"
	"sync"

	"github.com/mint-conformance/mint/mockplatform/control"
)

// MaxFaults bounds how many faults one plan holds.
const MaxFaults = 1000

// ErrTooMany answers an Arm beyond MaxFaults.
var ErrTooMany = errors.New("too many faults are armed: disarm some first")

// Plan is the list of a Platform's faults, in the order they were armed. It is
// safe for concurrent use.
type Plan struct {
	mu     sync.Mutex
	last   int // number of the newest id
	faults []*control.Fault
}

// NewPlan makes an empty plan.
func NewPlan() *Plan { return &Plan{} }

// Arm validates f, gives it an id and adds it. The error is a *FieldError or
// ErrTooMany.
func (p *Plan) Arm(f control.Fault) (control.Fault, error) {
	if err := validate(f); err != nil {
		return control.Fault{}, err
	}
	f = copyOf(&f)
	f.Fired = 0
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.faults) >= MaxFaults {
		return control.Fault{}, ErrTooMany
	}
	p.last++
	f.ID = "fault-" + strconv.Itoa(p.last)
	p.faults = append(p.faults, &f)
	return copyOf(&f), nil
}

// Fire finds the first armed fault that matches r and has shots left, counts
// one shot and answers it. Concurrent calls never fire more than Count times.
func (p *Plan) Fire(r Request) (control.Fault, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, f := range p.faults {
		if f.Fired < f.Count && matches(f.Match, r) {
			f.Fired++
			return copyOf(f), true
		}
	}
	return control.Fault{}, false
}

func matches(m control.FaultMatch, r Request) bool {
	return m.Endpoint == r.Endpoint &&
		(m.GrantType == "" || m.GrantType == r.GrantType) &&
		(m.Client == "" || m.Client == r.Client) &&
		(m.Customer == "" || m.Customer == r.Customer) &&
		(m.Method == "" || m.Method == r.Method)
}

// List answers all faults, spent ones included, in the order they were armed.
func (p *Plan) List() []control.Fault {
	p.mu.Lock()
	defer p.mu.Unlock()
	out := make([]control.Fault, 0, len(p.faults))
	for _, f := range p.faults {
		out = append(out, copyOf(f))
	}
	return out
}

// Disarm removes a fault and reports whether it was known.
func (p *Plan) Disarm(id string) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	before := len(p.faults)
	p.faults = slices.DeleteFunc(p.faults, func(f *control.Fault) bool { return f.ID == id })
	return len(p.faults) < before
}

func copyOf(f *control.Fault) control.Fault {
	c := *f
	c.Action.Headers = maps.Clone(f.Action.Headers)
	return c
}
