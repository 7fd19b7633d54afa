package command_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/mint-conformance/mint/mockplatform/control"
)

// reached says by what each operation of the control API is reached: a ctl
// command line and a method of the Go client.
var reached = map[string]struct {
	method string
	args   []string
}{
	"health":         {"Health", []string{"health"}},
	"openapi":        {"OpenAPI", []string{"openapi"}},
	"profiles":       {"Profiles", []string{"profiles"}},
	"platforms":      {"Platforms", []string{"platforms", "list"}},
	"createPlatform": {"CreatePlatform", []string{"platforms", "create", "mint"}},
	"platform":       {"Platform", []string{"platforms", "show", "p"}},
	"deletePlatform": {"DeletePlatform", []string{"platforms", "delete", "p"}},
	"clock":          {"Clock", []string{"clock", "show", "p"}},
	"changeClock":    {"ChangeClock", []string{"clock", "advance", "p", "1m"}},
	"unfollowClock":  {"UnfollowClock", []string{"clock", "unfollow", "p", "f"}},
	"faults":         {"Faults", []string{"faults", "list", "p"}},
	"armFault":       {"ArmFault", []string{"faults", "arm", "p", "--endpoint", "api", "--kind", "unauthorized"}},
	"disarmFault":    {"DisarmFault", []string{"faults", "disarm", "p", "f"}},
	"expireTokens":   {"ExpireTokens", []string{"tokens", "expire", "p", "--all"}},
	"revokeTokens":   {"RevokeTokens", []string{"tokens", "revoke", "p", "--all"}},
	"rotateKey":      {"RotateKey", []string{"keys", "rotate", "p"}},
	"journal":        {"Journal", []string{"journal", "show", "p"}},
	"grants":         {"Grants", []string{"grants", "p"}},
}

// Whatever the control API can do, ctl and the Go client can do: every
// operation of openapi.json is asked for by a ctl command, which is run here
// against a server that writes down what arrives.
func TestEveryOperationIsReached(t *testing.T) {
	var document struct {
		Paths map[string]map[string]json.RawMessage `json:"paths"`
	}
	if err := json.Unmarshal(control.OpenAPI(), &document); err != nil {
		t.Fatal(err)
	}
	var asked string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked = r.Method + " " + r.URL.Path
		_, _ = io.WriteString(w, "{}")
	}))
	defer server.Close()
	left := map[string]bool{}
	for id := range reached {
		left[id] = true
	}
	variable := regexp.MustCompile(`\{[a-z]+\}`)
	for path, operations := range document.Paths {
		for verb, raw := range operations {
			if verb == "parameters" {
				continue
			}
			var operation struct{ OperationID string }
			if err := json.Unmarshal(raw, &operation); err != nil {
				t.Fatal(err)
			}
			by, ok := reached[operation.OperationID]
			if !ok {
				t.Errorf("%s %s (%s) has no ctl command and no Go method: name them in reached", verb, path, operation.OperationID)
				continue
			}
			delete(left, operation.OperationID)
			if _, has := reflect.TypeFor[*control.Client]().MethodByName(by.method); !has {
				t.Errorf("%s: the Go client has no method %s", operation.OperationID, by.method)
			}
			asked = ""
			if _, code, err := run(t, append([]string{"ctl", "--control", server.URL}, by.args...)...); err != nil {
				t.Errorf("ctl %v: exit %d, %v", by.args, code, err)
			}
			want := regexp.MustCompile("^" + strings.ToUpper(verb) + " " + variable.ReplaceAllString(path, "[a-z]+") + "$")
			if !want.MatchString(asked) {
				t.Errorf("ctl %v asked for %q, want %s", by.args, asked, want)
			}
		}
	}
	for id := range left {
		t.Errorf("%s is no operation of openapi.json", id)
	}
}
