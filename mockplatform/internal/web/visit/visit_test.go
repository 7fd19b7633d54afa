package visit_test

import (
	"crypto/rand"
	"testing"
	"time"

	"github.com/mint-conformance/mint/mockplatform/internal/lapse"
	"github.com/mint-conformance/mint/mockplatform/internal/web/visit"
)

const lifetime = time.Hour

var start = time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC)

// newSessions have a key of their own.
func newSessions() *visit.Sessions {
	return visit.NewSessions([]byte(rand.Text()), rand.Reader, lifetime, lapse.NewMemory(visit.MaxSessions))
}

func TestLoginRenewsTheSession(t *testing.T) {
	sessions := newSessions()
	before := sessions.NewID()
	after := sessions.Login(start, before, "maya", "")
	if after == before {
		t.Fatal("the id planted before the login is still in use")
	}
	if got := sessions.Customer(start, before, ""); got != "" {
		t.Errorf("the old id is logged in as %q", got)
	}
	if got := sessions.Customer(start, after, ""); got != "maya" {
		t.Errorf("the new id is logged in as %q, want maya", got)
	}
	again := sessions.Login(start, after, "victor", "")
	if got := sessions.Customer(start, after, ""); got != "" {
		t.Errorf("after a second login the first session is still %q", got)
	}
	sessions.Logout(start, again)
	if got := sessions.Customer(start, again, ""); got != "" {
		t.Errorf("after the logout the session is still %q", got)
	}
}

func TestSessionsEndByPlatformTime(t *testing.T) {
	sessions := newSessions()
	id := sessions.Login(start, "", "maya", "")
	for _, test := range []struct {
		after time.Duration
		want  string
	}{{lifetime - time.Nanosecond, "maya"}, {2*lifetime - 2*time.Nanosecond, "maya"}, {3*lifetime - 2*time.Nanosecond, ""}} {
		if got := sessions.Customer(start.Add(test.after), id, ""); got != test.want {
			t.Errorf("after %s: logged in as %q, want %q", test.after, got, test.want)
		}
	}
}

func TestLoginsCountForTheirPurpose(t *testing.T) {
	sessions := newSessions()
	id := sessions.Login(start, "", "maya", "this request")
	for purpose, want := range map[string]string{"this request": "maya", "another request": "", "": ""} {
		if got := sessions.Customer(start, id, purpose); got != want {
			t.Errorf("for %q logged in as %q, want %q", purpose, got, want)
		}
	}
}

func TestCSRFTokensBelongToOneSession(t *testing.T) {
	sessions, other := newSessions(), newSessions()
	mine, yours := sessions.NewID(), sessions.NewID()
	for _, test := range []struct {
		name, id, token string
		want            bool
	}{
		{"own", mine, sessions.CSRF(mine), true},
		{"another session's", mine, sessions.CSRF(yours), false},
		{"another Platform's", mine, other.CSRF(mine), false},
		{"none", mine, "", false},
		{"of no session", "", sessions.CSRF(""), false},
	} {
		if got := sessions.Genuine(test.id, test.token); got != test.want {
			t.Errorf("%s: genuine = %v, want %v", test.name, got, test.want)
		}
	}
}

func TestOnce(t *testing.T) {
	once := visit.NewOnce(lapse.NewMemory(visit.MaxUnseen))
	once.Put(start, "a", "app-1")
	if got := once.Take(start, "b"); got != "" {
		t.Errorf("another session took %q", got)
	}
	if got := once.Take(start, "a"); got != "app-1" {
		t.Errorf("took %q, want app-1", got)
	}
	if got := once.Take(start, "a"); got != "" {
		t.Errorf("took %q a second time", got)
	}
}
