package front

import (
	"net/http"
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/mint-conformance/mint/mockplatform/internal/deviation"
	"github.com/mint-conformance/mint/mockplatform/internal/oauth"
	"github.com/mint-conformance/mint/mockplatform/internal/platform"
	"github.com/mint-conformance/mint/mockplatform/internal/profile"
	"github.com/mint-conformance/mint/mockplatform/internal/throttle"
	"github.com/mint-conformance/mint/mockplatform/internal/web/page"
	"github.com/mint-conformance/mint/mockplatform/internal/web/visit"
	"github.com/mint-conformance/mint/mockplatform/internal/web/wire"
)

// cookieName holds the id of a browser session. Its path is the Platform's, so
// that Platforms on one address do not see each other's sessions.
const cookieName = "platform_session"

// Site is one Platform's pages. It is safe for concurrent use.
type Site struct {
	platform *platform.Platform
	pages    *page.Pages
	look     page.Platform
	sessions *visit.Sessions
	throttle *throttle.Throttle
	unseen   *visit.Once

	path   string // of the issuer: "/mint"
	secure bool   // reached by https
}

// New makes the pages of p.
func New(p *platform.Platform, pages *page.Pages) *Site {
	s := &Site{
		platform: p, pages: pages,
		sessions: visit.NewSessions(p.Key("csrf"), p.Rand(), p.Profile().SignIn.SessionLifetime.Std(),
			p.Tables().Open("sessions", visit.MaxSessions)),
		throttle: p.Auth().Passwords(), unseen: visit.NewOnce(p.Tables().Open("unseen", visit.MaxUnseen)),
	}
	if issuer, err := url.Parse(p.Issuer()); err == nil {
		s.path, s.secure = issuer.Path, issuer.Scheme == "https"
	}
	about, has := p.Profile(), p.Endpoints()
	s.look = page.Platform{
		Title: about.Title, Summary: about.Summary, Theme: pages.Theme(about.Name),
		Home: s.path + "/", LogoutURL: s.path + "/logout",
	}
	if has.Connected != "" {
		s.look.Doors = append(s.look.Doors, page.Door{Name: "Connected applications", URL: s.path + about.Paths.Connected})
	}
	if has.Developers != "" {
		s.look.Doors = append(s.look.Doors, page.Door{Name: "Developers", URL: s.path + about.Paths.Developers})
	}
	return s
}

// visitor is who looks at a page.
type visitor struct {
	id       string           // session id
	fresh    bool             // the browser does not know the id yet
	customer profile.Customer // zero for nobody
	// framers are the origins that may frame what he sees.
	framers []string
}

func (v visitor) loggedIn() bool { return v.customer.Key != "" }

// visitor finds out who is looking, and notes the customer in the journal.
func (s *Site) visitor(e *wire.Exchange) visitor {
	cookie, err := e.Cookie(cookieName)
	if err != nil || len(cookie.Value) < 16 || len(cookie.Value) > 64 {
		return visitor{id: s.sessions.NewID(), fresh: true}
	}
	who := visitor{id: cookie.Value}
	if key := s.sessions.Customer(e.Now, who.id, s.purpose(e)); key != "" {
		who.customer, _ = s.platform.Customer(key)
		if who.customer.Role == profile.RoleNone && s.platform.Profile().Breaks(deviation.PermissionUnchecked) {
			who.customer.Role = profile.RoleOwner
		}
		e.Entry.Customer = who.customer.Key
	}
	return who
}

// frame is the common part of a page for this visitor.
func (s *Site) frame(who visitor, heading string) page.Frame {
	return page.Frame{
		Platform: s.look, Heading: heading, Person: who.customer.Name, CSRF: s.sessions.CSRF(who.id), Framers: who.framers,
	}
}

// show answers with a page. formTargets are where a form of the page may lead
// in the end, beside this Platform.
func (s *Site) show(who visitor, status int, view page.View, formTargets ...string) wire.Answer {
	html, err := s.pages.Render(view)
	if err != nil { // a defect of a template
		return wire.New(http.StatusInternalServerError, "text/plain; charset=utf-8", []byte("This page could not be drawn.\n"))
	}
	answer := wire.Page(status, html, page.Policy(view, formTargets...))
	if len(who.framers) > 0 {
		answer.Header.Del("X-Frame-Options") // knows one origin or none; the policy says which
	}
	if who.fresh {
		answer = answer.Cookie(s.cookie(who.id))
	}
	if len(s.platform.Profile().Break) > 0 {
		s.spoilPage(&answer, view)
	}
	return answer
}

// cookie is of use within other sites' pages only where the profile has a
// widget, and then apart for each such site.
func (s *Site) cookie(id string) *http.Cookie {
	cookie := &http.Cookie{ //nolint:gosec // Secure follows the issuer's scheme: tests run on http
		Name: cookieName, Value: id, Path: s.path,
		HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: s.secure,
	}
	if s.secure && s.platform.Profile().Consent.Kind == "iframe_widget" {
		cookie.SameSite, cookie.Partitioned = http.SameSiteNoneMode, true
	}
	if s.platform.Profile().Breaks(deviation.CookieFlagsOff) {
		cookie.Secure, cookie.HttpOnly, cookie.SameSite = false, false, 0
	}
	return cookie
}

// form reads a posted form that must come from a page of this Platform shown
// to this visitor. Otherwise it answers with a page that says what to do.
func (s *Site) form(e *wire.Exchange, who visitor) (url.Values, *wire.Answer) {
	form, err := e.Form()
	if err != nil {
		answer := s.problem(e, who, http.StatusBadRequest, oauth.NewError(oauth.InvalidRequest, "the form could not be read"))
		return nil, &answer
	}
	if s.forgeable(e) {
		return form, nil
	}
	if wire.FromElsewhere(e.Request.Request) || who.fresh || !s.sessions.Genuine(who.id, form.Get("csrf")) {
		answer := s.stale(e, who)
		return nil, &answer
	}
	return form, nil
}

// stale answers a form that was not sent from a page of this visitor.
func (s *Site) stale(e *wire.Exchange, who visitor) wire.Answer {
	e.Failed(oauth.NewError(oauth.AccessDenied, "the form's CSRF token does not belong to this browser session"))
	view := &page.Message{Frame: s.frame(who, "This form is no longer valid")}
	view.Alert = "The form did not come from a page that " + s.look.Title + " showed you in this browser, or it is too old. Nothing was done."
	view.Paragraphs = []string{"Please open the page again and repeat what you did. Your browser must accept cookies."}
	view.Ways = []page.Door{{Name: "To the start page of " + s.look.Title, URL: s.look.Home}}
	return s.show(who, http.StatusForbidden, view)
}

// problem shows an error to a person.
func (s *Site) problem(e *wire.Exchange, who visitor, status int, err *oauth.Error) wire.Answer {
	e.Failed(err)
	view := &page.Message{Frame: s.frame(who, "This does not work")}
	view.Alert = sentence(err.Description)
	view.Ways = []page.Door{{Name: "To the start page of " + s.look.Title, URL: s.look.Home}}
	return s.show(who, status, view)
}

// Refusal shows a person that there is no page at this address or that it
// cannot be used like this.
func (s *Site) Refusal(e *wire.Exchange, err *oauth.Error) wire.Answer {
	answer := s.problem(e, s.visitor(e), err.Status, err)
	return answer.With("Allow", err.Allow)
}

// sentence makes one out of an error description.
func sentence(text string) string {
	if text == "" {
		return "Something is wrong with this request."
	}
	return capital(strings.TrimRight(text, ".")) + "."
}

// capital begins a text with a capital letter.
func capital(text string) string {
	if text == "" {
		return ""
	}
	first, size := utf8.DecodeRuneInString(text)
	return string(unicode.ToUpper(first)) + text[size:]
}
