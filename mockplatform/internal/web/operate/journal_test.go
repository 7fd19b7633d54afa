package operate

import (
	"encoding/json"
	"net/url"
	"slices"
	"testing"
	"time"

	"github.com/mint-conformance/mint/mockplatform/control"
)

// Description, handler and Go client know the same query parameters.
func TestJournalQueryIsDescribed(t *testing.T) {
	var document struct {
		Paths map[string]struct {
			Get struct {
				Parameters []struct{ Name string }
			}
		}
	}
	if err := json.Unmarshal(control.OpenAPI(), &document); err != nil {
		t.Fatal(err)
	}
	described := []string{}
	for _, parameter := range document.Paths["/v1/platforms/{platform}/journal"].Get.Parameters {
		described = append(described, parameter.Name)
	}
	sent := []string{"wait", "format"} // by the client's other arguments
	full := control.JournalFilter{
		After: 1, Since: time.Unix(1, 0), Endpoint: "x", Client: "x", Customer: "x", GrantType: "x", Status: "200",
		Error: "x", Verdict: "refused", Family: "x", Fingerprint: "x", Limit: 1,
	}
	for name := range full.Values() {
		sent = append(sent, name)
	}
	known := slices.Clone(journalQuery)
	for _, list := range [][]string{described, sent, known} {
		slices.Sort(list)
	}
	if !slices.Equal(described, known) || !slices.Equal(sent, known) {
		t.Errorf("openapi.json has %v\nthe handler %v\nthe client sends %v", described, known, sent)
	}
	got, refusal := journalFilter(full.Values())
	full.After, got.Since, full.Since = 0, got.Since.UTC(), full.Since.UTC()
	if refusal != nil || got != full {
		t.Errorf("the client's filter arrives as %+v, want %+v", got, full)
	}
}

func TestJournalFormat(t *testing.T) {
	for _, test := range []struct{ query, accept, want string }{
		{"", "", "json"},
		{"", "application/json", "json"},
		{"", "application/x-ndjson", "ndjson"},
		{"", "text/html, application/har+json;q=0.9", "har"},
		{"har", "application/x-ndjson", "har"},
		{"json", "application/har+json", "json"},
	} {
		values := url.Values{}
		if test.query != "" {
			values.Set("format", test.query)
		}
		if got, refusal := journalFormat(values, test.accept); refusal != nil || got != test.want {
			t.Errorf("format %q, Accept %q: %q, want %q", test.query, test.accept, got, test.want)
		}
	}
	if _, refusal := journalFormat(url.Values{"format": {"xml"}}, ""); refusal == nil || refusal.Status != 400 {
		t.Error("xml is not refused")
	}
}
