package web_test

import (
	"net/http"
	"net/url"
	"slices"
	"testing"
	"time"

	"github.com/mint-conformance/mint/mockplatform/control"
	"github.com/mint-conformance/mint/mockplatform/internal/throttle"
)

// made is one more Platform, made by the first replica.
func (r *replicas) made(t *testing.T, profile, settings string) control.Platform {
	t.Helper()
	return made(t, r.servers[0], profile, settings)
}

func TestReplicasSharePushedRequests(t *testing.T) {
	r := startReplicas(t)
	p := r.made(t, "mint", `{"authorize":{"par":true,"client_identification":"par"}}`)
	c := newWireClient(t)
	uri := pushedURI(t, push(t, c, p, requestOf(t, p, nil)))
	v := newVisitor(t)
	v.open(pushedAddress(p, uri))
	v.logIn("maya")
	away := v.press("Allow", nil)
	if away == nil {
		t.Fatalf("answered with the page %s", v.words())
	}
	if got := c.form(p.Endpoints.Token, exchange(p, away.Query().Get("code"))); got.status != http.StatusOK {
		t.Errorf("%d %s", got.status, got.body)
	}
	for range 2 { // each replica knows that it is spent
		if newVisitor(t).open(pushedAddress(p, uri)) != nil {
			t.Error("a spent request_uri is good again")
		}
	}
}

// An authorization that began may end where it began, whichever replica the
// change of the registration came to.
func TestReplicasShareTheDrain(t *testing.T) {
	r := startReplicas(t)
	p := r.made(t, "mint", `{"registration":{"mode":"dcr","redirect_change":"drain","initial_token":"initial-token-of-tests"}}`)
	c := newWireClient(t)
	const before, after = "https://a.example/before", "https://a.example/after"
	registered := c.send(http.MethodPost, p.Endpoints.Register, `{"redirect_uris":["`+before+`"]}`,
		"Authorization", "Bearer initial-token-of-tests", "Content-Type", "application/json").members(t)
	request := p.Endpoints.Authorize + "?" + url.Values{
		"response_type": {"code"}, "client_id": {registered["client_id"].(string)}, "redirect_uri": {before}, "state": {"s"},
		"code_challenge": {"E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"}, "code_challenge_method": {"S256"},
	}.Encode()
	v := newVisitor(t)
	v.open(request)
	v.logIn("maya")
	changed := c.send(http.MethodPut, registered["registration_client_uri"].(string),
		`{"client_id":"`+registered["client_id"].(string)+`","redirect_uris":["`+after+`"]}`,
		"Authorization", "Bearer "+registered["registration_access_token"].(string), "Content-Type", "application/json")
	if changed.status != http.StatusOK {
		t.Fatalf("%d %s", changed.status, changed.body)
	}
	if away := v.press("Allow", nil); away == nil || away.Scheme+"://"+away.Host+away.Path != before {
		t.Errorf("answered at %v: %s", away, v.words())
	}
	for range 2 {
		if away := newVisitor(t).open(request + "&ui_locales=de"); away != nil {
			t.Errorf("a new authorization goes to %s", away)
		}
	}
}

// Wrong passwords count together, at whichever replica they are tried, and a
// login counts at both.
func TestReplicasShareFailuresAndLogins(t *testing.T) {
	r := startReplicas(t)
	p, c := described(t, r.servers[0], "mindbaz"), newWireClient(t)
	try := func(password string) int {
		return c.form(p.Endpoints.Token, url.Values{
			"grant_type": {"password"}, "username": {"maya@example.test"}, "password": {password}, "client_id": {p.Clients[0].ID},
		}).status
	}
	var got []int
	for range throttle.MaxFailures {
		got = append(got, try("wrong"))
	}
	if slices.Contains(got, http.StatusTooManyRequests) {
		t.Errorf("paused too early: %v", got)
	}
	for range 2 {
		if status := try("maya-password-1"); status != http.StatusTooManyRequests {
			t.Errorf("during the pause a replica answers %d", status)
		}
	}
	if _, err := r.servers[1].Control().Advance(t.Context(), "mindbaz", throttle.Pause); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if status := try("maya-password-1"); status != http.StatusOK {
			t.Errorf("after the pause a replica answers %d", status)
		}
	}
}

// A fault counts over all replicas, whichever it was armed at.
func TestReplicasShareFaults(t *testing.T) {
	r := startReplicas(t)
	p, c := described(t, r.servers[0], "mint"), newWireClient(t)
	bearer := "Bearer " + tokens(t, c, p, "maya", nil).member("access_token")
	armed, err := r.servers[1].Control().ArmFault(t.Context(), "mint", control.Fault{
		Match: control.FaultMatch{Endpoint: "api", Nth: 3}, Action: control.FaultAction{Kind: "unauthorized"}, Count: 2,
	})
	if err != nil {
		t.Fatal(err)
	}
	var got []int
	for range 6 {
		got = append(got, c.send(http.MethodGet, p.Endpoints.Me, "", "Authorization", bearer).status)
	}
	if want := []int{200, 200, 401, 401, 200, 200}; !slices.Equal(got, want) {
		t.Errorf("answered %v, want %v", got, want)
	}
	for i, server := range r.servers {
		faults, err := server.Control().Faults(t.Context(), "mint")
		if err != nil || len(faults) != 1 || faults[0].Fired != 2 {
			t.Errorf("replica %d lists %+v, %v", i, faults, err)
		}
	}
	if err := r.servers[0].Control().DisarmFault(t.Context(), "mint", armed.ID); err != nil {
		t.Fatal(err)
	}
	if faults, err := r.servers[1].Control().Faults(t.Context(), "mint"); err != nil || len(faults) != 0 {
		t.Errorf("after it was disarmed: %+v, %v", faults, err)
	}
}

// There is one journal: both replicas show what either answered, by one count,
// and wait for it.
func TestReplicasShareTheJournal(t *testing.T) {
	r := startReplicas(t)
	p, c := described(t, r.servers[0], "mint"), newWireClient(t)
	next := make(chan control.Journal, len(r.servers))
	for _, server := range r.servers {
		go func() {
			got, err := server.Control().FilterJournal(t.Context(), "mint", control.JournalFilter{Endpoint: "metadata"}, time.Minute)
			if err != nil {
				t.Error(err)
			}
			next <- got
		}()
	}
	for range 3 {
		c.send(http.MethodGet, p.Endpoints.Me, "", "Authorization", "Bearer the-same-wrong-token")
	}
	c.send(http.MethodGet, p.Endpoints.Metadata, "")
	for range r.servers {
		if got := <-next; len(got.Exchanges) != 1 || got.Exchanges[0].Seq != 4 {
			t.Errorf("waited for %+v", got)
		}
	}
	for i, server := range r.servers {
		got, err := server.Control().Journal(t.Context(), "mint", 0, 0)
		if err != nil || len(got.Exchanges) != 4 || got.Last != 4 {
			t.Fatalf("replica %d: %+v, %v", i, got, err)
		}
		presented := map[string]bool{}
		for j, e := range got.Exchanges {
			if e.Seq != int64(j+1) {
				t.Errorf("replica %d: number %d stands at place %d", i, e.Seq, j)
			}
			presented[e.Presented["access_token"]] = true
		}
		if len(presented) != 2 { // one token, and none
			t.Errorf("replica %d: one token has the fingerprints %v", i, presented)
		}
	}
}
