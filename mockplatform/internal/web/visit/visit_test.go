package visit_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/mint-conformance/mint/mockplatform/internal/web/visit"
)

var start = time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC)

func TestLoginRenewsTheSession(t *testing.T) {
	sessions := visit.NewSessions()
	before := sessions.NewID()
	after := sessions.Login(start, before, "maya")
	if after == before {
		t.Fatal("the id planted before the login is still in use")
	}
	if got := sessions.Customer(start, before); got != "" {
		t.Errorf("the old id is logged in as %q", got)
	}
	if got := sessions.Customer(start, after); got != "maya" {
		t.Errorf("the new id is logged in as %q, want maya", got)
	}
	again := sessions.Login(start, after, "victor")
	if got := sessions.Customer(start, after); got != "" {
		t.Errorf("after a second login the first session is still %q", got)
	}
	sessions.Logout(again)
	if got := sessions.Customer(start, again); got != "" {
		t.Errorf("after the logout the session is still %q", got)
	}
}

func TestSessionsEndByPlatformTime(t *testing.T) {
	sessions := visit.NewSessions()
	id := sessions.Login(start, "", "maya")
	for _, test := range []struct {
		after time.Duration
		want  string
	}{{visit.Lifetime - time.Nanosecond, "maya"}, {visit.Lifetime, ""}, {0, ""}} {
		if got := sessions.Customer(start.Add(test.after), id); got != test.want {
			t.Errorf("after %s: logged in as %q, want %q", test.after, got, test.want)
		}
	}
}

func TestCSRFTokensBelongToOneSession(t *testing.T) {
	sessions, other := visit.NewSessions(), visit.NewSessions()
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

func TestThrottle(t *testing.T) {
	throttle := visit.NewThrottle()
	now := start
	for range visit.MaxFailures - 1 {
		throttle.Failed(now, "maya")
	}
	if got := throttle.Paused(now, "maya"); got != 0 {
		t.Fatalf("paused for %s after nine failures", got)
	}
	throttle.Failed(now.Add(visit.Window-time.Second), "maya")
	now = now.Add(visit.Window - time.Second)
	if got := throttle.Paused(now, "maya"); got != visit.Pause {
		t.Fatalf("paused for %s after ten failures, want %s", got, visit.Pause)
	}
	if got := throttle.Paused(now, "victor"); got != 0 {
		t.Errorf("another name is paused for %s", got)
	}
	if got := throttle.Paused(now.Add(visit.Pause-time.Second), "maya"); got != time.Second {
		t.Errorf("one second before its end the pause lasts %s", got)
	}
	if got := throttle.Paused(now.Add(visit.Pause), "maya"); got != 0 {
		t.Errorf("after its end the pause lasts %s", got)
	}
}

// Failures spread over more than a minute do not add up, and a success forgets.
func TestThrottleForgets(t *testing.T) {
	throttle := visit.NewThrottle()
	for i := range 3 * visit.MaxFailures {
		throttle.Failed(start.Add(time.Duration(i)*visit.Window/(visit.MaxFailures-1)), "slow")
	}
	if got := throttle.Paused(start.Add(4*visit.Window), "slow"); got != 0 {
		t.Errorf("slow failures paused for %s", got)
	}
	for range visit.MaxFailures - 1 {
		throttle.Failed(start, "maya")
	}
	throttle.Succeeded("maya")
	throttle.Failed(start, "maya")
	if got := throttle.Paused(start, "maya"); got != 0 {
		t.Errorf("failures from before the success paused for %s", got)
	}
}

// Whatever people type, memory stays bounded.
func TestThrottleIsBounded(t *testing.T) {
	throttle := visit.NewThrottle()
	for i := range 25_000 {
		throttle.Failed(start, fmt.Sprint("name-", i))
	}
	throttle.Failed(start, "last")
	for range visit.MaxFailures - 1 {
		throttle.Failed(start, "last")
	}
	if got := throttle.Paused(start, "last"); got != visit.Pause {
		t.Errorf("a name that came late is paused for %s, want %s", got, visit.Pause)
	}
}

func TestOnce(t *testing.T) {
	once := visit.NewOnce()
	once.Put("a", "app-1")
	if got := once.Take("b"); got != "" {
		t.Errorf("another session took %q", got)
	}
	if got := once.Take("a"); got != "app-1" {
		t.Errorf("took %q, want app-1", got)
	}
	if got := once.Take("a"); got != "" {
		t.Errorf("took %q a second time", got)
	}
}
