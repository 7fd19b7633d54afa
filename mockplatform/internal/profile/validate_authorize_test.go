package profile

import (
	"errors"
	"slices"
	"testing"
)

func TestAuthorizationOptionsFitTogether(t *testing.T) {
	public := `"clients":{"mint-web":{"type":"public","secret":"","auth_methods":["none"]}},"token":{"credentials_in":["none"]},"refresh_token":{"rotates":true,"returned":true}`
	for _, tc := range []struct {
		base, settings, path string // no path: it is good
		leniency             string // "" for none that is new
	}{
		{"mint", `{"authorize":{"response_modes":["form_post","query","web_message"]}}`, "", ""},
		{"mint", `{"authorize":{"response_modes":["manual"]}}`, "", "authorize.response_modes=manual"},
		{"mint", `{"authorize":{"response_modes":[]}}`, "authorize.response_modes", ""},
		{"mint", `{"authorize":{"response_modes":["query","query"]}}`, "authorize.response_modes[1]", ""},
		{"mint", `{"authorize":{"response_modes":["fragment"]}}`, "authorize.response_modes[0]", ""},
		{"mint", `{"authorize":{"response_types":["code","token"]}}`, "", "authorize.response_types=token"},
		{"mint", `{"authorize":{"response_types":["token"]}}`, "authorize.response_types", ""},
		{"mint", `{"authorize":{"response_types":["code","code"]}}`, "authorize.response_types[1]", ""},
		{"mint", `{"authorize":{"par":true,"client_identification":"par"}}`, "", ""},
		{"mint", `{"authorize":{"client_identification":"par"}}`, "authorize.client_identification", ""},
		{"mint", `{"authorize":{"par":true,"par_lifetime":"11m"}}`, "authorize.par_lifetime", ""},
		{"mint", `{"authorize":{"par":true,"par_lifetime":"500ms"}}`, "authorize.par_lifetime", ""},
		{"mindbaz", `{"authorize":{"par":true}}`, "authorize.par", ""},
		{"strict", `{"authorize":{"errors":"at_once"}}`, "", "authorize.errors=at_once"},
		{"mint", `{"authorize":{"errors":"after_login"}}`, "", ""},
		{"mint", `{"authorize":{"client_identification":"secret_in_query"}}`, "", "authorize.client_identification=secret_in_query"},
		{"mint", `{"authorize":{"client_identification":"secret_in_query"},` + public + `}`, "authorize.client_identification", ""},
		{"mint", `{"sign_in":{"methods":["session","one_click"]}}`, "", "sign_in.methods=one_click"},
		{"mint", `{"sign_in":{"methods":["sso_stub"]}}`, "", "sign_in.methods=sso_stub"},
		{"mint", `{"sign_in":{"methods":["password"]}}`, "", ""},
		{"mint", `{"sign_in":{"methods":["session"]}}`, "sign_in.methods", ""},
		{"mint", `{"sign_in":{"methods":[]}}`, "sign_in.methods", ""},
		{"mint", `{"sign_in":{"methods":["password","session"]}}`, "sign_in.methods[1]", ""},
		{"mint", `{"sign_in":{"methods":["password","password"]}}`, "sign_in.methods[1]", ""},
		{"mint", `{"sign_in":{"session_lifetime":"0s"}}`, "sign_in.session_lifetime", ""},
		{"mint", `{"consent":{"kind":"popup"}}`, "", ""},
		{"mint", `{"consent":{"kind":"iframe_widget"}}`, "", "consent.kind=iframe_widget"},
		{"mint", `{"consent":{"remember":"same_scope"}}`, "", "consent.remember=same_scope"},
		{"mint", `{"resource_owner":"operator"}`, "", "resource_owner=operator"},
		{"mint", `{"resource_owner":"operator","consent":{"remember":"same_scope"}}`, "consent.remember", ""},
		{"mint", `{"code":{"lifetime":"10m"}}`, "", ""},
		{"mint", `{"code":{"lifetime":"601s"}}`, "code.lifetime", ""},
		{"mint", `{"code":{"redirect_uri_at_token":"ignored"}}`, "", "code.redirect_uri_at_token=ignored"},
	} {
		p, err := embedded(t, tc.base).With([]byte(tc.settings))
		if tc.path == "" {
			if err != nil {
				t.Errorf("%s %s: %v", tc.base, tc.settings, err)
			} else if added := slices.Contains(p.Leniencies(), tc.leniency); added != (tc.leniency != "") || tc.leniency == "" && len(p.Leniencies()) > len(embedded(t, tc.base).Leniencies()) {
				t.Errorf("%s %s: leniencies %v", tc.base, tc.settings, p.Leniencies())
			}
			continue
		}
		var faults Faults
		if !errors.As(err, &faults) || !slices.ContainsFunc(faults, func(f Fault) bool { return f.Path == tc.path }) {
			t.Errorf("%s %s: %v, want a fault at %s", tc.base, tc.settings, err, tc.path)
		}
	}
}

func TestWindowsOfTheApplicationAnswerByMessage(t *testing.T) {
	for settings, want := range map[string][]string{
		`{}`:                           {"query"},
		`{"consent":{"kind":"popup"}}`: {"web_message", "query"},
		`{"consent":{"kind":"iframe_widget"},"authorize":{"response_modes":["form_post","web_message"]}}`: {"web_message", "form_post"},
		`{"authorize":{"response_modes":["form_post","query"]}}`:                                          {"form_post", "query"},
	} {
		p, err := embedded(t, "mint").With([]byte(settings))
		if err != nil {
			t.Fatal(err)
		}
		if got := p.ResponseModes(); !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", settings, got, want)
		}
	}
}
