package pages

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// shown is a page with fields a, b (a password) and a button, as the person saw it.
func shown(id, address string) document {
	return document{ID: id, Page: Page{URL: "https://auth.example" + address, Text: "Bitte weiter", Forms: []Form{{
		Fields: []Field{
			{ID: "a", Name: "a", Type: "text", Ref: "0"}, {Name: "b", Type: "password", Label: "Kennwort", Ref: "1"},
			{ID: "f-7731", Type: "text", Label: "Ort", Ref: "2"}, {Type: "text", Ref: "3"},
		},
		Buttons: []Button{{ID: "go", Text: "»", Ref: "4"}, {Text: "Weiter", Ref: "5"}, {Text: "Weiter als maya", Ref: "6"}},
	}}}}
}

func TestLearn(t *testing.T) {
	at := func(id, address, kind, ref, value string) deed {
		return deed{Kind: kind, Ref: ref, Value: value, What: "i#sign", Top: true, Page: shown(id, address)}
	}
	consent := document{ID: "c", Page: Page{URL: "https://auth.example/consent", Forms: []Form{{Buttons: []Button{{ID: "no", Text: "Deny", Ref: "0"}, {ID: "yes", Text: "Allow", Ref: "1"}}}}}}
	banner := document{ID: "n", Page: Page{URL: "https://auth.example/", Text: "We use cookies", Forms: []Form{{Text: "We use cookies", Buttons: []Button{{ID: "reject", Text: "Reject", Ref: "0"}}}}}}
	allow := deed{Kind: "click", Ref: "1", Top: true, Page: consent}
	named, secret := at("1", "/login", "fill", "0", "maya"), at("1", "/login", "fill", "1", "s3cret-word")
	filled := map[string]string{"#a": "${username}", "[name=b]": "${password}"}
	tests := []struct {
		name  string
		deeds []deed
		want  []Step
		vars  map[string]string
		notes string
	}{
		{"a login with a consent that can be read", []deed{named, secret, at("1", "/login", "click", "4", ""), allow}, []Step{{URL: "/login", Fill: filled, Click: "#go"}}, nil, ""},
		{"Enter in the place of a button", []deed{named, secret, allow}, []Step{{URL: "/login", Fill: filled}}, nil, ""},
		{"a banner comes first", []deed{{Kind: "click", Ref: "0", Top: true, Page: banner}, named, secret, allow}, []Step{{Click: "#reject", Optional: true}, {URL: "/login", Fill: filled}}, nil, ""},
		{
			"a consent that nobody knows", []deed{named, secret, at("1", "/login", "click", "4", ""), at("2", "/ask", "click", "5", "")}, []Step{{URL: "/login", Fill: filled, Click: "#go"}}, nil,
			"the last click, on Weiter at /ask, was taken for the decision of the customer and left out; whether that page can be read shows when doctor runs with these steps",
		},
		{
			"a wrong password first", []deed{named, at("1", "/login", "fill", "1", "not-it"), at("1", "/login", "click", "4", ""), at("2", "/login", "fill", "0", "maya"), at("2", "/login", "fill", "1", "s3cret-word"), at("2", "/login", "click", "4", ""), allow},
			[]Step{{URL: "/login", Fill: filled, Click: "#go"}}, nil, "what was typed into [name=b] is not the password of the file",
		},
		{
			"something else is typed, and the id is made up", []deed{at("1", "/login", "fill", "2", "bergwerk"), named, secret, allow},
			[]Step{{URL: "/login", Fill: map[string]string{"#a": "${username}", "[name=b]": "${password}", "Ort": "${env.LOGIN_ORT}"}}}, map[string]string{"LOGIN_ORT": "Ort"}, "",
		},
		{"a field is corrected", []deed{at("1", "/login", "fill", "0", "may"), secret, named, allow}, []Step{{URL: "/login", Fill: filled}}, nil, ""},
		{"a field is emptied", []deed{at("1", "/login", "fill", "2", "x"), at("1", "/login", "fill", "2", ""), named, secret, allow}, []Step{{URL: "/login", Fill: filled}}, nil, ""},
		{
			"paths that differ", []deed{at("1", "/t/bergwerk/4711/login", "fill", "2", "bergwerk"), at("1", "/t/bergwerk/4711/login;jsessionid=8", "click", "5", ""), at("2", "/u/6f1e0f9a-22c4-4d55/", "fill", "1", "s3cret-word"), allow},
			[]Step{{URL: "/t/*/*/login", Fill: map[string]string{"Ort": "${env.LOGIN_ORT}"}, Click: "Weiter"}, {URL: "/u/*/", Fill: map[string]string{"[name=b]": "${password}"}}}, map[string]string{"LOGIN_ORT": "Ort"}, "",
		},
		{
			"what cannot be said", []deed{at("1", "/login", "odd", "-1", ""), at("1", "/login", "fill", "3", "x"), at("1", "/login", "click", "6", ""), named, secret, allow}, []Step{{URL: "/login", Fill: filled}}, nil,
			"a click on i#sign at /login is none on a button or a link, which login cannot say|a field at /login has no id, name or label of its own, which login could say|a button at /login has no id, name or text of its own, which login could say",
		},
		{"a frame", []deed{{Kind: "fill", Ref: "1", Value: "s3cret-word", Page: shown("f", "/inner")}, allow}, []Step{{Fill: map[string]string{"[name=b]": "${password}"}}}, nil, ""},
		{"nothing", nil, nil, nil, "the password of the file was not typed; look whether it is the one of the account"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := learn(tt.deeds, Walk{Username: "maya", Password: "s3cret-word"})
			if tt.vars == nil {
				tt.vars = map[string]string{}
			}
			if diff := cmp.Diff(Lesson{tt.want, tt.vars, nil}, Lesson{got.Steps, got.Variables, nil}); diff != "" {
				t.Error(diff)
			}
			if notes := strings.Join(got.Notes, "|"); notes != tt.notes {
				t.Errorf("noted %q, want %q", notes, tt.notes)
			}
			for i, step := range got.Steps {
				if key, fault := step.Fault(); fault != "" {
					t.Errorf("step %d: %s: %s", i, key, fault)
				}
			}
			for _, typed := range []string{"s3cret-word", "bergwerk", "not-it", "maya"} {
				if strings.Contains(fmt.Sprint(got), typed) {
					t.Errorf("%q is in %v", typed, got)
				}
			}
		})
	}
}
