package web_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"testing"

	"github.com/mint-conformance/mint/mockplatform/control"
)

// Faults reach every endpoint, and no invalid request at any of them.
func TestFaultsAtEveryEndpoint(t *testing.T) {
	server := startAt(t, noon)
	p, err := server.Control().CreatePlatform(t.Context(), control.CreatePlatform{Profile: "mailup", Name: "shop", Settings: json.RawMessage(
		`{"introspection":true,"registration":{"mode":"dcr","extra_fields":null},"authorize":{"par":true},"access_token":{"format":"jwt","alg":"EdDSA"}}`)})
	if err != nil {
		t.Fatal(err)
	}
	c := newWireClient(t)
	held := tokens(t, c, p, "maya", nil)
	credentials := func(pairs ...string) url.Values {
		form := url.Values{"client_id": {p.Clients[0].ID}, "client_secret": {p.Clients[0].Secret}}
		for i := 0; i < len(pairs); i += 2 {
			form.Set(pairs[i], pairs[i+1])
		}
		return form
	}
	query, err := url.Parse(authorization(p, nil))
	if err != nil {
		t.Fatal(err)
	}
	pushed := credentials()
	for name, values := range query.Query() {
		pushed[name] = values
	}
	registration := `{"client_name":"Shop","redirect_uris":["http://127.0.0.1:9500/callback"]}`
	get := func(target string, headers ...string) func() reply {
		return func() reply { return c.send(http.MethodGet, target, "", headers...) }
	}
	post := func(target string, form url.Values) func() reply {
		return func() reply { return c.form(target, form) }
	}
	register := func(body string) func() reply {
		return func() reply {
			return c.send(http.MethodPost, p.Endpoints.Register, body, "Content-Type", "application/json")
		}
	}
	for _, test := range []struct {
		endpoint  string
		bad, good func() reply
	}{
		{"authorize", get(p.Endpoints.Authorize + "?client_id=nobody"), get(query.String())},
		{"token", post(p.Endpoints.Token, credentials("grant_type", "refresh_token", "refresh_token", "x")), post(p.Endpoints.Token, credentials("grant_type", "refresh_token", "refresh_token", held.member("refresh_token")))},
		{"introspect", post(p.Endpoints.Introspect, credentials("client_secret", "x")), post(p.Endpoints.Introspect, credentials("token", held.member("access_token")))},
		{"register", register(`{}`), register(registration)},
		{"par", post(p.Endpoints.PAR, credentials("client_secret", "x")), post(p.Endpoints.PAR, pushed)},
		{"jwks", post(p.Endpoints.JWKS, nil), get(p.Endpoints.JWKS)},
		{"metadata", post(p.Endpoints.Metadata, nil), get(p.Endpoints.Metadata)},
		{"api", get(p.Endpoints.Me), get(p.Endpoints.Me, "Authorization", "Bearer "+held.member("access_token"))},
		{"revoke", post(p.Endpoints.Revoke, credentials("client_secret", "x")), post(p.Endpoints.Revoke, credentials("token", held.member("access_token")))},
	} {
		t.Run(test.endpoint, func(t *testing.T) {
			armed, err := server.Control().ArmFaults(t.Context(), p.Name, control.FaultPlan{Faults: []control.Fault{
				{Match: control.FaultMatch{Endpoint: test.endpoint}, Action: control.FaultAction{Kind: "gateway", Status: 503, RetryAfter: "9s"}, Count: 1},
				{Match: control.FaultMatch{Endpoint: test.endpoint}, Action: control.FaultAction{Kind: "headers", Headers: map[string]string{"X-Marked": "yes"}}, Count: 1},
			}})
			if err != nil {
				t.Fatal(err)
			}
			if got := test.bad(); got.status < 400 || got.status == 503 || got.header.Get("X-Marked") != "" {
				t.Errorf("an invalid request met the fault: %d %s", got.status, got.body)
			}
			if got := test.good(); got.status != 503 || got.header.Get("Retry-After") != "9" {
				t.Errorf("gateway: %d %v %s", got.status, got.header, got.body)
			}
			if got := test.good(); got.status >= 400 || got.header.Get("X-Marked") != "yes" {
				t.Errorf("headers: %d %v %s", got.status, got.header, got.body)
			}
			faults, err := server.Control().Faults(t.Context(), p.Name)
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range faults[len(faults)-2:] {
				if f.Fired != 1 {
					t.Errorf("%s fired %d times", f.Action.Kind, f.Fired)
				}
			}
			journal, err := server.Control().Journal(t.Context(), p.Name, 0, 0)
			if err != nil {
				t.Fatal(err)
			}
			last := journal.Exchanges[len(journal.Exchanges)-2:]
			if last[0].Fault != armed[0].ID || last[1].Fault != armed[1].ID {
				t.Errorf("the journal names %q and %q, want %q and %q", last[0].Fault, last[1].Fault, armed[0].ID, armed[1].ID)
			}
		})
	}
}
