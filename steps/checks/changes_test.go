package checks

import (
	"testing"

	"github.com/mint-conformance/mint/steps/target"
)

// TestChangesOfATokenRequest: what the words of tables put on the wire.
func TestChangesOfATokenRequest(t *testing.T) {
	main := &target.Client{ID: "app", Secret: "main-secret", Method: "basic"}
	second := &target.Client{ID: "other", Secret: "other-secret", Method: "body"}
	in := func() *trial {
		return &trial{target: &target.Target{
			Endpoints: target.Endpoints{Token: "https://server.test/token"},
			Clients:   target.Clients{Main: main, Second: second},
		}}
	}
	right := map[string][]string{"grant_type": {"authorization_code"}, "code": {"abcd1234"}}
	for words, want := range map[string]struct {
		method, query, form, body, id, secret string
	}{
		"in the right way":                         {"POST", "", "code=abcd1234&grant_type=authorization_code", "", "app", "main-secret"},
		"without code":                             {"POST", "", "grant_type=authorization_code", "", "app", "main-secret"},
		"with an empty code":                       {"POST", "", "code=&grant_type=authorization_code", "", "app", "main-secret"},
		`with code "a, b"`:                         {"POST", "", "code=a%2C+b&grant_type=authorization_code", "", "app", "main-secret"},
		"with code twice":                          {"POST", "", "code=abcd1234&code=abcd1234&grant_type=authorization_code", "", "app", "main-secret"},
		"with client_id twice":                     {"POST", "", "client_id=app&client_id=app&code=abcd1234&grant_type=authorization_code", "", "app", "main-secret"},
		"with a wrong secret":                      {"POST", "", "code=abcd1234&grant_type=authorization_code", "", "app", "main-aecret"},
		"without a secret":                         {"POST", "", "client_id=app&code=abcd1234&grant_type=authorization_code", "", "", ""},
		"without credentials":                      {"POST", "", "code=abcd1234&grant_type=authorization_code", "", "", ""},
		"as the second client":                     {"POST", "", "client_id=other&client_secret=other-secret&code=abcd1234&grant_type=authorization_code", "", "", ""},
		"with code spelled Code":                   {"POST", "", "Code=abcd1234&grant_type=authorization_code", "", "app", "main-secret"},
		"with a shortened code":                    {"POST", "", "code=abcd&grant_type=authorization_code", "", "app", "main-secret"},
		"as JSON":                                  {"POST", "", "", `{"code":"abcd1234","grant_type":"authorization_code"}`, "app", "main-secret"},
		"with all parameters in the query, by GET": {"GET", "code=abcd1234&grant_type=authorization_code", "", "", "app", "main-secret"},
		"with credentials in the query": {
			"POST", "client_id=app&client_secret=main-secret", "code=abcd1234&grant_type=authorization_code", "", "", "",
		},
		"with credentials over Basic and in the body": {
			"POST", "", "client_id=app&client_secret=main-secret&code=abcd1234&grant_type=authorization_code", "", "app", "main-secret",
		},
	} {
		o := in().order(main, right)
		if err := o.change(words); err != nil {
			t.Error(err)
			continue
		}
		r := o.request(words)
		got := [...]string{r.Method, r.Query.Encode(), r.Form.Encode(), r.Body, r.BasicID, r.BasicSecret}
		if got != [...]string{want.method, want.query, want.form, want.body, want.id, want.secret} {
			t.Errorf("%s: %q, want %+v", words, got, want)
		}
	}
	if err := in().order(main, right).change("with a wrong sceret"); err == nil {
		t.Error("an unknown change was made")
	}
}

// TestOneOff: same length, same alphabet, one character.
func TestOneOff(t *testing.T) {
	for text, want := range map[string]string{"abcdef": "abcaef", "ABCABC": "ABCBBC", "12-34": "12-04", "": "x", "aa..": "aa..x"} {
		if got := oneOff(text); got != want {
			t.Errorf("%q became %q, want %q", text, got, want)
		}
	}
}
