package journal

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/mint-conformance/mint/mockplatform/control"
)

// harRequired are the members that HAR 1.2 asks for, by object.
var harRequired = map[string]map[string]string{
	"log":      {"version": "string", "creator": "object", "entries": "array"},
	"creator":  {"name": "string", "version": "string"},
	"entry":    {"startedDateTime": "string", "time": "number", "request": "object", "response": "object", "cache": "object", "timings": "object"},
	"request":  {"method": "string", "url": "string", "httpVersion": "string", "cookies": "array", "headers": "array", "queryString": "array", "headersSize": "number", "bodySize": "number"},
	"postData": {"mimeType": "string", "params": "array", "text": "string"},
	"response": {"status": "number", "statusText": "string", "httpVersion": "string", "cookies": "array", "headers": "array", "content": "object", "redirectURL": "string", "headersSize": "number", "bodySize": "number"},
	"content":  {"size": "number", "mimeType": "string"},
	"timings":  {"send": "number", "wait": "number", "receive": "number"},
	"pair":     {"name": "string", "value": "string"},
}

// harAllowed are the optional members that we write; others must begin with an
// underscore.
var harAllowed = []string{"comment", "postData", "text"}

func checkHAR(t *testing.T, kind string, value any) map[string]any {
	t.Helper()
	object, ok := value.(map[string]any)
	if !ok {
		t.Fatalf("%s is %T", kind, value)
	}
	for name, want := range harRequired[kind] {
		if got := kindOf(object[name]); got != want {
			t.Errorf("%s.%s is %s, HAR 1.2 asks for %s", kind, name, got, want)
		}
	}
	for name := range object {
		if _, required := harRequired[kind][name]; !required && !slices.Contains(harAllowed, name) && !strings.HasPrefix(name, "_") {
			t.Errorf("%s.%s is no member of HAR 1.2", kind, name)
		}
	}
	return object
}

func kindOf(value any) string {
	switch value.(type) {
	case string:
		return "string"
	case float64:
		return "number"
	case []any:
		return "array"
	case map[string]any:
		return "object"
	}
	return "missing"
}

// The archive has every member that HAR 1.2 requires, in its type.
func TestHARIsValid(t *testing.T) {
	text, err := HAR(filled().Since(0).Exchanges, Origins{Public: "http://p", API: "http://a"})
	if err != nil {
		t.Fatal(err)
	}
	var document map[string]any
	if err := json.Unmarshal(text, &document); err != nil || len(document) != 1 {
		t.Fatalf("%v, %d members", err, len(document))
	}
	log := checkHAR(t, "log", document["log"])
	checkHAR(t, "creator", log["creator"])
	entries := log["entries"].([]any)
	if log["version"] != "1.2" || len(entries) != 5 {
		t.Errorf("version %v, %d entries", log["version"], len(entries))
	}
	for _, one := range entries {
		entry := checkHAR(t, "entry", one)
		request, response := checkHAR(t, "request", entry["request"]), checkHAR(t, "response", entry["response"])
		checkHAR(t, "content", response["content"])
		checkHAR(t, "timings", entry["timings"])
		for _, pair := range request["queryString"].([]any) {
			checkHAR(t, "pair", pair)
		}
		if posted, ok := request["postData"]; ok {
			checkHAR(t, "postData", posted)
		}
	}
}

// Query and form are told apart, and the API has its own address.
func TestHARRequest(t *testing.T) {
	for _, test := range []struct {
		name   string
		e      control.Exchange
		url    string
		posted string
	}{
		{"get", control.Exchange{Endpoint: "authorize", Method: "GET", Path: "/mint/a b", Parameters: map[string]string{"state": "fp:1", "scope": "x y"}}, "http://p/mint/a%20b?scope=x+y&state=fp%3A1", ""},
		{"post", control.Exchange{Endpoint: "token", Method: "POST", Path: "/mint/t", Parameters: map[string]string{"code": "fp:1"}}, "http://p/mint/t", "code=fp%3A1"},
		{"post with query", control.Exchange{Endpoint: "token", Method: "POST", Path: "/mint/t", Parameters: map[string]string{"code": "fp:1", "client_id": "c"}, Query: []string{"client_id"}}, "http://p/mint/t?client_id=c", "code=fp%3A1"},
		{"api", control.Exchange{Endpoint: "api", Method: "PATCH", Path: "/mint/api/me"}, "http://a/mint/api/me", ""},
	} {
		got := requestOf(&test.e, Origins{Public: "http://p", API: "http://a"})
		posted := ""
		if got.PostData != nil {
			posted = got.PostData.Text
		}
		if got.URL != test.url || posted != test.posted {
			t.Errorf("%s: %s with %q, want %s with %q", test.name, got.URL, posted, test.url, test.posted)
		}
	}
}

// Durations, sizes and bodies stand where a viewer looks for them.
func TestHARHoldsWhatIsKnown(t *testing.T) {
	e := control.Exchange{
		Endpoint: "register", Method: "POST", Path: "/mint/r", Status: 201, ContentType: "application/json",
		Took: 1.25, RequestSize: 40, AnswerSize: 90, RequestBody: `{"scope":"x"}`, AnswerBody: `{"client_id":"app"}`,
	}
	text, err := HAR([]control.Exchange{e}, Origins{Public: "http://p"})
	if err != nil {
		t.Fatal(err)
	}
	var got har
	if err := json.Unmarshal(text, &got); err != nil {
		t.Fatal(err)
	}
	entry := got.Log.Entries[0]
	if entry.Time != 1.25 || entry.Timings != (harTimings{Wait: 1.25}) {
		t.Errorf("time %v, timings %+v", entry.Time, entry.Timings)
	}
	if entry.Request.BodySize != 40 || entry.Request.PostData == nil || entry.Request.PostData.MimeType != "application/json" || entry.Request.PostData.Text != e.RequestBody {
		t.Errorf("request %+v", entry.Request)
	}
	if content := entry.Response.Content; entry.Response.BodySize != 90 || content.Size != 90 || content.Text != e.AnswerBody || content.MimeType != "application/json" {
		t.Errorf("response %+v", entry.Response)
	}
	if entry.Exchange.AnswerBody != "" || entry.Exchange.RequestBody != "" {
		t.Error("bodies stand in the archive twice")
	}
	if entry.Request.PostData.Params == nil || entry.Cache != struct{}{} {
		t.Error("a member that HAR 1.2 requires is null")
	}
}

func TestNDJSON(t *testing.T) {
	text, err := NDJSON(filled().Since(0).Exchanges)
	if err != nil || strings.Count(string(text), "\n") != 5 {
		t.Fatalf("%v\n%s", err, text)
	}
	var e control.Exchange
	if err := json.Unmarshal([]byte(strings.Split(string(text), "\n")[2]), &e); err != nil || e.Seq != 3 || e.Error != "invalid_grant" {
		t.Errorf("third line: %+v, %v", e, err)
	}
}
