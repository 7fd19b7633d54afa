package selftest

import (
	"context"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"time"

	"github.com/mint-conformance/mint/steps/catalogue"
	"github.com/mint-conformance/mint/steps/report"
	"github.com/mint-conformance/mint/steps/target"
)

// nuisance is a server that answers every request in one useless way: no check
// may take that for the behaviour it asks for.
type nuisance struct {
	name   string
	answer http.HandlerFunc
}

// patience is how long a request to a nuisance may take.
const patience = 300 * time.Millisecond

var nuisances = []nuisance{
	{"always 500", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusInternalServerError) }},
	{"always 200 with an empty body", func(http.ResponseWriter, *http.Request) {}},
	{"closes the connection", func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }},
	{"hangs", func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body) // unread, it would hide that the client has left
		<-r.Context().Done()
	}},
	{"a page for everything", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = w.Write([]byte("<!doctype html><title>Welcome</title><h1>Welcome</h1><p>Nothing to see here.</p>"))
	}},
}

// Nuisance is what the checks made of a useless server.
type Nuisance struct {
	Name   string
	Passed []string // checks that passed all the same: each is wrong
	Broken []string // checks in which the harness failed: "TK-03: …"
	Judged int      // checks that ran
}

// String is the nuisance in one line.
func (n Nuisance) String() string {
	line := fmt.Sprintf("%s: %d checks judged it", n.Name, n.Judged)
	if len(n.Passed) > 0 {
		line += "\n      passed all the same: " + strings.Join(n.Passed, " ")
	}
	for _, broken := range n.Broken {
		line += "\n      " + broken
	}
	return line
}

// Holds says whether no check was fooled.
func (n Nuisance) Holds() bool { return len(n.Passed) == 0 && len(n.Broken) == 0 }

// Nuisances judges useless servers that claim to have everything.
func (b *Bench) Nuisances(ctx context.Context, tell func(Nuisance)) ([]Nuisance, error) {
	var all []Nuisance
	for _, one := range nuisances {
		server := httptest.NewServer(one.answer)
		verdicts, err := b.run(ctx, fixed{useless(server)}, nil)
		server.CloseClientConnections()
		server.Close()
		if err != nil {
			return all, fmt.Errorf("%s: %w", one.name, err)
		}
		n := Nuisance{Name: one.name}
		for _, id := range slices.Sorted(maps.Keys(verdicts)) {
			switch v := verdicts[id]; v.Status {
			case report.Pass, report.Warn:
				n.Passed = append(n.Passed, id)
			case report.Error:
				n.Broken = append(n.Broken, id+": "+v.Reason)
			case report.Fail:
				n.Judged++
			}
		}
		all = append(all, n)
		tell(n)
	}
	return all, nil
}

// useless describes a server of which nothing is true.
func useless(server *httptest.Server) *target.Target {
	client := func(id string) *target.Client {
		return &target.Client{ID: id, Secret: id + "-secret", Method: "basic", Name: id, RedirectURIs: []string{"https://" + id + ".example/callback"}}
	}
	address := func(path string) string { return server.URL + path }
	t := &target.Target{
		Name: "a useless server", Issuer: server.URL, Scopes: []string{"ads.read", "ads.write"},
		Endpoints: target.Endpoints{
			Authorize: address("/authorize"), Token: address("/token"), Revoke: address("/revoke"),
			Introspect: address("/introspect"), Register: address("/register"), PAR: address("/par"),
			JWKS: address("/jwks"), Metadata: address("/.well-known/oauth-authorization-server"),
			Portal: address("/portal"), Connected: address("/connected"), Application: address("/application"),
		},
		Clients: target.Clients{
			Main: client("app"), Second: client("other"), Public: &target.Client{ID: "open", Method: "none", RedirectURIs: []string{"https://open.example/callback"}},
			Native: &target.Client{ID: "native", Method: "none", RedirectURIs: []string{"http://127.0.0.1/callback"}},
			Two:    client("two"), Query: client("query"), Machine: client("machine"),
		},
		Customers: target.Customers{
			First: &target.Customer{Username: "maya", Password: "maya-password"}, Second: &target.Customer{Username: "oskar", Password: "oskar-password"},
			WithoutRight: &target.Customer{Username: "nora", Password: "nora-password"},
		},
		Resource: &target.Resource{Method: http.MethodGet, URL: address("/api")},
		Writable: &target.Resource{Method: http.MethodPost, URL: address("/api"), Body: "{}"},
		Refresh:  target.Refresh{Mode: "rotating", Idle: time.Hour, Renewed: "fresh", Family: true},
		Allow:    target.Allow{Noisy: true, EndsGrants: true},
		Methods:  []string{"basic", "body", "none"}, InvalidGrantStatus: http.StatusBadRequest,
		Lifetimes: target.Lifetimes{Code: time.Minute, Access: time.Hour},
		HTTP: &http.Client{
			Timeout: patience, Transport: &http.Transport{DisableKeepAlives: true},
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
		Features: map[string]bool{},
	}
	for feature := range catalogue.Features() {
		t.Features[feature] = true
	}
	t.Redirect = t.Clients.Main.Redirect()
	return t
}
