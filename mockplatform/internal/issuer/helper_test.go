package issuer

import (
	"encoding/base64"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/mint-conformance/mint/fixtures"
	"github.com/mint-conformance/mint/mockplatform/control"
	"github.com/mint-conformance/mint/mockplatform/internal/journal"
	"github.com/mint-conformance/mint/mockplatform/internal/oauth"
	"github.com/mint-conformance/mint/mockplatform/internal/profile"
	"github.com/mint-conformance/mint/mockplatform/internal/token"
)

const (
	issuerURL = "http://127.0.0.1:9400/p"
	callback  = "http://127.0.0.1:9500/oauth/callback"
	verifier  = "a-code-verifier-that-is-long-enough-for-the-rule"
	day       = 24 * time.Hour
)

var start = time.Date(2026, 11, 14, 9, 0, 0, 500, time.UTC)

// desk is an Issuer with the time and the words that tests use.
type desk struct {
	*Issuer
	t      testing.TB
	now    time.Time
	client string
	secret string
}

var clients = map[string][2]string{
	"mint":    {"mint-web", "mint-web-secret-for-tests-only"},
	"mailup":  {"mailup-mint", "mailup-mint-secret-for-tests-only"},
	"service": {"service-mint", "service-mint-secret-for-tests-only"},
	"mindbaz": {"100", ""},
}

func open(t testing.TB, name, settings string) *desk {
	t.Helper()
	return openWith(t, name, func(p *profile.Profile) (*profile.Profile, error) { return p.With([]byte(settings)) })
}

// openWith is open with a profile that change makes of the embedded one.
func openWith(t testing.TB, name string, change func(*profile.Profile) (*profile.Profile, error)) *desk {
	t.Helper()
	doc, err := fixtures.Profile(name)
	if err != nil {
		t.Fatal(err)
	}
	p, err := profile.Parse(doc)
	if err != nil {
		t.Fatal(err)
	}
	if p, err = change(p); err != nil {
		t.Fatal(err)
	}
	i, err := New(Config{
		Profile: p, Issuer: issuerURL, Store: token.NewMemory(),
		Endpoints:    control.Endpoints{Authorize: issuerURL + "/oauth2/authorize", Token: issuerURL + "/oauth2/token"},
		Fingerprints: journal.NewFingerprinter([]byte("0123456789abcdef")),
	})
	if err != nil {
		t.Fatal(err)
	}
	return &desk{Issuer: i, t: t, now: start, client: clients[name][0], secret: clients[name][1]}
}

// query is a good authorization request of the desk's client, changed by pairs
// of name and value; an empty value removes a parameter.
func (d *desk) query(pairs ...string) url.Values {
	q := url.Values{
		"response_type": {"code"}, "client_id": {d.client}, "redirect_uri": {callback}, "state": {"s1"},
		"code_challenge": {oauth.S256(verifier)}, "code_challenge_method": {"S256"},
	}
	for n := 0; n < len(pairs); n += 2 {
		q.Del(pairs[n])
		if pairs[n+1] != "" {
			q.Set(pairs[n], pairs[n+1])
		}
	}
	return q
}

// customer must be known.
func (d *desk) customer(key string) profile.Customer {
	d.t.Helper()
	c, ok := d.profile.Customer(key)
	if !ok {
		d.t.Fatalf("no customer %s", key)
	}
	return c
}

// code lets a customer consent to everything he can, and answers the code.
func (d *desk) code(customer string, pairs ...string) string {
	d.t.Helper()
	req, err := d.ParseAuthorize(d.now, d.query(pairs...))
	if err != nil {
		d.t.Fatalf("authorize: %v (%s)", err, err.Channel)
	}
	location, _, approveErr := d.Approve(d.now, req, d.customer(customer), req.Scope)
	if approveErr != nil {
		d.t.Fatal(approveErr)
	}
	return location.Get("code")
}

func member(t testing.TB, location, name string) string {
	t.Helper()
	u, err := url.Parse(location)
	if err != nil {
		t.Fatal(err)
	}
	return u.Query().Get(name)
}

// form is a token request's body from pairs of name and value; empty values
// are left out.
func form(pairs ...string) url.Values {
	v := url.Values{}
	for n := 0; n < len(pairs); n += 2 {
		if pairs[n+1] != "" {
			v.Set(pairs[n], pairs[n+1])
		}
	}
	return v
}

func basicHeader(id, secret string) []string {
	raw := url.QueryEscape(id) + ":" + url.QueryEscape(secret)
	return []string{"Basic " + base64.StdEncoding.EncodeToString([]byte(raw))}
}

// request is a POST of the desk's client: Basic for a confidential one,
// client_id in the body for a public one.
func (d *desk) request(body url.Values) Request {
	r := Request{Method: "POST", ContentType: "application/x-www-form-urlencoded"}
	if d.secret != "" {
		r.Authorization = basicHeader(d.client, d.secret)
	} else {
		body.Set("client_id", d.client)
	}
	r.Body = []byte(body.Encode())
	return r
}

func (d *desk) token(pairs ...string) Outcome[TokenResponse] {
	d.t.Helper()
	return d.Token(d.now, d.request(form(pairs...)), nil)
}

// exchange swaps a code for tokens.
func (d *desk) exchange(code string) Outcome[TokenResponse] {
	d.t.Helper()
	return d.token("grant_type", "authorization_code", "code", code, "redirect_uri", callback, "code_verifier", verifier)
}

// connect runs the whole code grant for a customer.
func (d *desk) connect(customer string) TokenResponse {
	d.t.Helper()
	out := d.exchange(d.code(customer))
	if out.Err != nil {
		d.t.Fatalf("exchange: %v (%s)", out.Err, out.Err.Why())
	}
	return *out.Answer
}

func (d *desk) refresh(value string) Outcome[TokenResponse] {
	d.t.Helper()
	return d.token("grant_type", "refresh_token", "refresh_token", value)
}

// alive fails the test unless the access token opens the API.
func (d *desk) alive(what, accessToken string) {
	d.t.Helper()
	if _, err := d.Bearer(d.now, accessToken); err != nil {
		d.t.Errorf("%s: %v, want it alive", what, err)
	}
}

// dead fails the test unless the API answers 401 invalid_token.
func (d *desk) dead(what, accessToken string) {
	d.t.Helper()
	_, err := d.Bearer(d.now, accessToken)
	if err == nil || err.Code != oauth.InvalidToken || err.Status != 401 || !strings.Contains(err.Challenge, `error="invalid_token"`) {
		d.t.Errorf("%s: %v, want 401 invalid_token with a challenge", what, err)
	}
}

// refused fails the test unless out is the given error.
func refused[T any](t testing.TB, what string, out Outcome[T], code string, status int) {
	t.Helper()
	switch {
	case out.Err == nil:
		t.Errorf("%s: accepted, want %s", what, code)
	case out.Err.Code != code || out.Err.Status != status:
		t.Errorf("%s: %d %v, want %d %s", what, out.Err.Status, out.Err, status, code)
	case out.Answer != nil:
		t.Errorf("%s: an answer stands beside the error", what)
	case out.Exchange.Error != code || out.Exchange.Reason == "":
		t.Errorf("%s: the journal says %q because %q", what, out.Exchange.Error, out.Exchange.Reason)
	}
}
