package issuer

import (
	"strings"
	"testing"
	"time"

	"github.com/mint-conformance/mint/mockplatform/control"
)

const hour = time.Hour

// rotatingWith is a Platform whose refresh tokens rotate, with further keys of
// the refresh_token section.
func rotatingWith(t *testing.T, keys string) *desk {
	t.Helper()
	return open(t, "mailup", `{"refresh_token":{`+keys+`}}`)
}

func (d *desk) refreshed(what, value string) TokenResponse {
	d.t.Helper()
	out := d.refresh(value)
	if out.Err != nil {
		d.t.Fatalf("%s: %v (%s)", what, out.Err, out.Err.Why())
	}
	return *out.Answer
}

func TestSlidingByAStep(t *testing.T) {
	d := open(t, "mint", `{"refresh_token":{"sliding_step":"5d"}}`)
	value := d.connect("maya").RefreshToken
	d.now = start.Add(10 * day)
	d.refreshed("first use: lives until day 35", value)
	d.now = start.Add(35*day - 1)
	d.refreshed("just before its end: lives until day 40", value)
	d.now = start.Add(40 * day)
	refused(t, "at its end", d.refresh(value), "invalid_grant", 400)
}

func TestSuccessorMayInheritItsEnd(t *testing.T) {
	for lifetime, wantAlive := range map[string]bool{"fresh": true, "inherited": false} {
		d := rotatingWith(t, `"idle_lifetime":"7d","rotation_lifetime":"`+lifetime+`"`)
		first := d.connect("maya")
		d.now = start.Add(6 * day)
		second := d.refreshed("day six", first.RefreshToken)
		d.now = start.Add(7 * day)
		if out := d.refresh(second.RefreshToken); (out.Err == nil) != wantAlive {
			t.Errorf("%s: a successor of day six at day seven: %v", lifetime, out.Err)
		}
	}
}

func TestPredecessorLivesUntilItsSuccessorIsUsed(t *testing.T) {
	d := rotatingWith(t, `"grace":{"shape":"until_successor_used"}`)
	one := d.connect("maya")
	two := d.refreshed("first use", one.RefreshToken)
	d.now = start.Add(3 * day)
	if !d.introspect(one.RefreshToken).Active {
		t.Error("the predecessor is called inactive while it still works")
	}
	again := d.refreshed("three days later", one.RefreshToken)
	if again.RefreshToken == two.RefreshToken || again.AccessToken == two.AccessToken {
		t.Errorf("the same pair came again: %+v, %+v", two, again)
	}
	d.refreshed("the successor", two.RefreshToken)
	if d.introspect(one.RefreshToken).Active {
		t.Error("the predecessor is called active after its successor's use")
	}
	refused(t, "after the successor's use", d.refresh(one.RefreshToken), "invalid_grant", 400)
	refused(t, "its sibling, since the family ended", d.refresh(again.RefreshToken), "invalid_grant", 400)
}

func TestNewSiblingsBothLive(t *testing.T) {
	d := rotatingWith(t, `"grace":{"shape":"new_sibling","window":"1m"}`)
	one := d.connect("maya")
	two := d.refreshed("first use", one.RefreshToken)
	d.now = d.now.Add(time.Minute - 1)
	sibling := d.refreshed("within the window", one.RefreshToken)
	d.alive("the first answer", two.AccessToken)
	d.refreshed("the sibling", sibling.RefreshToken)
	d.refreshed("the first successor", two.RefreshToken)

	d = rotatingWith(t, `"grace":{"shape":"new_sibling","window":"1m"},"on_reuse":"reject"`)
	one = d.connect("maya")
	d.refreshed("first use", one.RefreshToken)
	d.now = d.now.Add(time.Minute - 1)
	d.refreshed("within the window", one.RefreshToken)
	d.now = d.now.Add(1)
	refused(t, "a minute after the first use", d.refresh(one.RefreshToken), "invalid_grant", 400)
}

func TestReuseMayEndAllGrantsOfTheCustomer(t *testing.T) {
	for reaction, want := range map[string]struct{ family, other bool }{
		"reject": {true, true}, "revoke_family": {false, true}, "revoke_customer": {false, false},
	} {
		d := rotatingWith(t, `"on_reuse":"`+reaction+`"`)
		first, second, oskar := d.connect("maya"), d.connect("maya"), d.connect("oskar")
		successor := d.refreshed("first use", first.RefreshToken)
		refused(t, reaction, d.refresh(first.RefreshToken), "invalid_grant", 400)
		for _, alive := range []struct {
			what, token string
			want        bool
		}{
			{"its own family", successor.AccessToken, want.family}, {"her other grant", second.AccessToken, want.other},
			{"another customer's", oskar.AccessToken, true},
		} {
			if _, err := d.Bearer(d.now, alive.token); (err == nil) != alive.want {
				t.Errorf("%s, %s: %v", reaction, alive.what, err)
			}
		}
	}
}

func TestEarliestRefresh(t *testing.T) {
	d := open(t, "mint", `{"refresh_token":{"earliest_refresh":"24h"}}`)
	value := d.connect("maya").RefreshToken
	d.now = start.Add(day - 1)
	refused(t, "too young", d.refresh(value), "invalid_grant", 400)
	d.now = start.Add(day)
	d.refreshed("a day old", value)
	refused(t, "used a moment ago", d.refresh(value), "invalid_grant", 400)
	d.now = start.Add(2 * day)
	d.refreshed("a day after its use", value)

	d = rotatingWith(t, `"earliest_refresh":"1h"`)
	value = d.connect("maya").RefreshToken
	d.now = start.Add(hour)
	value = d.refreshed("an hour old", value).RefreshToken
	refused(t, "a fresh successor", d.refresh(value), "invalid_grant", 400)
}

func TestOldestRefreshTokenGivesWay(t *testing.T) {
	d := open(t, "mint", `{"refresh_token":{"max_live":2}}`)
	first, second := d.connect("maya"), d.connect("maya")
	oskar := d.connect("oskar")
	d.refreshed("two live ones", first.RefreshToken)
	third := d.connect("maya")
	out := d.refresh(first.RefreshToken)
	refused(t, "the oldest of three", out, "invalid_grant", 400)
	if !strings.Contains(out.Exchange.Reason, "displaced") {
		t.Errorf("the journal says %q", out.Exchange.Reason)
	}
	d.alive("the access token of the oldest", first.AccessToken)
	for what, value := range map[string]string{"second": second.RefreshToken, "third": third.RefreshToken, "oskar's": oskar.RefreshToken} {
		d.refreshed(what, value)
	}
}

func TestFateOfThePreviousAccessToken(t *testing.T) {
	d := rotatingWith(t, `"previous_access_token":"keep"`)
	one := d.connect("maya")
	d.refreshed("keep", one.RefreshToken)
	d.alive("kept", one.AccessToken)
	d = rotatingWith(t, `"previous_access_token":"kill"`)
	one = d.connect("maya")
	two := d.refreshed("kill", one.RefreshToken)
	d.dead("killed", one.AccessToken)
	d.alive("its successor", two.AccessToken)
}

func TestRememberedConsentMayGiveNoRefreshToken(t *testing.T) {
	for rule, want := range map[string]bool{"any_code_grant": true, "full_authorization": false} {
		d := open(t, "mint", `{"consent":{"remember":"same_scope"},"refresh_token":{"issued_by":"`+rule+`"}}`)
		if d.connect("maya").RefreshToken == "" {
			t.Fatalf("%s: a full authorization gave no refresh token", rule)
		}
		req, refusal := d.ParseAuthorize(d.now, d.query())
		if refusal != nil {
			t.Fatal(refusal)
		}
		if !d.Remembered(d.now, req, d.customer("maya")) {
			t.Fatal("the consent is not remembered")
		}
		req.Remembered = true
		location, _, err := d.Approve(d.now, req, d.customer("maya"), req.Scope)
		if err != nil {
			t.Fatal(err)
		}
		out := d.exchange(location.Get("code"))
		if out.Err != nil || (out.Answer.RefreshToken != "") != want {
			t.Errorf("%s: %+v, %v", rule, out.Answer, out.Err)
		}
	}
}

func TestScopeRules(t *testing.T) {
	for rule, want := range map[string]struct{ narrowed, later, wider string }{
		"narrow_access": {"ads.read", "ads.read ads.write", "ads.read ads.write"},
		"narrow_grant":  {"ads.read", "ads.read", "invalid_scope"},
		"same_only":     {"invalid_scope", "ads.read ads.write", "ads.read ads.write"},
	} {
		for _, profile := range []string{"mint", "mailup"} {
			d := open(t, profile, `{"refresh_token":{"scope_rule":"`+rule+`"}}`)
			newest := d.connect("maya").RefreshToken
			ask := func(scope string) string {
				out := d.token("grant_type", "refresh_token", "refresh_token", newest, "scope", scope)
				if out.Err != nil {
					return out.Err.Code
				}
				if out.Answer.RefreshToken != "" {
					newest = out.Answer.RefreshToken
				}
				return out.Answer.Scope
			}
			if got := ask("ads.read"); got != want.narrowed {
				t.Errorf("%s on %s: narrowed to %s", rule, profile, got)
			}
			if got := ask(""); got != want.later {
				t.Errorf("%s on %s: later %s", rule, profile, got)
			}
			if got := ask("ads.write ads.read"); got != want.wider && got != "ads.write ads.read" || (got == "invalid_scope") != (want.wider == "invalid_scope") {
				t.Errorf("%s on %s: wider again %s", rule, profile, got)
			}
		}
	}
}

func TestErrorsOfARefusedRefresh(t *testing.T) {
	d := rotatingWith(t, `"error_status":403,"error_expired":"token_expired","error_reused":"already_used","error_unknown":"bad_refresh_token","on_reuse":"reject"`)
	one, other := d.connect("maya"), d.connect("maya")
	d.refreshed("first use", one.RefreshToken)
	refused(t, "reused", d.refresh(one.RefreshToken), "already_used", 403)
	refused(t, "unknown", d.refresh("never-issued"), "bad_refresh_token", 403)
	d.now = start.Add(14 * day)
	refused(t, "expired", d.refresh(other.RefreshToken), "token_expired", 403)
	refused(t, "a wrong code keeps its status", d.exchange("never-issued"), "invalid_grant", 400)
	if _, err := d.RevokeTokens(d.now, control.TokenSelector{All: true}); err != nil {
		t.Fatal(err)
	}
	refused(t, "revoked", d.refresh(one.RefreshToken), "bad_refresh_token", 403)

	d = open(t, "mindbaz", "")
	refused(t, "the status of invalid_grant holds where none is set", d.refresh("never-issued"), "invalid_grant", 401)
}
