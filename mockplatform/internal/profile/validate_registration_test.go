package profile

import (
	"errors"
	"slices"
	"testing"
)

func TestRegistrationAndTokenEndpointFitTogether(t *testing.T) {
	for _, tc := range []struct {
		base, settings, path string // no path: it is good
		leniency             string // "" for none that is new
	}{
		{"mint", `{"registration":{"mode":"dcr"}}`, "", ""},
		{"mint", `{"registration":{"mode":"dcr","initial_token":"initial-token-for-tests"}}`, "", ""},
		{"mint", `{"registration":{"mode":"dcr","initial_token":"short"}}`, "registration.initial_token", ""},
		{"mint", `{"registration":{"mode":"dcr","initial_token":"with a space in it"}}`, "registration.initial_token", ""},
		{"mint", `{"registration":{"initial_token":"initial-token-for-tests"}}`, "registration.initial_token", ""},
		{"service", `{"registration":{"mode":"dcr","extra_fields":[]},"token":{"credentials_in":["query"]},"clients":{"service-mint":{"auth_methods":["query"]}}}`, "token.credentials_in", ""},
		{"service", `{"registration":{"mode":"dcr"}}`, "registration.extra_fields", ""},
		{"service", `{"registration":{"extra_fields":["description","logo","contact"]}}`, "", ""},
		{"service", `{"registration":{"extra_fields":["phone"]}}`, "registration.extra_fields[0]", ""},
		{"mint", `{"registration":{"portal":"down"}}`, "registration.portal", ""},
		{"mailup", `{"registration":{"portal":"down"}}`, "", ""},
		{"mint", `{"registration":{"redirect_change":"drain"}}`, "registration.redirect_change", ""},
		{"mint", `{"registration":{"mode":"dcr","redirect_change":"drain"}}`, "", "registration.redirect_change=drain"},
		{"service", `{"registration":{"redirect_change":"drain"}}`, "", "registration.redirect_change=drain"},
		{"mindbaz", `{"clients":{"101":{"name":"x","type":"public","grants":["password"],"auth_methods":["none"]}}}`, "registration.mode", ""},
		{"mindbaz", `{"token":{"client_id_required":false}}`, "", "token.client_id_required=false"},
		{"mint", `{"token":{"client_id_required":false}}`, "token.client_id_required", ""},
		{
			"mindbaz", `{"registration":{"mode":"manual"},"token":{"client_id_required":false},"clients":{"101":{"name":"x","type":"public","grants":["password"],"auth_methods":["none"]}}}`,
			"token.client_id_required", "",
		},
	} {
		base := embedded(t, tc.base)
		p, err := base.With([]byte(tc.settings))
		var faults Faults
		if tc.path == "" {
			if err != nil {
				t.Errorf("%s %s: %v", tc.base, tc.settings, err)
			} else if added := slices.Contains(p.Leniencies(), tc.leniency); added != (tc.leniency != "") {
				t.Errorf("%s %s: leniencies %v", tc.base, tc.settings, p.Leniencies())
			}
			continue
		}
		if !errors.As(err, &faults) || !slices.ContainsFunc(faults, func(f Fault) bool { return f.Path == tc.path }) {
			t.Errorf("%s %s: %v, want a fault at %s", tc.base, tc.settings, err, tc.path)
		}
	}
}

func TestTheAssumedClientIsTheOnlyPublicOne(t *testing.T) {
	base := embedded(t, "mindbaz")
	if got := base.Assumed(); got != "" {
		t.Errorf("client_id is required, and %q is assumed", got)
	}
	p, err := base.With([]byte(`{"token":{"client_id_required":false}}`))
	if err != nil || p.Assumed() != "100" {
		t.Errorf("assumed %q, %v; want 100", p.Assumed(), err)
	}
}
