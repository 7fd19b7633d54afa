package checks

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/mint-conformance/mint/steps/exchange"
	"github.com/mint-conformance/mint/steps/target"
)

// TestPromisesAreSeenKept: what the metadata declare works if the server says
// so, not if it says nothing.
func TestPromisesAreSeenKept(t *testing.T) {
	client := &target.Client{ID: "app", Secret: "app-secret-of-32-characters-here", Method: "basic", RedirectURIs: []string{"https://client.example/callback"}}
	oauth := func(status int, code string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(status)
			_, _ = w.Write([]byte(`{"error":"` + code + `"}`))
		}
	}
	tests := []struct {
		name                       string
		answer                     http.HandlerFunc
		grants, methods, responses string // begin so
	}{
		{"known, and refused for what is missing", oauth(400, "invalid_grant"), "", "", ""},
		{"unknown", oauth(400, "unsupported_grant_type"), "finding: ", "", ""},
		{"a client that cannot show who it is", oauth(401, "invalid_client"), "", "finding: ", ""},
		{"a failure", oauth(500, "server_error"), "unable: ", "unable: ", "unable: "},
		{"a rate limit", oauth(429, "slow_down"), "unable: ", "unable: ", "unable: "},
		{"no answer", func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, "unable: ", "unable: ", "unable: "},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			server := httptest.NewServer(tt.answer)
			defer server.Close()
			tr := &trial{
				suite: &Suite{Now: time.Now}, client: client, //nolint:forbidigo // assertions are dated
				send: &exchange.Client{HTTP: server.Client(), Agent: "test", Now: time.Now}, //nolint:forbidigo // exchanges are dated
				target: &target.Target{
					Mock: &target.Mock{}, Clients: target.Clients{Main: client}, Scopes: []string{"ads.read"},
					Endpoints: target.Endpoints{Authorize: server.URL + "/authorize", Token: server.URL + "/token"},
				},
				metadata: map[string]any{
					"grant_types_supported": []any{"password"}, "token_endpoint_auth_methods_supported": []any{"client_secret_post"},
					"response_types_supported": []any{"token"},
				},
			}
			for what, one := range map[string]struct{ got, want string }{
				"grant types":    {came(tr.grantTypesKnown(t.Context())), tt.grants},
				"methods":        {came(tr.authMethodsWork(t.Context())), tt.methods},
				"response types": {came(tr.responseTypesKnown(t.Context())), tt.responses},
			} {
				if !strings.HasPrefix(one.got, one.want) || one.want == "" && one.got != "" {
					t.Errorf("%s: %q, want %q", what, one.got, one.want)
				}
			}
		})
	}
}
