package page

import (
	"html/template"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Frame is what all pages share.
type Frame struct {
	Platform Platform
	Heading  string
	// Here is the name of the door that this page lies behind.
	Here string
	// Transaction is true on pages that stand between an application and its
	// answer: they offer no other way than on or back.
	Transaction bool
	// Person is the name of the logged-in customer, empty for nobody.
	Person string
	// CSRF goes into every form.
	CSRF string
	// Framers are the origins that may show this page in a frame; none without.
	Framers []string
	// Alert and Status are one sentence each: something is wrong, something
	// was done.
	Alert, Status string
}

func (f *Frame) frame() *Frame { return f }

// Platform is what a page says of the Platform that it belongs to.
type Platform struct {
	Title     string
	Summary   string
	Home      string
	LogoutURL string
	Doors     []Door
	Theme     *Theme
}

// Door is a named way to another page.
type Door struct {
	Name, Says, URL string
	// Path and Mark introduce another Platform, on the page that lists them.
	Path string
	Mark template.HTML
}

// Login asks a customer who he is.
type Login struct {
	Frame
	Action string
	// Ways are what is offered, in order: password, one_click, sso_stub.
	Ways     []string
	Username string
	People   []Person // for one_click
	// Asking is the name of the application that waits for the login, empty
	// when the customer came by himself.
	Asking string
}

func (*Login) template() string { return "login" }

// Person is a customer who can be chosen by a click.
type Person struct{ Key, Name string }

// Identity is the page of a pretended identity provider.
type Identity struct {
	Frame
	Action string
	People []Person
}

func (*Identity) template() string { return "identity" }

// Consent asks a customer for a decision.
type Consent struct {
	Frame
	Action       string
	SwitchAction string
	Client       Application
	// Scopes is empty on a Platform without scopes.
	Scopes []Scope
	// Selectable offers each scope as a check box.
	Selectable bool
}

func (*Consent) template() string { return "consent" }

// Scope is one thing asked for, in the customer's words.
type Scope struct {
	Name string
	Text string
	// Changes is true for a scope that lets the application change something.
	Changes bool
	// Refusal says why this customer cannot grant the scope, empty if he can.
	Refusal string
}

// Group is the scopes under one heading of the consent page.
type Group struct {
	ID, Heading string
	Icon        template.HTML
	Scopes      []Scope
}

const (
	eye    = template.HTML(`<svg viewBox="0 0 24 24" aria-hidden="true" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"><path d="M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12z"/><circle cx="12" cy="12" r="2.8"/></svg>`)
	pencil = template.HTML(`<svg viewBox="0 0 24 24" aria-hidden="true" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"><path d="m4 20 1-4.5L16.5 4 20 7.5 8.5 19z"/><path d="m14 6.5 3.5 3.5"/></svg>`)
)

// Groups sorts the scopes into what may be read and what may be changed.
func (c *Consent) Groups() []Group {
	reads := Group{ID: "reads", Heading: "It may read", Icon: eye}
	changes := Group{ID: "changes", Heading: "It may change", Icon: pencil}
	for _, scope := range c.Scopes {
		if scope.Changes {
			changes.Scopes = append(changes.Scopes, scope)
		} else {
			reads.Scopes = append(reads.Scopes, scope)
		}
	}
	var groups []Group
	for _, group := range []Group{reads, changes} {
		if len(group.Scopes) > 0 {
			groups = append(groups, group)
		}
	}
	return groups
}

// Message tells something and offers ways on: errors, a missing permission,
// a portal that is down.
type Message struct {
	Frame
	Paragraphs []string
	Ways       []Door
	// Leave is a way back that is taken by a form with the decision "leave".
	Leave Door
	// Detail is one line for developers.
	Detail string
}

func (*Message) template() string { return "message" }

// Connected lists the applications that a customer has let in.
type Connected struct {
	Frame
	Action       string
	Applications []Application
}

func (*Connected) template() string { return "connected" }

// Application is a registered client as a customer knows it.
type Application struct {
	ClientID, Name, Website, Description string
	Scopes                               []string
	// Since is the day for reading, SinceISO the instant for machines.
	Since, SinceISO string
}

// Initial stands in for the logo that the application does not have.
func (a Application) Initial() string {
	first, _ := utf8.DecodeRuneInString(strings.TrimSpace(a.Name))
	if first == utf8.RuneError {
		return "?"
	}
	return string(unicode.ToUpper(first))
}

// Developers is the form that registers an application.
type Developers struct {
	Frame
	Action string
	Fields []Field
}

func (*Developers) template() string { return "developers" }

// Field is one labelled field of a form.
type Field struct {
	Name, Label, Type, Value, Hint, Error string
	Required, Long                        bool
	Limit                                 int // characters
}

// Registered shows the credentials of a new application, once.
type Registered struct {
	Frame
	ClientID, ClientSecret, RedirectURI, Again string
}

func (*Registered) template() string { return "registered" }

// Landing introduces one Platform.
type Landing struct {
	Frame
	Doors     []Door
	Customers []Customer
}

func (*Landing) template() string { return "landing" }

// Customer is a test customer, password included: the mock invents people so
// that somebody can log in as them.
type Customer struct{ Name, Username, Password, May string }

// Hosted lists the Platforms of this process.
type Hosted struct {
	Frame
	Doors []Door
}

func (*Hosted) template() string { return "hosted" }
