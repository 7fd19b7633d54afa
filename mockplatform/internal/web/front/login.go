package front

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/mint-conformance/mint/mockplatform/internal/deviation"
	"github.com/mint-conformance/mint/mockplatform/internal/issuer"
	"github.com/mint-conformance/mint/mockplatform/internal/oauth"
	"github.com/mint-conformance/mint/mockplatform/internal/profile"
	"github.com/mint-conformance/mint/mockplatform/internal/web/page"
	"github.com/mint-conformance/mint/mockplatform/internal/web/wire"
)

// loginAttempt is what came of a login; its zero value is a page not used yet.
type loginAttempt struct {
	username string
	status   int // 0 means 200
	problem  string
	wait     time.Duration // before the next attempt
}

// Login takes username and password, or another way in, within an authorization
// and leads back to it.
func (s *Site) Login(e *wire.Exchange) wire.Answer {
	who := s.visitor(e)
	request, refusal := s.request(e, &who)
	if refusal != nil {
		return *refusal
	}
	customer, attempt, refusal := s.attempt(e, who)
	if refusal != nil {
		return *refusal
	}
	if attempt.problem != "" {
		return s.loginPage(e, who, request, attempt)
	}
	return s.welcome(e, who, customer, s.onward(e))
}

// ConnectedLogin takes username and password for the page of connected
// applications.
func (s *Site) ConnectedLogin(e *wire.Exchange) wire.Answer {
	who := s.visitor(e)
	customer, attempt, refusal := s.attempt(e, who)
	if refusal != nil {
		return *refusal
	}
	if attempt.problem != "" {
		return s.connectedLoginPage(e, who, attempt)
	}
	return s.welcome(e, who, customer, s.onward(e))
}

// attempt checks a posted login; where the customer chose another way than the
// password, the answer may lead there. One neutral sentence covers a wrong password
// and an unknown name (RFC 6749 section 10.10).
func (s *Site) attempt(e *wire.Exchange, who visitor) (profile.Customer, loginAttempt, *wire.Answer) {
	form, refusal := s.form(e, who)
	if refusal != nil {
		return profile.Customer{}, loginAttempt{}, refusal
	}
	switch form.Get("way") {
	case oneClick:
		customer, refusal := s.chosenCustomer(e, who, form.Get("customer"), oneClick)
		return customer, loginAttempt{}, refusal
	case ssoStub:
		answer := wire.SeeOther(s.identityURL(e))
		return profile.Customer{}, loginAttempt{}, &answer
	}
	if !s.offers("password") {
		answer := s.problem(e, who, http.StatusBadRequest, oauth.NewError(oauth.InvalidRequest, "this Platform does not log in by password"))
		return profile.Customer{}, loginAttempt{}, &answer
	}
	username, password := form.Get("username"), form.Get("password")
	if wait := s.throttle.Paused(e.Now, username); wait > 0 && !s.platform.Profile().Breaks(deviation.LoginUnlimited) {
		e.Failed(&oauth.Error{Code: oauth.AccessDenied, Reason: "too many wrong passwords for this username"})
		return profile.Customer{}, loginAttempt{username, http.StatusTooManyRequests, pauseSentence(wait), wait}, nil
	}
	customer, ok := s.platform.Login(username, password)
	if !ok && s.platform.Profile().Breaks(deviation.PasswordUnchecked) {
		customer, ok = s.named(username)
	}
	if !ok {
		s.throttle.Failed(e.Now, username)
		e.Failed(&oauth.Error{Code: oauth.AccessDenied, Reason: "wrong username or password"})
		return profile.Customer{}, loginAttempt{username, http.StatusForbidden, "The username or password is not right.", 0}, nil
	}
	s.throttle.Succeeded(e.Now, username)
	e.Entry.Customer = customer.Key
	return customer, loginAttempt{}, nil
}

func pauseSentence(wait time.Duration) string {
	return fmt.Sprintf("There were too many attempts with a wrong password. Please wait %d seconds and try again.", seconds(wait))
}

// seconds rounds up, so that waiting as long as told is enough.
func seconds(d time.Duration) int { return int((d + time.Second - 1) / time.Second) }

// welcome starts the customer's session under a new id and leads on.
func (s *Site) welcome(e *wire.Exchange, who visitor, customer profile.Customer, onward string) wire.Answer {
	id := who.id
	if s.platform.Profile().Breaks(deviation.SessionFixation) {
		s.sessions.Keep(e.Now, id, customer.Key, s.purpose(e))
	} else {
		id = s.sessions.Login(e.Now, who.id, customer.Key, s.purpose(e))
	}
	return wire.SeeOther(onward).Cookie(s.cookie(id))
}

// Logout ends the session. Within an authorization it leads back to it, so
// that another customer can log in.
func (s *Site) Logout(e *wire.Exchange) wire.Answer {
	who := s.visitor(e)
	if _, refusal := s.form(e, who); refusal != nil {
		return *refusal
	}
	s.sessions.Logout(e.Now, who.id)
	onward := s.look.Home
	if e.URL.RawQuery != "" && s.platform.Endpoints().Authorize != "" {
		onward = s.here(e, s.platform.Profile().Paths.Authorize)
	}
	return wire.SeeOther(onward).Cookie(s.cookie(s.sessions.NewID()))
}

// here is a path of this Platform with the query of the present request: the
// authorization request that is carried from step to step.
func (s *Site) here(e *wire.Exchange, path string) string {
	return s.path + path + "?" + e.URL.RawQuery
}

func (s *Site) loginPage(e *wire.Exchange, who visitor, request *issuer.AuthorizeRequest, attempt loginAttempt) wire.Answer {
	return s.login(e, who, attempt, &page.Login{
		Action: s.here(e, "/login"),
		Asking: request.Client.Name,
	}, targets(request)...)
}

func (s *Site) connectedLoginPage(e *wire.Exchange, who visitor, attempt loginAttempt) wire.Answer {
	return s.login(e, who, attempt, &page.Login{Action: s.path + s.platform.Profile().Paths.Connected + "/login"})
}

// login shows the ways in; where the identity provider is the only one, the
// browser is sent there at once.
func (s *Site) login(e *wire.Exchange, who visitor, attempt loginAttempt, view *page.Login, formTargets ...string) wire.Answer {
	view.Ways, view.People = s.platform.Profile().SignIn.Ways(), s.people()
	if slices.Equal(view.Ways, []string{ssoStub}) {
		onward := wire.SeeOther(s.identityURL(e))
		if who.fresh {
			onward = onward.Cookie(s.cookie(who.id))
		}
		return onward
	}
	view.Frame = s.frame(who, "Log in to "+s.look.Title)
	view.Transaction = true
	view.Username, view.Alert = attempt.username, attempt.problem
	answer := s.show(who, max(attempt.status, http.StatusOK), view, formTargets...)
	if attempt.wait > 0 {
		answer = answer.With("Retry-After", strconv.Itoa(seconds(attempt.wait)))
	}
	return answer
}
