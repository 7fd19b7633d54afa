package main

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
)

func TestExplain(t *testing.T) {
	code, stdout, stderr := invoke(t, nil, "explain", "CG-02")
	if code != 0 || stderr != "" {
		t.Fatalf("exit code %d: %s", code, stderr)
	}
	for _, want := range []string{
		"CG-02  An authorization code works once\nMUST; binds the authorization server\n",
		"\n  RFC 6749 §10.5  Authorization Codes\n    https://www.rfc-editor.org/rfc/rfc6749#section-10.5\n",
		"\n  S000-26  The code is validated when it is presented\n",
		"\n  CG-01  A customer's consent leads to tokens and to data\n",
		"\n  break: code.reuse=allow_after_1s\n",
		"\nScenarios\n  checks/code.feature:",
	} {
		if !strings.Contains(stdout, want) {
			t.Errorf("%q is missing in\n%s", want, stdout)
		}
	}
}

// Whatever has an id can be explained, and nothing is printed half.
func TestExplainOtherIDs(t *testing.T) {
	for id, want := range map[string]string{
		"S003-27": "requirement\n\nChecks of the server that name it\n  TK-12  ",
		"S001-12": "Checks of the server that name it\n  none\n",
		"CL-03":   "CL-03  A callback in another browser is refused\ncheck of the client\n",
		"TX-01":   "\nScenarios\n",
		"PR-06":   "SHOULD, MUST in the OAuth 2.1 draft; binds the resource server\n",
		"TK-01":   "MUST (the RFC binds the client; ",
		"TK-17":   "on a server in use impossible\n",
		"JT-06":   "\n  break: jwt.hs256_key=weak_word\n",
	} {
		code, stdout, stderr := invoke(t, nil, "explain", id)
		if code != 0 || !strings.Contains(stdout, want) || strings.Contains(stdout, "%!") {
			t.Errorf("%s: exit code %d, %s\nwant %q in\n%s", id, code, stderr, want, stdout)
		}
	}
}

func TestExplainJSON(t *testing.T) {
	code, stdout, stderr := invoke(t, nil, "explain", "RV-06", "-o", "json")
	var got struct {
		ID, Kind, Title string
		Check           struct {
			Level      string
			Citations  []struct{ Kind, Document, Section, Title, URL string }
			RealServer string `json:"real_server"`
			Deviations []struct{ Name, Value string }
		}
		Gates     []struct{ ID string }
		Checks    []string
		Scenarios []struct{ ID, Name string }
	}
	if err := json.Unmarshal([]byte(stdout), &got); err != nil || code != 0 {
		t.Fatalf("exit code %d, %v, %s", code, err, stderr)
	}
	if got.ID != "RV-06" || got.Kind != "check" || got.Check.Level != "MUST" || got.Check.RealServer != "kills" {
		t.Errorf("explained %+v", got)
	}
	cited := got.Check.Citations[0]
	if cited.Kind != "rfc" || cited.Document != "RFC 7009" || cited.Section != "2.1" || cited.Title != "Revocation Request" ||
		cited.URL != "https://www.rfc-editor.org/rfc/rfc7009#section-2.1" {
		t.Errorf("cited %+v", cited)
	}
	var gates []string
	for _, gate := range got.Gates {
		gates = append(gates, gate.ID)
	}
	if !slices.Equal(gates, []string{"CG-01", "CG-09", "PW-01", "RF-01", "RV-01"}) {
		t.Errorf("gates %v", gates)
	}
	if d := got.Check.Deviations; len(d) != 1 || d[0].Name != "revocation.hint" || d[0].Value != "trusted" {
		t.Errorf("deviations %v", d)
	}
	if got.Checks == nil || got.Scenarios == nil {
		t.Error("an empty list is written as null")
	}
}

func TestListChecks(t *testing.T) {
	list := func(args ...string) (ids []string, scenarios map[string]int) {
		t.Helper()
		code, stdout, stderr := invoke(t, nil, append([]string{"list", "--checks", "-o", "json"}, args...)...)
		var document struct {
			Checks []struct {
				ID, Title, Level string
				DraftLevel       string `json:"oauth21_level"`
				Scenarios        int
			}
		}
		if err := json.Unmarshal([]byte(stdout), &document); err != nil || code != 0 {
			t.Fatalf("%v: exit code %d, %v, %s", args, code, err, stderr)
		}
		scenarios = map[string]int{}
		for _, c := range document.Checks {
			if c.Title == "" || c.Level == "" || c.DraftLevel == "" {
				t.Errorf("listed %+v", c)
			}
			ids = append(ids, c.ID)
			scenarios[c.ID] = c.Scenarios
		}
		return ids, scenarios
	}
	all, scenarios := list()
	if len(all) != 144 || scenarios["CG-02"] == 0 {
		t.Errorf("%d checks, %d scenarios for CG-02", len(all), scenarios["CG-02"])
	}
	tests := []struct {
		args []string
		want string
	}{
		{[]string{"--requirement", "S001-11"}, "CG-04"},
		{[]string{"--rfc", "2.1-7.9"}, "UI-04 UI-12"},
		{[]string{"--rfc", "RFC 9126-4"}, "PA-01 PA-02"},
		{[]string{"--rfc", "7662"}, "IN-01 IN-02 IN-03 IN-04"},
		{[]string{"--requirement", "S000-26", "--rfc", "6819"}, "CG-03 CG-05 CG-06"},
	}
	for _, tt := range tests {
		if ids, _ := list(tt.args...); strings.Join(ids, " ") != tt.want {
			t.Errorf("%v: %v, want %s", tt.args, ids, tt.want)
		}
	}
	code, stdout, _ := invoke(t, nil, "list", "--checks", "--rfc", "2.1-5.1")
	if lines := strings.Split(strings.TrimSpace(stdout), "\n"); code != 0 || len(lines) != 2 || !strings.HasPrefix(lines[1], "PR-06  SHOULD (2.1: MUST)  ") {
		t.Errorf("exit code %d: %s", code, stdout)
	}
}
