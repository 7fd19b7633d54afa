package connection

import (
	"errors"
	"fmt"
	"time"

	"github.com/mint-conformance/mint/client/internal/connection/store"
)

// spoken is a time as people read it.
func spoken(t time.Time) string { return t.UTC().Format("2 January 2006, 15:04 UTC") }

// explain says in a sentence or two where a connection stands. title is the
// platform's name.
func explain(title string, row store.Connection, refusal *store.Refusal, now time.Time) string {
	switch State(row.State) {
	case StateDisconnected:
		return fmt.Sprintf("You disconnected %s on %s.", title, spoken(row.Since))
	case StateUnreadable:
		return fmt.Sprintf("MINT cannot read what it stored for %s. Please reconnect it; your data at %s is untouched.", title, title)
	case StateNeedsReconnect:
		return explainLoss(title, Reason(row.Reason))
	}
	if refusal != nil {
		return fmt.Sprintf("%s does not accept MINT itself at the moment. MINT's operator has to mend this; your connection is kept.", title)
	}
	if State(row.State) == StateDegraded {
		return explainTrouble(title, row, now)
	}
	if row.RefreshToken == nil {
		return fmt.Sprintf("%s gave access until %s only. After that, please reconnect.", title, spoken(row.AccessExpiresAt))
	}
	return ""
}

func explainLoss(title string, reason Reason) string {
	switch reason {
	case ReasonRevoked:
		return fmt.Sprintf("%s no longer lets MINT in: the access was withdrawn. Please reconnect %s to see new figures.", title, title)
	case ReasonAnswerLost:
		return fmt.Sprintf("An answer of %s got lost on its way, and with it MINT's access. Please reconnect %s.", title, title)
	case ReasonNoRefreshToken:
		return fmt.Sprintf("The access that %s gave has ended. Please reconnect %s.", title, title)
	case ReasonOtherAccount:
		return fmt.Sprintf("MINT was given access to another %s account than before, and does not use it. Please reconnect %s with the account you had.", title, title)
	}
	return fmt.Sprintf("%s no longer accepts MINT's access: it ran out or was withdrawn. Please reconnect %s to see new figures.", title, title)
}

func explainTrouble(title string, row store.Connection, now time.Time) string {
	switch Reason(row.Reason) {
	case ReasonThrottled:
		if until := later(row.TokenHoldUntil, row.APIHoldUntil); until.After(now) {
			return fmt.Sprintf("%s asks MINT to wait until %s.", title, spoken(until))
		}
		return fmt.Sprintf("%s asked MINT to wait. MINT tries again when you next look.", title)
	case ReasonAnswerUnclear:
		return fmt.Sprintf("An answer of %s got lost. MINT goes on with the access it has and tries again.", title)
	case ReasonRefused:
		return fmt.Sprintf("%s refuses MINT's access although it was renewed. Try again later, or reconnect %s.", title, title)
	case ReasonBadAnswer:
		return fmt.Sprintf("%s answered something that MINT does not understand. MINT tries again.", title)
	}
	return fmt.Sprintf("%s cannot be reached at the moment. MINT tries again.", title)
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// view is what people may know of a row.
func (s *Service) view(row store.Connection, refusal *store.Refusal, asOf, now time.Time) Connection {
	title := s.title(row.Platform)
	view := Connection{
		ID: row.ID, Workspace: row.Workspace, PlatformID: row.Platform, Title: title,
		State: State(row.State), Reason: Reason(row.Reason), Since: row.Since,
		Explanation: explain(title, row, refusal, now),
		Account:     row.Account, AccountName: row.AccountName, Scopes: row.Scopes,
		Renewable:   row.RefreshToken != nil,
		ConnectedAt: row.ConnectedAt, RefreshedAt: row.RefreshedAt, AccessExpiresAt: row.AccessExpiresAt,
		AsOf: asOf, Version: row.Version,
	}
	if client, known := s.clients[row.Platform]; known {
		view.CanChange = client.Integration().AllowsChanges(row.Scopes)
	}
	if refusal != nil && (view.State == StateConnected || view.State == StateDegraded) {
		view.State, view.Reason, view.Since, view.RetryAt = StateDegraded, ReasonConfiguration, refusal.Since, refusal.RetryAt
	}
	if view.State == StateDegraded && view.RetryAt.IsZero() {
		view.RetryAt = later(later(row.TokenRetryAt, row.TokenHoldUntil), later(row.APIRetryAt, row.APIHoldUntil))
	}
	return view
}

// problemOf is the error that a state means to whoever wanted to use the
// connection.
func (s *Service) problemOf(row store.Connection, refusal *store.Refusal, now time.Time) *Problem {
	problem := &Problem{Sentence: explain(s.title(row.Platform), row, refusal, now), Kind: ErrUnavailable}
	switch State(row.State) {
	case StateDisconnected, StateNeedsReconnect:
		problem.Kind = ErrNeedsReconnect
	case StateUnreadable:
		problem.Kind = ErrUnreadable
	case StateDegraded:
		problem.RetryAt = later(later(row.TokenRetryAt, row.TokenHoldUntil), later(row.APIRetryAt, row.APIHoldUntil))
		if Reason(row.Reason) == ReasonThrottled {
			problem.Kind = ErrThrottled
		}
	}
	if refusal != nil && errors.Is(problem.Kind, ErrUnavailable) {
		problem.RetryAt = refusal.RetryAt
	}
	return problem
}
