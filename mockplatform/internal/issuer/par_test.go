package issuer

import (
	"errors"
	"net/url"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/mint-conformance/mint/mockplatform/internal/oauth"
)

// pushed pushes a good request and answers its request_uri.
func (d *desk) push() string {
	d.t.Helper()
	out := d.Push(d.now, d.request(d.query()), nil)
	if out.Err != nil {
		d.t.Fatal(out.Err)
	}
	return out.Answer.RequestURI
}

// A hundred browsers with one request_uri are one customer and 99 refusals, and
// a hundred clicks on Allow are one code.
func TestPushedRequestsAreUsedOnce(t *testing.T) {
	d := open(t, "mint", `{"authorize":{"par":true}}`)
	q := url.Values{"client_id": {d.client}, "request_uri": {d.push()}}
	var wait sync.WaitGroup
	var opened, codes, late atomic.Int32
	onward := make(chan url.Values, 100)
	for range 100 {
		wait.Go(func() {
			if next, ok := d.OpenPushed(d.now, q); ok {
				opened.Add(1)
				onward <- next
			}
		})
	}
	wait.Wait()
	if opened.Load() != 1 {
		t.Fatalf("opened %d times", opened.Load())
	}
	req, err := d.ParseAuthorize(d.now, <-onward)
	if err != nil {
		t.Fatal(err)
	}
	for range 100 {
		wait.Go(func() {
			response, _, err := d.Approve(d.now, req, d.customer("maya"), req.Scope)
			if err == nil && response.Get("code") != "" {
				codes.Add(1)
			} else if errors.Is(err, ErrAnswered) {
				late.Add(1)
			}
		})
	}
	wait.Wait()
	if codes.Load() != 1 || late.Load() != 99 {
		t.Errorf("%d codes, %d refusals", codes.Load(), late.Load())
	}
}

// A request that nobody opened is not judged by its request_uri alone.
func TestUnopenedRequestsShowNoPage(t *testing.T) {
	d := open(t, "mint", `{"authorize":{"par":true}}`)
	q := url.Values{"client_id": {d.client}, "request_uri": {d.push()}}
	if _, err := d.ParseAuthorize(d.now, q); err == nil || err.Code != oauth.InvalidRequestURI || err.Channel != oauth.ChannelPage {
		t.Errorf("%v", err)
	}
	d.now = d.now.Add(59 * time.Second)
	if _, ok := d.OpenPushed(d.now, q); !ok {
		t.Error("refused within its lifetime")
	}
}

// A challenge asks for its verifier and a verifier for its challenge (RFC 9700
// section 4.8.2), unless the Platform knows no PKCE at all.
func TestChallengeAndVerifierBelongTogether(t *testing.T) {
	for _, tc := range []struct {
		rule                string
		challenge, verifier string
		want                bool
	}{
		{"required", "S256", verifier, true},
		{"required", "S256", "", false},
		{"required", "S256", verifier + "x", false},
		{"optional", "S256", verifier, true},
		{"optional", "S256", "", false},
		{"optional", "", verifier, false},
		{"optional", "", "", true},
		{"off", "S256", "", true},
		{"off", "", verifier, true},
	} {
		d := open(t, "mint", `{"authorize":{"pkce":"`+tc.rule+`"}}`)
		query := []string{}
		if tc.challenge == "" {
			query = []string{"code_challenge", "", "code_challenge_method", ""}
		}
		out := d.token("grant_type", "authorization_code", "code", d.code("maya", query...), "redirect_uri", callback, "code_verifier", tc.verifier)
		if (out.Err == nil) != tc.want || !tc.want && out.Err.Code != oauth.InvalidGrant {
			t.Errorf("%+v: %v", tc, out.Err)
		}
	}
}

// The rule on repeating redirect_uri, for requests that named one and that did
// not (RFC 6749 section 4.1.3, S001-14).
func TestRedirectURIAtTheTokenEndpoint(t *testing.T) {
	for _, tc := range []struct {
		rule, asked, repeated, want string // want "" for tokens
	}{
		{"if_sent", callback, callback, ""},
		{"if_sent", callback, "", "invalid_request"},
		{"if_sent", callback, callback + "/", "invalid_grant"},
		{"if_sent", "", "", ""},
		{"if_sent", "", callback, ""},
		{"required", "", "", "invalid_request"},
		{"required", "", callback, ""},
		{"required", callback, "", "invalid_request"},
		{"ignored", callback, "", ""},
		{"ignored", callback, "https://elsewhere.example/", ""},
	} {
		d := open(t, "mint", `{"code":{"redirect_uri_at_token":"`+tc.rule+`"}}`)
		out := d.token("grant_type", "authorization_code", "code", d.code("maya", "redirect_uri", tc.asked), "redirect_uri", tc.repeated, "code_verifier", verifier)
		got := ""
		if out.Err != nil {
			got = out.Err.Code
		}
		if got != tc.want {
			t.Errorf("%+v: %q", tc, got)
		}
	}
}

func TestCodeLifetimeEndsToTheNanosecond(t *testing.T) {
	for _, lifetime := range []time.Duration{time.Second, 30 * time.Second, 10 * time.Minute} {
		for _, early := range []time.Duration{1, 0} {
			d := open(t, "mint", `{"code":{"lifetime":"`+lifetime.String()+`"}}`)
			code := d.code("maya")
			d.now = d.now.Add(lifetime - early)
			if out := d.exchange(code); (out.Err == nil) != (early > 0) {
				t.Errorf("%s, %d ns before its end: %v", lifetime, early, out.Err)
			}
		}
	}
}
