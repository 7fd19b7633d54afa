package operate

import (
	"net/http"

	"github.com/mint-conformance/mint/mockplatform/control"
	"github.com/mint-conformance/mint/mockplatform/internal/platform"
	"github.com/mint-conformance/mint/mockplatform/internal/web/wire"
)

func (o *Operator) armFault(p *platform.Platform, r *wire.Request) wire.Answer {
	var wanted control.Fault
	if refusal := decode(r, &wanted); refusal != nil {
		return *refusal
	}
	if wanted.ID != "" || wanted.Fired != 0 {
		return problem(http.StatusUnprocessableEntity, "id: id and fired are set by the Platform, leave them out")
	}
	// A name that does not exist would never match, so the fault would never
	// fire: better to say so now.
	if key := wanted.Match.Customer; key != "" {
		if _, known := p.Customer(key); !known {
			return problem(http.StatusUnprocessableEntity, "match.customer: there is no customer with the key %q", key)
		}
	}
	if id := wanted.Match.Client; id != "" {
		if _, known := p.Auth().Applications().Lookup(id); !known {
			return problem(http.StatusUnprocessableEntity, "match.client: there is no client with the id %q", id)
		}
	}
	armed, err := p.Faults().Arm(wanted)
	if err != nil {
		return problem(http.StatusUnprocessableEntity, "%v", err)
	}
	return document(http.StatusCreated, armed)
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
