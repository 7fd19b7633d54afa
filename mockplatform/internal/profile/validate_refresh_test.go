package profile

import (
	"slices"
	"strings"
	"testing"
)

func TestImpossibleRefreshPoliciesAreRefused(t *testing.T) {
	base, err := Parse([]byte(small))
	if err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct{ settings, path string }{
		{`{"refresh_token":{"sliding_step":"1d"}}`, "refresh_token.sliding_step"},
		{`{"refresh_token":{"rotates":false,"idle_lifetime":0,"absolute_lifetime":"30d","sliding_step":"1d"}}`, "refresh_token.sliding_step"},
		{`{"refresh_token":{"rotates":false,"rotation_lifetime":"inherited"}}`, "refresh_token.rotation_lifetime"},
		{`{"refresh_token":{"idle_lifetime":0,"rotation_lifetime":"inherited"}}`, "refresh_token.rotation_lifetime"},
		{`{"refresh_token":{"absolute_lifetime":"29d"}}`, "refresh_token.idle_lifetime"},
		{`{"refresh_token":{"max_live":-1}}`, "refresh_token.max_live"},
		{`{"refresh_token":{"earliest_refresh":"30d"}}`, "refresh_token.earliest_refresh"},
		{`{"refresh_token":{"idle_lifetime":0,"absolute_lifetime":"5d","earliest_refresh":"6d"}}`, "refresh_token.earliest_refresh"},
		{`{"consent":{"deny_error":"not now"}}`, "consent.deny_error"},
		{`{"refresh_token":{"grace":{"shape":"new_sibling"}}}`, "refresh_token.grace.window"},
		{`{"refresh_token":{"error_expired":"two words"}}`, "refresh_token.error_expired"},
		{`{"refresh_token":{"error_reused":""}}`, "refresh_token.error_reused"},
		{`{"refresh_token":{"error_unknown":"quo\"te"}}`, "refresh_token.error_unknown"},
	} {
		refusedAt(t, base, tc.settings, tc.path)
	}
}

func TestLenienciesOfRefreshTokens(t *testing.T) {
	base, err := Parse([]byte(small))
	if err != nil {
		t.Fatal(err)
	}
	strict := base.Leniencies()
	for settings, want := range map[string]string{
		`{"refresh_token":{"on_reuse":"reject"}}`:                       "refresh_token.on_reuse=reject",
		`{"refresh_token":{"on_reuse":"revoke_customer"}}`:              "",
		`{"refresh_token":{"grace":{"shape":"until_successor_used"}}}`:  "refresh_token.grace.shape=until_successor_used",
		`{"refresh_token":{"scope_rule":"same_only"}}`:                  "refresh_token.scope_rule=same_only",
		`{"refresh_token":{"scope_rule":"narrow_grant"}}`:               "refresh_token.scope_rule=narrow_grant",
		`{"refresh_token":{"error_status":403}}`:                        "refresh_token.error_status=403",
		`{"refresh_token":{"error_status":400,"error_expired":"gone"}}`: "refresh_token.error_expired=gone",
		`{"refresh_token":{"error_reused":"used"}}`:                     "refresh_token.error_reused=used",
		`{"refresh_token":{"error_unknown":"bad"}}`:                     "refresh_token.error_unknown=bad",
		`{"refresh_token":{"idle_lifetime":0}}`:                         "refresh_token.idle_lifetime=0",
	} {
		p, err := base.With([]byte(settings))
		if err != nil {
			t.Errorf("%s: %v", settings, err)
			continue
		}
		got := slices.DeleteFunc(p.Leniencies(), func(l string) bool { return slices.Contains(strict, l) })
		if strings.Join(got, " ") != want {
			t.Errorf("%s: %v, want %s", settings, got, want)
		}
	}
}
