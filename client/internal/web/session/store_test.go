package session_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/mint-conformance/mint/client/internal/web/session"
)

// memory is a Keeper with the contract of the domain's store: an expired row
// is not found.
type memory struct {
	at      time.Time
	rows    map[string][]byte
	ends    map[string]time.Time
	commits int
}

func (m *memory) Now() time.Time { return m.at }

func (m *memory) Find(token string) ([]byte, bool, error) {
	data, ok := m.rows[token]
	return data, ok && m.at.Before(m.ends[token]), nil
}

func (m *memory) Commit(token string, data []byte, expiry time.Time) error {
	m.rows[token], m.ends[token] = data, expiry
	m.commits++
	return nil
}

func open(t *testing.T) (*session.Store, *memory) {
	t.Helper()
	m := &memory{at: time.Date(2026, 11, 14, 9, 0, 0, 0, time.UTC), rows: map[string][]byte{}, ends: map[string]time.Time{}}
	return session.NewStore(m, m.Now), m
}

func begin(t *testing.T, store *session.Store) session.Session {
	t.Helper()
	s, err := store.Begin()
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestASessionIsFoundAgainByItsCookieOnly(t *testing.T) {
	store, keeper := open(t)
	first, second := begin(t, store), begin(t, store)
	if first.Workspace == second.Workspace || first.ID() == second.ID() || first.CSRF() == second.CSRF() {
		t.Errorf("two sessions share something: %v %v", first, second)
	}
	again, err := store.Resume(first.CookieValue())
	if err != nil || again != first {
		t.Errorf("Resume() = %v, %v; want the session itself", again, err)
	}
	if keeper.commits != 2 {
		t.Errorf("%d writes for two beginnings and one visit on the same day, want 2", keeper.commits)
	}
	for _, wrong := range []string{"", first.ID(), first.CSRF(), first.CookieValue() + "x", strings.Repeat("a", 5000)} {
		if got, err := store.Resume(wrong); !errors.Is(err, session.ErrNone) {
			t.Errorf("Resume(%.20q) = %v, %v; want ErrNone", wrong, got, err)
		}
	}
	if strings.Contains(string(keeper.rows[first.CookieValue()]), first.CookieValue()) {
		t.Error("the row holds the cookie value")
	}
}

func TestASessionLives400DaysFromItsLastUse(t *testing.T) {
	store, keeper := open(t)
	s := begin(t, store)
	for _, step := range []struct {
		wait time.Duration
		want error
	}{{399 * 24 * time.Hour, nil}, {399 * 24 * time.Hour, nil}, {400 * 24 * time.Hour, session.ErrNone}} {
		keeper.at = keeper.at.Add(step.wait)
		if _, err := store.Resume(s.CookieValue()); !errors.Is(err, step.want) {
			t.Errorf("after another %v: %v, want %v", step.wait, err, step.want)
		}
	}
}

func TestTheTokenAgainstForgeryBelongsToOneSession(t *testing.T) {
	store, _ := open(t)
	mine, other := begin(t, store), begin(t, store)
	for _, tt := range []struct {
		why, token string
		want       bool
	}{{"own", mine.CSRF(), true}, {"empty", "", false}, {"another session's", other.CSRF(), false}, {"cookie itself", mine.CookieValue(), false}} {
		if got := mine.ValidCSRF(tt.token); got != tt.want {
			t.Errorf("%s: %v, want %v", tt.why, got, tt.want)
		}
	}
	if (session.Session{}).ValidCSRF((session.Session{}).CSRF()) {
		t.Error("no session has a valid token")
	}
}

func TestTheCookieNeverPrints(t *testing.T) {
	store, _ := open(t)
	s := begin(t, store)
	for _, verb := range []string{"%v", "%+v", "%#v", "%s"} {
		for _, value := range []any{s, &s} {
			if got := fmt.Sprintf(verb, value); strings.Contains(got, s.CookieValue()) {
				t.Errorf("%s prints the cookie: %s", verb, got)
			}
		}
	}
}

func TestANoticeIsShownOnce(t *testing.T) {
	store, keeper := open(t)
	s, other := begin(t, store), begin(t, store)
	want := session.Notice{Problem: true, Text: "Ads was not connected: you declined.", Platform: "ads"}
	if err := store.Leave(s, want); err != nil {
		t.Fatal(err)
	}
	if got, err := store.Take(other); got != nil || err != nil {
		t.Errorf("another session takes %v, %v", got, err)
	}
	keeper.at = keeper.at.Add(48 * time.Hour) // a visit in between keeps it
	if _, err := store.Resume(s.CookieValue()); err != nil {
		t.Fatal(err)
	}
	got, err := store.Take(s)
	if err != nil || got == nil || *got != want {
		t.Errorf("Take() = %v, %v; want %v", got, err, want)
	}
	if got, err := store.Take(s); got != nil || err != nil {
		t.Errorf("second Take() = %v, %v; want nothing", got, err)
	}
	if again, err := store.Resume(s.CookieValue()); err != nil || again != s {
		t.Errorf("after the notice the session is %v, %v", again, err)
	}
}
