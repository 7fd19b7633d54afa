package steps

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/mint-conformance/mint/mockplatform/control"
)

var faultSteps = []definition{
	given(`{the platform} fails the next (renewal|exchange|change|revocation)`, (*world).failsNext),
	given(`{the platform} loses its answer to the next (renewal|exchange|change)`, (*world).losesAnswer),
	given(`{the platform} answers the next renewal with (a gateway's page|half an answer|no token)`, (*world).garblesNext),
	given(`{the platform} will end the next access after {duration} whatever it says`, (*world).endsAccessEarly),
	given(`{the platform} will not know the next access at its first call`, (*world).knowsAccessLate),
	given(`{the platform} refuses the next (call|change) although access is granted`, (*world).refusesNext),
	given(`{the platform} refuses the next {number} calls although access is granted`, (*world).refusesCalls),
	given(`the platform's API breaks down for the next call`, (*world).apiBreaksDown),
	given(`{the platform} asks for a wait of {duration} at the next renewal`, (*world).asksToWait),
}

// request is a kind of request that MINT sends.
type request string

var matchOf = map[request]control.FaultMatch{
	"renewal":    {Endpoint: "token", GrantType: "refresh_token"},
	"exchange":   {Endpoint: "token", GrantType: "authorization_code"},
	"revocation": {Endpoint: "revoke"},
	"call":       {Endpoint: "api", Method: http.MethodGet},
	"change":     {Endpoint: "api", Method: http.MethodPatch},
}

// unavailable is a failure that leaves everything as it was.
var unavailable = control.FaultAction{
	Kind: "error", Status: http.StatusServiceUnavailable,
	Error: "temporarily_unavailable", Description: "The service is being maintained.",
}

func (w *world) failsNext(ctx context.Context, of profile, r request) error {
	return w.arm(ctx, of, control.Fault{Match: matchOf[r], Action: unavailable, Count: 1})
}

func (w *world) losesAnswer(ctx context.Context, of profile, r request) error {
	return w.arm(ctx, of, control.Fault{Match: matchOf[r], Action: control.FaultAction{Kind: "drop_after"}, Count: 1})
}

// garbage is what comes in place of the answer to a renewal. The renewal itself
// was done, or could have been.
type garbage string

var garblings = map[garbage]control.FaultAction{
	"a gateway's page": {Kind: "gateway", After: true},
	"half an answer":   {Kind: "truncated"},
	"no token":         {Kind: "rewrite", Drop: []string{"access_token"}},
}

func (w *world) garblesNext(ctx context.Context, of profile, g garbage) error {
	return w.arm(ctx, of, control.Fault{Match: matchOf["renewal"], Action: garblings[g], Count: 1})
}

func (w *world) endsAccessEarly(ctx context.Context, of profile, life time.Duration) error {
	return w.arm(ctx, of, control.Fault{
		Match: control.FaultMatch{Endpoint: "token"}, Action: control.FaultAction{Kind: "expiry", Lifetime: life.String()}, Count: 1,
	})
}

func (w *world) knowsAccessLate(ctx context.Context, of profile) error {
	return w.arm(ctx, of, control.Fault{
		Match: control.FaultMatch{Endpoint: "token"}, Action: control.FaultAction{Kind: "lag", Uses: 1}, Count: 1,
	})
}

func (w *world) refusesNext(ctx context.Context, of profile, r request) error {
	return w.arm(ctx, of, control.Fault{Match: matchOf[r], Action: control.FaultAction{Kind: "unauthorized"}, Count: 1})
}

func (w *world) refusesCalls(ctx context.Context, of profile, n int) error {
	return w.arm(ctx, of, control.Fault{Match: matchOf["call"], Action: control.FaultAction{Kind: "unauthorized"}, Count: n})
}

func (w *world) apiBreaksDown(ctx context.Context) error {
	return w.arm(ctx, "", control.Fault{Match: matchOf["call"], Count: 1, Action: control.FaultAction{
		Kind: "body", Status: http.StatusBadGateway, ContentType: "text/html", Body: "<h1>502 Bad Gateway</h1>",
	}})
}

func (w *world) asksToWait(ctx context.Context, of profile, d time.Duration) error {
	return w.arm(ctx, of, control.Fault{Match: matchOf["renewal"], Count: 1, Action: control.FaultAction{
		Kind: "error", Status: http.StatusTooManyRequests, Error: "temporarily_unavailable",
		Headers: map[string]string{"Retry-After": strconv.Itoa(int(d.Seconds()))},
	}})
}

// arm arms a fault; the scenario fails if it never happens.
func (w *world) arm(ctx context.Context, of profile, f control.Fault) error {
	p, err := w.platform(ctx, of)
	if err != nil {
		return err
	}
	if _, err := p.control.ArmFault(ctx, p.Name, f); err != nil {
		return fmt.Errorf("arming a fault at the %s platform: %w", p.profile, err)
	}
	p.armed = true
	return nil
}
