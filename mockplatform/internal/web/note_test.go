package web_test

import (
	"net/http"
	"testing"

	"github.com/mint-conformance/mint/mockplatform"
	"github.com/mint-conformance/mint/mockplatform/control"
)

// What registration and pushed requests give out is in the journal as
// fingerprints, and can be found again where it is presented.
func TestJournalNotesWhatOtherEndpointsIssue(t *testing.T) {
	mock := mockplatform.Start(t, "mint")
	p := mock.Create("service", `{"registration":{"mode":"dcr","extra_fields":[]}}`)
	c := newWireClient(t)
	// A fault that lets the answer go out does not hide what it held.
	mock.Arm(p.Name, control.Fault{
		Match: control.FaultMatch{Endpoint: "register"}, Count: 1,
		Action: control.FaultAction{Kind: "headers", Headers: map[string]string{"X-Note": "1"}},
	})
	got := c.send(http.MethodPost, p.Endpoints.Register, `{"client_name":"Shop","redirect_uris":["http://127.0.0.1:9500/cb"]}`, "Content-Type", "application/json")
	if got.status != http.StatusCreated {
		t.Fatalf("registration answered %d %s", got.status, got.body)
	}
	found, err := mock.Control().FilterJournal(t.Context(), p.Name, control.JournalFilter{Endpoint: "register"}, 0)
	if err != nil || len(found.Exchanges) != 1 {
		t.Fatalf("%+v, %v", found, err)
	}
	if found.Exchanges[0].Fault == "" {
		t.Error("the fault did not fire")
	}
	for _, name := range []string{"client_secret", "registration_access_token"} {
		if fingerprint := found.Exchanges[0].Issued[name]; got.member(name) == "" || len(fingerprint) != 16 {
			t.Errorf("%s is noted as %q", name, fingerprint)
		}
	}
}
