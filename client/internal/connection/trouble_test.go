package connection

import (
	"net/http"
	"testing"
	"time"
)

// CL-60: the platform refuses MINT itself: the grant stays, nobody is asked to
// reconnect, the platform is shown as unavailable, and calls are few.
func TestRefusedClientKeepsTheGrant(t *testing.T) {
	for _, code := range []string{"invalid_client", "unauthorized_client"} {
		t.Run(code, func(t *testing.T) {
			f, m, id := pair(t, nil)
			m.figures(id)
			m.clock.Advance(time.Hour)
			f.script("token", answer(401, `{"error":"`+code+`"}`))
			for range 5 {
				m.stale(id)
			}
			wantInt(t, "refreshes", f.calls("token", refreshGrant), 1)
			m.wantState(id, StateDegraded, ReasonConfiguration)
			states, err := m.Overview(t.Context(), workspace)
			if err != nil || states[0].State != StateUnavailable || states[0].Connection == nil {
				t.Errorf("overview = %+v, %v, want unavailable with the connection", states, err)
			}
			m.clock.Advance(time.Minute)
			m.figures(id)
			m.wantState(id, StateConnected, "")
		})
	}
}

// CL-50, E-16: nothing is sent to the token endpoint before its Retry-After.
func TestTokenEndpointThrottles(t *testing.T) {
	for name, script := range map[string]func(*testMint) script{
		"429, seconds": func(*testMint) script { return answer(429, ``, "Retry-After", "120") },
		"503, date": func(m *testMint) script {
			return answer(503, `{"error":"temporarily_unavailable"}`,
				"Date", m.clock.Now().Format(http.TimeFormat), "Retry-After", m.clock.Now().Add(2*time.Minute).Format(http.TimeFormat))
		},
	} {
		t.Run(name, func(t *testing.T) {
			f, m, id := pair(t, nil)
			m.figures(id)
			m.clock.Advance(time.Hour)
			f.script("token", script(m))
			m.stale(id)
			m.wantState(id, StateDegraded, ReasonThrottled)
			m.clock.Advance(119 * time.Second)
			m.stale(id)
			_, err := m.Refresh(t.Context(), workspace, id)
			wantKind(t, err, ErrThrottled)
			wantInt(t, "refreshes", f.calls("token", refreshGrant), 1)
			m.clock.Advance(2 * time.Second)
			m.figures(id)
			wantInt(t, "refreshes", f.calls("token", refreshGrant), 2)
			m.wantState(id, StateConnected, "")
		})
	}
}

// CL-51, TX-28: trouble at the token endpoint: few spaced tries, nothing lost.
func TestTokenEndpointTrouble(t *testing.T) {
	for name, trouble := range map[string]script{
		"500":                 answer(500, `oops`),
		"503":                 answer(503, `{"error":"temporarily_unavailable"}`),
		"400 with HTML":       answer(400, `<html>`),
		"server_error as 400": answer(400, `{"error":"server_error"}`),
	} {
		t.Run(name, func(t *testing.T) {
			f, m, id := pair(t, nil)
			m.figures(id)
			m.clock.Advance(time.Hour)
			f.script("token", trouble, trouble, trouble)
			m.stale(id)
			m.stale(id)
			wantInt(t, "tries at once", f.calls("token", refreshGrant), 1)
			m.wantState(id, StateDegraded, ReasonUnreachable)
			m.clock.Advance(time.Second)
			m.stale(id)
			m.clock.Advance(time.Second)
			m.stale(id)
			wantInt(t, "tries within two seconds", f.calls("token", refreshGrant), 2)
			m.clock.Advance(time.Minute)
			m.stale(id)
			m.clock.Advance(time.Minute)
			m.figures(id)
			wantInt(t, "tries in all", f.calls("token", refreshGrant), 4)
			m.wantState(id, StateConnected, "")
		})
	}
}

// A platform that cannot be reached at all.
func TestUnreachablePlatform(t *testing.T) {
	f, m, id := pair(t, nil)
	m.figures(id)
	m.clock.Advance(time.Hour)
	f.server.Close()
	m.stale(id)
	m.wantState(id, StateDegraded, ReasonUnreachable)
	if attempts, err := m.db.Attempts(t.Context()); err != nil || len(attempts) != 0 {
		t.Errorf("attempts = %v, %v: a refused connection proves the refresh token unused", attempts, err)
	}
}
