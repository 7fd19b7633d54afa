package operate

import (
	"encoding/json"
	"fmt"
	"net/http"

	"github.com/mint-conformance/mint/mockplatform/control"
	"github.com/mint-conformance/mint/mockplatform/internal/fault"
	"github.com/mint-conformance/mint/mockplatform/internal/platform"
	"github.com/mint-conformance/mint/mockplatform/internal/web/wire"
)

// armFault takes one fault, or a plan: {"faults":[…]} arms all or none.
func (o *Operator) armFault(p *platform.Platform, r *wire.Request) wire.Answer {
	if isPlan(r.Payload) {
		return armPlan(p, r)
	}
	var wanted control.Fault
	if refusal := decode(r, &wanted); refusal != nil {
		return *refusal
	}
	armed, err := p.Faults().Arm(strangers(p), wanted)
	if err != nil {
		return problem(http.StatusUnprocessableEntity, "%v", err)
	}
	return document(http.StatusCreated, armed[0])
}

func armPlan(p *platform.Platform, r *wire.Request) wire.Answer {
	wanted, err := fault.DecodePlan(r.Payload)
	if err != nil {
		return problem(http.StatusBadRequest, "%v", err)
	}
	armed, err := p.Faults().Arm(strangers(p), wanted...)
	if err != nil {
		return problem(http.StatusUnprocessableEntity, "%v", err)
	}
	return document(http.StatusCreated, control.Faults{Faults: armed})
}

func isPlan(payload []byte) bool {
	var plan struct {
		Faults json.RawMessage `json:"faults"`
	}
	return json.Unmarshal(payload, &plan) == nil && plan.Faults != nil
}

// strangers objects to names that do not exist and endpoints that are not
// there: such a fault would never fire, so better to say so now.
func strangers(p *platform.Platform) func(control.Fault) []*fault.FieldError {
	has := p.Endpoints()
	absent := map[string]bool{
		fault.EndpointAuthorize: has.Authorize == "", fault.EndpointRevoke: has.Revoke == "",
		fault.EndpointIntrospect: has.Introspect == "", fault.EndpointMetadata: has.Metadata == "",
		fault.EndpointRegister: has.Register == "", fault.EndpointJWKS: has.JWKS == "",
		fault.EndpointPAR: has.PAR == "",
	}
	return func(wanted control.Fault) (all []*fault.FieldError) {
		object := func(field, format string, args ...any) {
			all = append(all, &fault.FieldError{Field: field, Problem: fmt.Sprintf(format, args...)})
		}
		if absent[wanted.Match.Endpoint] {
			object("match.endpoint", "%s has no %s endpoint", p.Name(), wanted.Match.Endpoint)
		}
		if key := wanted.Match.Customer; key != "" {
			if _, known := p.Customer(key); !known {
				object("match.customer", "there is no customer with the key %q", key)
			}
		}
		if id := wanted.Match.Client; id != "" {
			if _, known := p.Auth().Applications().Lookup(id); !known {
				object("match.client", "there is no client with the id %q", id)
			}
		}
		return all
	}
}

func (o *Operator) faults(p *platform.Platform, _ *wire.Request) wire.Answer {
	return document(http.StatusOK, control.Faults{Faults: append([]control.Fault{}, p.Faults().List()...)})
}

func (o *Operator) disarmFault(p *platform.Platform, r *wire.Request) wire.Answer {
	id := r.Params["fault"]
	if !p.Faults().Disarm(id) {
		return problem(http.StatusNotFound, "%s has no fault %q: GET …/faults lists them", p.Name(), id)
	}
	return wire.Empty(http.StatusNoContent)
}
