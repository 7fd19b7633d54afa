// Package doctor walks once through what a server should be able to do, the
// happy path, and explains the first thing that does not work.
package doctor

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/mint-conformance/mint/steps/browser"
	"github.com/mint-conformance/mint/steps/exchange"
	"github.com/mint-conformance/mint/steps/pages"
	"github.com/mint-conformance/mint/steps/partner"
	"github.com/mint-conformance/mint/steps/report"
	"github.com/mint-conformance/mint/steps/target"
)

// visit is one walk.
type visit struct {
	target *target.Target
	send   *exchange.Client
	use    func(context.Context) (*browser.Browser, error)
	tell   func(step string)
	probed map[string]bool
	answer exchange.Exchange // of the token endpoint, the newest
}

// Walk goes from nonsense at the token endpoint through login and consent to
// tokens, data and a refresh. It answers what the server was seen to have, as
// far as it got, and tells each step that went well. A *partner.Trouble is the
// first thing that did not. use launches the browser, should the pages need one.
func Walk(ctx context.Context, t *target.Target, use func(context.Context) (*browser.Browser, error), now func() time.Time, tell func(step string)) (map[string]bool, error) {
	v := &visit{
		target: t, use: use, tell: tell, probed: map[string]bool{},
		send: &exchange.Client{HTTP: t.HTTP, Agent: "MINT-Conformance (doctor)", Now: now, Before: t.Before},
	}
	steps := []func(context.Context) error{v.nonsense}
	if t.Has("authorization_code") {
		steps = append(steps, v.code, v.data, v.refresh)
	} else if t.Has("client_credentials") {
		steps = append(steps, v.machine)
	}
	for _, step := range steps {
		if err := step(ctx); err != nil {
			return v.probed, err
		}
	}
	return v.probed, nil
}

// nonsense is refused by a token endpoint in JSON.
func (v *visit) nonsense(ctx context.Context) error {
	e, err := v.send.Do(ctx, exchange.Request{URL: v.target.Endpoints.Token, Form: url.Values{"grant_type": {"nonsense"}}})
	if err != nil {
		return err
	}
	switch {
	case e.Err != "":
		return &partner.Trouble{Cause: "the token endpoint does not work: " + e.Err, Mend: "look into the server's log", Blame: partner.Surroundings}
	case e.Text("error") == "":
		return &partner.Trouble{
			Cause: fmt.Sprintf("the token endpoint %s answers nonsense with %s instead of an OAuth error in JSON (RFC 6749 section 5.2)", v.target.Endpoints.Token, e),
			Mend:  "correct its address in the file or the metadata, or have the server answer as the RFC asks", Blame: partner.Server,
		}
	}
	v.tell("the token endpoint refuses nonsense: " + e.String())
	return nil
}

// good is the walk of a good authorization request.
func (v *visit) good(verifier string) pages.Walk {
	t, client := v.target, v.target.Clients.Main
	q := url.Values{"response_type": {"code"}, "client_id": {client.ID}, "redirect_uri": {client.Redirect()}, "state": {rand.Text()}}
	if len(t.Scopes) > 0 {
		q.Set("scope", strings.Join(t.Scopes, " "))
	}
	if t.Has("pkce") {
		sum := sha256.Sum256([]byte(verifier))
		q.Set("code_challenge", base64.RawURLEncoding.EncodeToString(sum[:]))
		q.Set("code_challenge_method", "S256")
	}
	separator := "?"
	if strings.Contains(t.Endpoints.Authorize, "?") {
		separator = "&"
	}
	return pages.Walk{
		URL: t.Endpoints.Authorize + separator + q.Encode(), Username: t.Customers.First.Username, Password: t.Customers.First.Password,
		Decision: pages.Allow, Redirects: client.RedirectURIs,
	}
}

// visitor is the first customer.
func (v *visit) visitor(ctx context.Context) (pages.Visitor, error) {
	person, err := v.target.Visitor(ctx, v.send, v.use)
	if errors.Is(err, browser.ErrNotFound) {
		return nil, &partner.Trouble{
			Cause: "the server's pages need a browser, and there is none",
			Mend:  "name one by --browser or the variable CHROME, or write pages: plain into the file where login and consent work without scripts", Blame: partner.Surroundings,
		}
	}
	return person, err
}

// explained makes a Trouble of what keeps a walk from a verdict.
func explained(err error) error {
	if !report.IsUnable(err) {
		return err
	}
	cause, mend, _ := strings.Cut(err.Error(), "; ")
	return &partner.Trouble{Cause: cause, Mend: mend, Blame: partner.Surroundings}
}

// code takes the first customer through login and consent.
func (v *visit) code(ctx context.Context) error {
	t, client := v.target, v.target.Clients.Main
	person, err := v.visitor(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = person.Close() }() // the window of a browser that ends with the walk
	verifier := rand.Text() + rand.Text()
	landing, err := person.Walk(ctx, v.good(verifier))
	var stuck *pages.StepError
	if errors.As(err, &stuck) {
		return &partner.Trouble{Cause: fmt.Sprintf("login.%d cannot be done: %s", stuck.Index, stuck.Cause), Mend: "correct the step under login in the file, or mark it optional", Blame: partner.Configuration}
	}
	if err != nil {
		return explained(err)
	}
	if landing.Code() == "" {
		return OfLanding(t, landing)
	}
	v.probed["iss_parameter"] = landing.Params.Get("iss") != ""
	came := ""
	if t.Redirection != nil && t.Redirection.Serves(client.Redirect()) {
		came = ", which came in there"
	}
	v.tell(fmt.Sprintf("login and consent lead back to %s with a code%s", client.Redirect(), came))
	form := url.Values{"grant_type": {"authorization_code"}, "code": {landing.Code()}, "redirect_uri": {client.Redirect()}}
	if t.Has("pkce") {
		form.Set("code_verifier", verifier)
	}
	return v.tokens(ctx, "the exchange of the code", client, form)
}

// tokens sends a token request and keeps the answer.
func (v *visit) tokens(ctx context.Context, doing string, client *target.Client, form url.Values) error {
	r := exchange.Request{URL: v.target.Endpoints.Token, Form: form}
	switch client.Method {
	case "basic":
		r.BasicID, r.BasicSecret = client.ID, client.Secret
	case "query":
		r.Query = url.Values{"client_id": {client.ID}, "client_secret": {client.Secret}}
	default:
		form.Set("client_id", client.ID)
		if client.Secret != "" {
			form.Set("client_secret", client.Secret)
		}
	}
	e, err := v.send.Do(ctx, r)
	if err != nil {
		return err
	}
	if !e.Tokens() {
		return ofToken(v.target, doing, e)
	}
	v.answer = e
	v.probed["jwt_access_token"] = strings.Count(e.Text("access_token"), ".") == 2 && strings.HasPrefix(e.Text("access_token"), "eyJ")
	v.tell(doing + " gives an access token")
	return nil
}

// data reads the resource that the file names.
func (v *visit) data(ctx context.Context) error {
	resource := v.target.Resource
	if resource == nil {
		return nil
	}
	e, err := v.send.Do(ctx, exchange.Request{Method: resource.Method, URL: resource.URL, Bearer: v.answer.Text("access_token")})
	if err != nil {
		return err
	}
	if e.Status < 200 || e.Status > 299 {
		return &partner.Trouble{
			Cause: fmt.Sprintf("the API answers the new token with %s", e),
			Mend:  "correct resource in the file, or have the API take the token that the server has just issued", Blame: partner.Configuration,
		}
	}
	v.tell("the API takes the token")
	return nil
}

// refresh uses the refresh token if there is one.
func (v *visit) refresh(ctx context.Context) error {
	first := v.answer.Text("refresh_token")
	v.probed["refresh"] = first != ""
	if first == "" {
		if v.target.Has("refresh") {
			return &partner.Trouble{Cause: "there is no refresh token in the answer, though the file or the metadata speak of them", Mend: "permit the refresh token grant to the client, or add the scope it needs", Blame: partner.Configuration}
		}
		return nil
	}
	form := url.Values{"grant_type": {"refresh_token"}, "refresh_token": {first}}
	if err := v.tokens(ctx, "a refresh", v.target.Clients.Main, form); err != nil {
		return err
	}
	next := v.answer.Text("refresh_token")
	v.probed["refresh_rotating"] = next != "" && next != first
	v.probed["refresh_sliding"] = !v.probed["refresh_rotating"]
	return nil
}

// machine uses the client credentials grant, where no customer is needed.
func (v *visit) machine(ctx context.Context) error {
	return v.tokens(ctx, "the client credentials grant", v.target.Clients.Machine, url.Values{"grant_type": {"client_credentials"}})
}
