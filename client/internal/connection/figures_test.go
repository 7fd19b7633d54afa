package connection

import (
	"errors"
	"net/http"
	"testing"
	"time"
)

// CL-50: Retry-After at the API, in both spellings: old figures meanwhile.
func TestAPIThrottles(t *testing.T) {
	for name, retryAfter := range map[string]func(time.Time) string{
		"seconds": func(time.Time) string { return "90" },
		"date":    func(now time.Time) string { return now.Add(90 * time.Second).Format(http.TimeFormat) },
	} {
		t.Run(name, func(t *testing.T) {
			f, m, id := pair(t, nil)
			m.figures(id)
			f.script("campaigns", answer(503, ``, "Retry-After", retryAfter(m.clock.Now()), "Date", m.clock.Now().Format(http.TimeFormat)))
			m.stale(id)
			m.wantState(id, StateDegraded, ReasonThrottled)
			m.clock.Advance(89 * time.Second)
			m.stale(id)
			wantInt(t, "list calls", f.calls("campaigns"), 2)
			wantInt(t, "refreshes", f.calls("token", refreshGrant), 0)
			m.clock.Advance(2 * time.Second)
			m.figures(id)
			m.wantState(id, StateConnected, "")
		})
	}
}

// Trouble at the API: old figures with their date, growing pauses, recovery.
func TestAPITrouble(t *testing.T) {
	for name, row := range map[string]struct {
		script script
		reason Reason
	}{
		"500":               {answer(500, ``), ReasonUnreachable},
		"502":               {answer(502, ``), ReasonUnreachable},
		"HTML":              {answer(200, `<html>`), ReasonBadAnswer},
		"foreign next link": {answer(200, `{"campaigns":[],"next":"http://evil.example/api/campaigns?page=2"}`), ReasonBadAnswer},
	} {
		t.Run(name, func(t *testing.T) {
			f, m, id := pair(t, nil)
			taken := m.figures(id).AsOf
			m.clock.Advance(time.Minute)
			f.script("campaigns", row.script, row.script)
			if got := m.stale(id); !got.AsOf.Equal(taken) {
				t.Errorf("as of %s, want %s", got.AsOf, taken)
			}
			m.wantState(id, StateDegraded, row.reason)
			m.stale(id) // tries again at once
			m.stale(id) // and then pauses
			m.stale(id)
			wantInt(t, "list calls", f.calls("campaigns"), 3)
			m.clock.Advance(time.Minute)
			m.figures(id)
			m.wantState(id, StateConnected, "")
			wantInt(t, "refreshes", f.calls("token", refreshGrant), 0)
		})
	}
}

// CL-48: a consent too small is no reason to refresh.
func TestInsufficientScope(t *testing.T) {
	f, m, id := pair(t, nil)
	for range 3 {
		f.script("campaigns", answer(403, `{}`, "WWW-Authenticate", `Bearer error="insufficient_scope", scope="ads.read"`))
	}
	_, err := m.Campaigns(t.Context(), workspace, id)
	wantKind(t, err, ErrForbiddenScope)
	wantInt(t, "refreshes", f.calls("token", refreshGrant), 0)
	wantInt(t, "list calls", f.calls("campaigns"), 1)
}

// CL-43, E-18: paging follows links on the API's own origin, and a token that
// ends between two pages is renewed there.
func TestPagesWithAnExpiringToken(t *testing.T) {
	f, m, id := pair(t, nil)
	f.script("campaigns", func(w http.ResponseWriter, _ func() (int, string)) {
		m.clock.Advance(21 * time.Minute)
		answer(200, `{"campaigns":[{"id":"c-9","name":"First page"}],"next":"/api/campaigns?page=2"}`)(w, nil)
	})
	snapshot, err := m.Campaigns(t.Context(), workspace, id)
	if err != nil || len(snapshot.Campaigns) != 4 || snapshot.Stale {
		t.Errorf("snapshot = %+v, %v; want 4 campaigns of two pages", snapshot, err)
	}
	wantInt(t, "refreshes", f.calls("token", refreshGrant), 1)
}

// CL-67: another workspace finds nothing, whatever it asks for.
func TestOtherWorkspaces(t *testing.T) {
	_, m, id := pair(t, nil)
	m.figures(id)
	suggestions, err := m.Suggestions(t.Context(), workspace, id)
	if err != nil {
		t.Fatal(err)
	}
	for _, stranger := range []string{"workspace-2", ""} {
		attempts := map[string]func() error{
			"Connection":  func() error { _, err := m.Connection(t.Context(), stranger, id); return err },
			"Campaigns":   func() error { _, err := m.Campaigns(t.Context(), stranger, id); return err },
			"Suggestions": func() error { _, err := m.Suggestions(t.Context(), stranger, id); return err },
			"Apply":       func() error { _, err := m.Apply(t.Context(), stranger, id, suggestions[0].ID); return err },
			"Dismiss":     func() error { _, err := m.Dismiss(t.Context(), stranger, id, suggestions[0].ID); return err },
			"Refresh":     func() error { _, err := m.Refresh(t.Context(), stranger, id); return err },
			"Disconnect":  func() error { _, err := m.Disconnect(t.Context(), stranger, id); return err },
		}
		for name, attempt := range attempts {
			if err := attempt(); !errors.Is(err, ErrNotFound) {
				t.Errorf("%s by %q = %v, want ErrNotFound", name, stranger, err)
			}
		}
	}
	m.wantState(id, StateConnected, "")
}
