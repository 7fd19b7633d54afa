package issuer

import (
	"testing"
	"time"

	"github.com/mint-conformance/mint/fixtures"
	"github.com/mint-conformance/mint/mockplatform/internal/profile"
)

// speaking is a Platform of the profile mailup in a dialect.
func speaking(t *testing.T, name string) *desk {
	t.Helper()
	doc, err := fixtures.Dialect(name)
	if err != nil {
		t.Fatal(err)
	}
	d, err := profile.ParseDialect(name, doc)
	if err != nil {
		t.Fatal(err)
	}
	return openWith(t, "mailup", func(p *profile.Profile) (*profile.Profile, error) { return p.Speak(d) })
}

// after moves the desk's time to d after its start.
func (d *desk) after(pause time.Duration) *desk {
	d.now = start.Add(pause)
	return d
}

// sameAfter refreshes one lasting token at each of the times.
func (d *desk) sameAfter(value string, pauses ...time.Duration) {
	d.t.Helper()
	for _, pause := range pauses {
		d.after(pause).refreshed("after "+pause.String(), value)
	}
}

// Each dialect shows what it is known for.
func TestDialects(t *testing.T) {
	tests := map[string]func(t *testing.T, d *desk, first TokenResponse){
		"github": func(t *testing.T, d *desk, first TokenResponse) {
			second := d.refreshed("once", first.RefreshToken)
			d.dead("the old access token", first.AccessToken)
			refused(t, "raced", d.refresh(first.RefreshToken), "bad_refresh_token", 200)
			other := d.connect("oskar").RefreshToken
			refused(t, "expired", d.after(182*day).refresh(other), "bad_refresh_token", 200)
			if second.ExpiresIn != 8*3600 {
				t.Errorf("lives %d s", second.ExpiresIn)
			}
		},
		"xero": func(t *testing.T, d *desk, first TokenResponse) {
			d.refreshed("once", first.RefreshToken)
			d.after(30*time.Minute-1).refreshed("within half an hour", first.RefreshToken)
			refused(t, "after it", d.after(30*time.Minute).refresh(first.RefreshToken), "invalid_grant", 400)
			other := d.connect("oskar").RefreshToken
			refused(t, "unused for 60 days", d.after(30*time.Minute+60*day).refresh(other), "invalid_grant", 400)
		},
		"atlassian": func(t *testing.T, d *desk, first TokenResponse) {
			value := first.RefreshToken
			for n := 1; n <= 4; n++ {
				value = d.after(time.Duration(n)*89*day).refreshed("each 89 days", value).RefreshToken
			}
			refused(t, "after a year", d.after(365*day).refresh(value), "invalid_grant", 403)
			d = speaking(t, "atlassian")
			first = d.connect("maya")
			second := d.refreshed("once", first.RefreshToken)
			d.after(10*time.Minute-1).refreshed("in the leeway", first.RefreshToken)
			refused(t, "after the leeway", d.after(10*time.Minute).refresh(first.RefreshToken), "invalid_grant", 403)
			refused(t, "its family", d.refresh(second.RefreshToken), "invalid_grant", 403)
		},
		"auth0": func(t *testing.T, d *desk, first TokenResponse) {
			for range 199 {
				d.connect("maya")
			}
			first = d.after(hour).refreshed("the oldest of 200", first.RefreshToken)
			d.after(2 * hour)
			for range 199 {
				d.connect("maya")
			}
			d.connect("oskar")
			first = d.refreshed("the oldest of 200 again", first.RefreshToken)
			d.after(3 * hour)
			for range 200 {
				d.connect("maya")
			}
			refused(t, "the oldest of 201", d.refresh(first.RefreshToken), "invalid_grant", 403)
		},
		"linkedin": func(t *testing.T, d *desk, first TokenResponse) {
			d.sameAfter(first.RefreshToken, 59*day, 300*day, 365*day-1)
			refused(t, "a year after consent", d.after(365*day).refresh(first.RefreshToken), "invalid_grant", 400)
			req, _ := d.ParseAuthorize(d.now, d.query())
			if got := member(t, d.Deny(start, req, "pressed").Location(), "error"); got != "user_cancelled_authorize" {
				t.Errorf("denied with %s", got)
			}
		},
		"google": func(t *testing.T, d *desk, first TokenResponse) {
			if again := d.refreshed("once", first.RefreshToken); again.RefreshToken != "" {
				t.Error("the refresh token was repeated")
			}
			d.sameAfter(first.RefreshToken, 181*day, 362*day, 543*day)
			for range 100 {
				d.connect("maya")
			}
			refused(t, "the oldest of 101", d.refresh(first.RefreshToken), "invalid_grant", 400)
		},
		"google-testing": func(t *testing.T, d *desk, first TokenResponse) {
			d.sameAfter(first.RefreshToken, 3*day, 7*day-1)
			refused(t, "after a week", d.after(7*day).refresh(first.RefreshToken), "invalid_grant", 400)
		},
		"zoho": func(t *testing.T, d *desk, first TokenResponse) {
			d.sameAfter(first.RefreshToken, 10_000*day)
			for range 20 {
				d.connect("maya")
			}
			refused(t, "the first of 21", d.refresh(first.RefreshToken), "invalid_code", 400)
		},
		"tiktok": func(t *testing.T, d *desk, first TokenResponse) {
			second := d.after(180*day-1).refreshed("just within 180 days", first.RefreshToken)
			refused(t, "180 days later", d.after(360*day-1).refresh(second.RefreshToken), "invalid_grant", 400)
		},
		"intuit": func(t *testing.T, d *desk, first TokenResponse) {
			for n := 1; n <= 18; n++ {
				d.sameAfter(first.RefreshToken, time.Duration(n)*99*day)
			}
			d.sameAfter(first.RefreshToken, 1825*day-1)
			refused(t, "after five years", d.after(1825*day).refresh(first.RefreshToken), "invalid_grant", 400)
		},
		"instagram": func(t *testing.T, d *desk, first TokenResponse) {
			refused(t, "within a day", d.after(day-1).refresh(first.RefreshToken), "invalid_grant", 400)
			d.sameAfter(first.RefreshToken, day, 60*day)
			refused(t, "60 days later", d.after(120*day).refresh(first.RefreshToken), "invalid_grant", 400)
		},
		"slack": func(t *testing.T, d *desk, first TokenResponse) {
			if second := d.refreshed("once", first.RefreshToken); second.ExpiresIn != 12*3600 {
				t.Errorf("lives %d s", second.ExpiresIn)
			}
			refused(t, "again", d.refresh(first.RefreshToken), "invalid_grant", 400)
		},
		"cognito": func(t *testing.T, d *desk, first TokenResponse) {
			d.refreshed("once", first.RefreshToken)
			d.after(time.Minute-1).refreshed("within a minute", first.RefreshToken)
			refused(t, "after it", d.after(time.Minute).refresh(first.RefreshToken), "invalid_grant", 400)
		},
		"django-oauth-toolkit": func(t *testing.T, d *desk, first TokenResponse) {
			second := d.refreshed("once", first.RefreshToken)
			if again := d.after(2*time.Minute-1).refreshed("again", first.RefreshToken); again.RefreshToken != second.RefreshToken {
				t.Error("another pair")
			}
			refused(t, "two minutes later", d.after(2*time.Minute).refresh(first.RefreshToken), "invalid_grant", 400)
			d.refreshed("the family lives", second.RefreshToken)
		},
		"doorkeeper": func(t *testing.T, d *desk, first TokenResponse) {
			second := d.refreshed("once", first.RefreshToken)
			d.after(90*day).refreshed("much later", first.RefreshToken)
			third := d.refreshed("the successor", second.RefreshToken)
			refused(t, "after that", d.refresh(first.RefreshToken), "invalid_grant", 400)
			d.refreshed("the family lives", third.RefreshToken)
		},
		"airlock": func(t *testing.T, d *desk, first TokenResponse) {
			d.refreshed("once", first.RefreshToken)
			again := d.after(90*day).refreshed("much later", first.RefreshToken)
			d.refreshed("a successor", again.RefreshToken)
			refused(t, "after that", d.refresh(first.RefreshToken), "invalid_grant", 400)
		},
	}
	for _, name := range fixtures.Dialects() {
		shows, known := tests[name]
		if !known {
			t.Errorf("nothing shows what the dialect %s is known for", name)
			continue
		}
		t.Run(name, func(t *testing.T) {
			d := speaking(t, name)
			shows(t, d, d.connect("maya"))
		})
	}
}
