package page

import "github.com/mint-conformance/mint/client/internal/web/session"

// Frame is what every page carries.
type Frame struct {
	// Heading is the page's title in the browser's tab.
	Heading string
	// CSRF is the token for the page's forms.
	CSRF   string
	Notice *Notice
}

// Notice is one sentence on top of a page.
type Notice struct {
	Role string // "status" for good news, "alert" for a problem
	Text string
	// Retry is the way on, where there is one.
	Retry *Retry
}

// Retry is a "Try again": a form button, or a link when Link is set.
type Retry struct {
	Action string // where the form posts to
	Link   string
}

// NewNotice turns a kept notice into the one to show; nil stays nil.
func NewNotice(kept *session.Notice) *Notice {
	if kept == nil {
		return nil
	}
	if kept.Problem {
		return &Notice{Role: "alert", Text: kept.Text}
	}
	return &Notice{Role: "status", Text: kept.Text}
}

// FailureView is the page for what cannot be shown otherwise: nothing found, a
// form refused, a fault of MINT.
type FailureView struct {
	Frame
	Sentence string
	// Back is the text of the link home.
	Back string
	// Reference is the request's id for the log; empty when it is no fault.
	Reference string
}

// RelayView is the page that hands an authorization response to the back end.
type RelayView struct {
	Frame
	// Query is the response as it came, for the button of browsers without
	// script.
	Query string
}

// UsedView is the page of a link that was already used.
type UsedView struct {
	Frame
	Connections []Card
}
