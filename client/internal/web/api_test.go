package web_test

import (
	"encoding/json"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/mint-conformance/mint/client/internal/connection"
	"github.com/mint-conformance/mint/client/internal/platform"
	"github.com/mint-conformance/mint/client/internal/suggestion"
	"github.com/mint-conformance/mint/client/internal/web/wire"
)

// openAPI is as much of the document as the tests compare.
type openAPI struct {
	Paths      map[string]map[string]json.RawMessage
	Components struct {
		Schemas map[string]struct {
			Required   []string
			Properties map[string]map[string]any
		}
	}
}

func document(t *testing.T) openAPI {
	t.Helper()
	var doc openAPI
	serve(t, &domain{}).browser(t).get("/api/openapi.json").intoLoose(t, &doc)
	return doc
}

func (a answer) intoLoose(t *testing.T, document any) {
	t.Helper()
	if err := json.Unmarshal([]byte(a.body), document); err != nil {
		t.Fatalf("%v in %.300s", err, a.body)
	}
}

// TestOpenAPIDescribesTheRoutes compares the document with the route table in
// the source, both ways.
func TestOpenAPIDescribesTheRoutes(t *testing.T) {
	source, err := os.ReadFile(filepath.Join("routes.go"))
	if err != nil {
		t.Fatal(err)
	}
	var routed []string
	for _, found := range regexp.MustCompile(`(engine|read|write)\.(GET|POST|PATCH|PUT|DELETE)\("([^"]+)"`).FindAllStringSubmatch(string(source), -1) {
		path := found[3]
		if found[1] != "engine" {
			path = "/api" + path
		}
		if strings.HasPrefix(path, "/api/") {
			routed = append(routed, found[2]+" "+regexp.MustCompile(`:(\w+)`).ReplaceAllString(path, "{$1}"))
		}
	}
	var described []string
	for path, operations := range document(t).Paths {
		for method := range operations {
			if method != "parameters" {
				described = append(described, strings.ToUpper(method)+" "+path)
			}
		}
	}
	slices.Sort(routed)
	slices.Sort(described)
	if len(routed) < 10 {
		t.Fatalf("only %d routes were found in the source", len(routed))
	}
	if diff := cmp.Diff(routed, described); diff != "" {
		t.Errorf("routes (-) and document (+) differ:\n%s", diff)
	}
}

// TestOpenAPIRoutesExist asks every described address: none may be unknown or
// refuse the method.
func TestOpenAPIRoutesExist(t *testing.T) {
	b := serve(t, &domain{}).browser(t)
	b.get("/")
	for path, operations := range document(t).Paths {
		for method := range operations {
			if method == "parameters" {
				continue
			}
			address := regexp.MustCompile(`{\w+}`).ReplaceAllString(path, "x")
			got := b.send(strings.ToUpper(method), address, `{}`)
			if got.status == http.StatusMethodNotAllowed || strings.Contains(got.body, "There is nothing at this address.") {
				t.Errorf("%s %s: %d %s", method, path, got.status, got.body)
			}
		}
	}
}

func TestOpenAPIDescribesTheDocuments(t *testing.T) {
	schemas := document(t).Components.Schemas
	types := []any{wire.Error{}, wire.Health{}, wire.Session{}, wire.Platforms{}, wire.Platform{}, wire.Connections{}, wire.Connection{}, wire.Snapshot{}, wire.Campaign{},
		wire.Day{}, wire.Suggestions{}, wire.Suggestion{}, wire.Applied{}, wire.Authorization{}, wire.Outcome{}, wire.Disconnected{}, wire.Application{},
		wire.Connect{}, wire.Password{}, wire.Callback{}, wire.ChangeApplication{}}
	for _, value := range types {
		kind := reflect.TypeOf(value)
		schema, ok := schemas[kind.Name()]
		if !ok {
			t.Errorf("%s is not described", kind.Name())
			continue
		}
		delete(schemas, kind.Name())
		var members, required []string
		for field := range kind.Fields() {
			name, options, _ := strings.Cut(field.Tag.Get("json"), ",")
			members = append(members, name)
			if options == "" {
				required = append(required, name)
			}
			if got := jsonType(field.Type); got != schema.Properties[name]["type"] {
				t.Errorf("%s.%s is %v, described as %v", kind.Name(), name, got, schema.Properties[name]["type"])
			}
		}
		slices.Sort(members)
		if diff := cmp.Diff(members, slices.Sorted(maps.Keys(schema.Properties))); diff != "" {
			t.Errorf("members of %s (-) and description (+):\n%s", kind.Name(), diff)
		}
		slices.Sort(required)
		slices.Sort(schema.Required)
		if diff := cmp.Diff(required, append([]string(nil), schema.Required...)); diff != "" {
			t.Errorf("required members of %s (-) and description (+):\n%s", kind.Name(), diff)
		}
	}
	for left := range schemas {
		t.Errorf("%s is described and does not exist", left)
	}
}

// jsonType is the schema type of a Go type; nil for a reference.
func jsonType(t reflect.Type) any {
	switch {
	case t == reflect.TypeFor[time.Time]():
		return "string"
	case t.Kind() == reflect.Pointer:
		return jsonType(t.Elem())
	case t.Kind() == reflect.String:
		return "string"
	case t.Kind() == reflect.Bool:
		return "boolean"
	case t.Kind() == reflect.Int64:
		return "integer"
	case t.Kind() == reflect.Slice:
		return "array"
	}
	return nil
}

func TestDocumentsByValue(t *testing.T) {
	conn := connection.Connection{ID: "k-1", Workspace: "w-secret", PlatformID: "ads", Title: "Ads", State: connection.StateDegraded, Reason: connection.ReasonThrottled,
		Explanation: "Wait.", Since: noon, Account: "maya-ads", AccountName: "Maya", Scopes: []string{"ads.read"}, Renewable: true, ConnectedAt: noon, RefreshedAt: noon,
		AccessExpiresAt: noon.Add(time.Hour), RetryAt: noon.Add(time.Minute), AsOf: noon, Version: 3}
	paused := "paused"
	s := suggestion.Suggestion{ID: "s-1", Kind: suggestion.KindPause, CampaignID: "c-1", CampaignName: "Sale", Title: "Pause Sale", Reason: "Dear.", Change: platform.CampaignChange{Status: &paused}}
	d := &domain{
		overview: func(string) ([]connection.PlatformState, error) {
			return []connection.PlatformState{
				{PlatformID: "ads", Title: "Ads", State: connection.StateDegraded, Reason: connection.ReasonThrottled, Explanation: "Wait.", Since: noon, Connection: &conn},
				{PlatformID: "form", Title: "Form", State: connection.StateNotConnected, PasswordForm: true, ApplicationAccount: true},
			}, nil
		},
		connection: func(string, string) (connection.Connection, error) { return conn, nil },
		campaigns: func(string, string) (connection.Snapshot, error) {
			return connection.Snapshot{AsOf: noon, Stale: true, Problem: "Old.", Campaigns: []connection.CampaignFigures{{
				Campaign: platform.Campaign{ID: "c-1", Name: "Sale", Status: "active", DailyBudgetCents: 1200, Currency: "EUR", UpdatedAt: noon},
				Days:     []platform.Day{{Date: "2026-11-13", Impressions: 5, Clicks: 2, SpendCents: 100}, {Date: "2026-11-14", Impressions: 7, Clicks: 3, SpendCents: 200}},
			}}}, nil
		},
		suggestions: func(string, string) ([]connection.Suggestion, error) {
			return []connection.Suggestion{{Suggestion: s, Status: "open", Blocked: "Read only."}}, nil
		},
		apply: func(string, string, string) (connection.ApplyOutcome, error) {
			return connection.ApplyOutcome{Suggestion: connection.Suggestion{Suggestion: s, Status: "applied", DecidedAt: noon}, Applied: true, Already: true, Sentence: "Done."}, nil
		},
		disconnect: func(string, string) (connection.DisconnectOutcome, error) {
			return connection.DisconnectOutcome{Pending: true, Sentence: "Soon."}, nil
		},
		start: func(string, string, string, []string) (string, error) { return "https://ads.example/?a=1&b=2", nil },
		application: func(string) (connection.Application, error) {
			return connection.Application{ClientID: "id", Name: "MINT"}, nil
		},
		password: func(string, string, string, platform.Secret) (connection.Outcome, error) {
			return connection.Outcome{Kind: connection.Connected, PlatformID: "form", ConnectionID: "k-2", Sentence: "Connected."}, nil
		},
	}
	const connectionJSON = `{"id":"k-1","platform":"ads","title":"Ads","state":"degraded","reason":"throttled","explanation":"Wait.","since":"2026-11-14T12:00:00Z","account":"maya-ads","account_name":"Maya","scopes":["ads.read"],"can_change":false,"renewable":true,"connected_at":"2026-11-14T12:00:00Z","refreshed_at":"2026-11-14T12:00:00Z","access_expires_at":"2026-11-14T13:00:00Z","retry_at":"2026-11-14T12:01:00Z","as_of":"2026-11-14T12:00:00Z","version":3}`
	b := serve(t, d).browser(t)
	for _, tt := range []struct{ method, path, body, want string }{
		{"GET", "/api/health", "", `{"status":"ok"}`},
		{"GET", "/api/platforms", "", `{"platforms":[{"id":"ads","title":"Ads","state":"degraded","reason":"throttled","explanation":"Wait.","since":"2026-11-14T12:00:00Z","connect":"redirect","application_account":false,"connection_id":"k-1"},{"id":"form","title":"Form","state":"not_connected","connect":"password","application_account":true}]}`},
		{"GET", "/api/connections", "", `{"connections":[` + connectionJSON + `]}`},
		{"GET", "/api/connections/k-1", "", connectionJSON},
		{"GET", "/api/connections/k-1/campaigns", "", `{"as_of":"2026-11-14T12:00:00Z","stale":true,"problem":"Old.","campaigns":[{"id":"c-1","name":"Sale","status":"active","daily_budget_cents":1200,"currency":"EUR","updated_at":"2026-11-14T12:00:00Z","spend_cents":300,"clicks":5,"days":[{"date":"2026-11-13","impressions":5,"clicks":2,"spend_cents":100},{"date":"2026-11-14","impressions":7,"clicks":3,"spend_cents":200}]}]}`},
		{"GET", "/api/connections/k-1/suggestions", "", `{"suggestions":[{"id":"s-1","kind":"pause","campaign_id":"c-1","campaign_name":"Sale","title":"Pause Sale","reason":"Dear.","status":"open","blocked":"Read only."}]}`},
		{"POST", "/api/connections/k-1/suggestions/s-1/apply", "", `{"suggestion":{"id":"s-1","kind":"pause","campaign_id":"c-1","campaign_name":"Sale","title":"Pause Sale","reason":"Dear.","status":"applied","decided_at":"2026-11-14T12:00:00Z"},"applied":true,"already":true,"message":"Done."}`},
		{"POST", "/api/connections/k-1/disconnect", "", `{"revoked":false,"pending":true,"message":"Soon."}`},
		{"POST", "/api/platforms/ads/connect", `{"scopes":["ads.read"]}`, `{"authorization_url":"https://ads.example/?a=1\u0026b=2"}`},
		{"POST", "/api/platforms/form/password", `{"login":"l","password":"p"}`, `{"outcome":"connected","platform":"form","connection_id":"k-2","message":"Connected.","location":"/connections/k-2"}`},
		{"GET", "/api/applications/more", "", `{"client_id":"id","name":"MINT","website":"","description":"","redirect_uris":[]}`},
	} {
		if got := b.send(tt.method, tt.path, tt.body); got.status != 200 || got.body != tt.want {
			t.Errorf("%s %s: %d\n got %s\nwant %s", tt.method, tt.path, got.status, got.body, tt.want)
		}
	}
}

func TestTheAPIWantsASession(t *testing.T) {
	var refusal wire.Error
	got := serve(t, &domain{}).browser(t).get("/api/platforms")
	got.into(t, &refusal)
	if got.status != 403 || refusal.Code != "forbidden" || !strings.Contains(refusal.Message, "/api/session") {
		t.Errorf("%d %+v", got.status, refusal)
	}
}
