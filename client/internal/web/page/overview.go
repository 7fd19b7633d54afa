package page

import (
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/mint-conformance/mint/client/internal/connection"
	"github.com/mint-conformance/mint/client/internal/web/session"
)

// OverviewView is the page of all platforms.
type OverviewView struct {
	Frame
	Platforms []Card
}

// Card is one platform on the overview.
type Card struct {
	ID, Title string
	State     string
	Badge     string
	Sentence  string
	SinceWord string
	Since     time.Time
	// Account is who consented; empty until known.
	Account string
	// Off greys the card: the platform cannot be used now.
	Off bool

	// Button is the text of the connecting button or link; empty when there
	// is nothing to connect.
	Button string
	// Prominent: connecting is the thing to do here.
	Prominent bool
	// ConnectPath takes the POST; PasswordPath, when set, is the form's page
	// to link to instead.
	ConnectPath, PasswordPath string
	// OpenPath is set when there is a connection.
	OpenPath string
	// ApplicationPath is set when MINT has an account of its own here.
	ApplicationPath string
}

// NewOverview builds the page; kept is the pending notice or nil.
func NewOverview(frame Frame, states []connection.PlatformState, kept *session.Notice) OverviewView {
	frame.Heading = "Your advertising platforms"
	view := OverviewView{Frame: frame}
	view.Notice = NewNotice(kept)
	for _, state := range states {
		card := NewCard(state)
		if kept != nil && kept.Platform == card.ID {
			view.Notice.Retry = &Retry{Action: card.ConnectPath, Link: card.PasswordPath}
		}
		view.Platforms = append(view.Platforms, card)
	}
	return view
}

// NewCard says one platform's state in words.
func NewCard(s connection.PlatformState) Card {
	card := Card{
		ID: s.PlatformID, Title: s.Title, State: string(s.State),
		Badge: badge(s.State), Sentence: s.Explanation, SinceWord: sinceWord(s.State),
		Off:         s.State == connection.StateUnavailable,
		ConnectPath: "/platforms/" + url.PathEscape(s.PlatformID) + "/connect",
	}
	if card.Sentence == "" {
		card.Sentence = explain(s.State, s.Title)
	}
	if s.PasswordForm {
		card.PasswordPath = "/platforms/" + url.PathEscape(s.PlatformID) + "/password"
	}
	if s.ApplicationAccount {
		card.ApplicationPath = "/applications/" + url.PathEscape(s.PlatformID)
	}
	if s.Connection != nil {
		card.OpenPath = ConnectionPath(s.Connection.ID)
		card.Account = s.Connection.AccountName
	}
	card.Since = unlessSaid(s.Since, card.Sentence)
	card.Button, card.Prominent = connectButton(s.State, s.Title)
	return card
}

// unlessSaid is the date to show beside a sentence: none when the sentence
// names it.
func unlessSaid(date time.Time, sentence string) time.Time {
	if strings.Contains(sentence, When(date)) {
		return time.Time{}
	}
	return date
}

// ConnectionPath is the address of a connection's page.
func ConnectionPath(id string) string { return "/connections/" + url.PathEscape(id) }

// connectButton decides whether connecting is offered, under which name, and
// whether it is the thing to do.
func connectButton(s connection.State, title string) (text string, prominent bool) {
	switch s {
	case connection.StateNotConnected, connection.StateDisconnected:
		return fmt.Sprintf("Connect %s", title), true
	case connection.StateUnavailable:
		return fmt.Sprintf("Connect %s", title), false
	case connection.StateNeedsReconnect, connection.StateUnreadable:
		return fmt.Sprintf("Reconnect %s", title), true
	case connection.StateDegraded:
		return fmt.Sprintf("Reconnect %s", title), false
	}
	return "", false
}

// PasswordView is the form of a platform that has no consent page of its own.
type PasswordView struct {
	Frame
	ID, Title string
	Button    string
}

// NewPassword builds the form.
func NewPassword(frame Frame, s connection.PlatformState) PasswordView {
	frame.Heading = "Connect " + s.Title
	return PasswordView{Frame: frame, ID: s.PlatformID, Title: s.Title, Button: "Connect " + s.Title}
}
