package checks

import (
	"context"
	"crypto/rand"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"

	"github.com/mint-conformance/mint/steps/exchange"
	"github.com/mint-conformance/mint/steps/report"
	"github.com/mint-conformance/mint/steps/target"
)

// grantTypes are the grants that have checks of their own: the catalogue's
// feature, and the checks that show whether the grant works.
var grantTypes = map[string]struct {
	feature string
	own     []string
}{
	"authorization_code": {"authorization_code", []string{"CG-01"}},
	"refresh_token":      {"refresh", []string{"RF-01"}},
	"client_credentials": {"client_credentials", []string{"CC-01"}},
	"password":           {"password", []string{"PW-01", "PW-05"}},
}

// judgedElsewhere says whether one of the checks has found fault already: what
// they own is not held against the metadata as well.
func (t *trial) judgedElsewhere(ids ...string) bool {
	return slices.ContainsFunc(ids, func(id string) bool {
		status := t.suite.outcome(id)
		return status == report.Fail || status == report.CouldNotRun || status == report.Error
	})
}

// grantTypesKnown asks for those grants of the list that no check has used; a
// server that has never heard of one says unsupported_grant_type (RFC 6749
// section 5.2).
func (t *trial) grantTypesKnown(ctx context.Context) error {
	declared, _ := t.listed("grant_types_supported")
	for _, grant := range declared {
		known := grantTypes[grant]
		if grant == "implicit" || known.feature != "" && t.target.Has(known.feature) || t.judgedElsewhere(known.own...) {
			continue
		}
		e, err := t.token(ctx, "ask for the grant type "+grant, t.client, url.Values{"grant_type": {grant}})
		if err != nil {
			return err
		}
		if troubled(e) {
			return unmet("asking for the grant type "+grant, errOf(e))
		}
		if e.Text("error") == "unsupported_grant_type" {
			return &report.Finding{Expected: "a server that knows the grant type " + grant + ", which it declares", Got: e.String()}
		}
	}
	return nil
}

// authMethodsWork lets clients authenticate by each method of the list that
// they have the means for; the code they show is made up, so that nothing
// comes of it but the server's word on the client.
func (t *trial) authMethodsWork(ctx context.Context) error {
	declared, named := t.listed("token_endpoint_auth_methods_supported")
	if !named {
		declared = []string{"client_secret_basic"} // RFC 8414 section 2
	}
	for _, method := range declared {
		r, possible, err := t.authenticating(method)
		if err != nil {
			return err
		}
		if !possible || t.judgedElsewhere("TK-10", "TK-11") {
			continue
		}
		e, err := t.send.Do(ctx, r)
		if err != nil {
			return err
		}
		if troubled(e) {
			return unmet("authenticating by "+method, errOf(e))
		}
		if e.Text("error") != "invalid_client" && e.Status != http.StatusUnauthorized {
			continue
		}
		if t.target.Mock == nil { // there it may depend on the client's registration, which is not ours to see
			t.warn("the metadata name %s, by which the test client was refused (%s)", method, e)
			continue
		}
		return &report.Finding{Expected: "a client that can authenticate by " + method + ", which the metadata name", Got: e.String()}
	}
	return nil
}

// authenticating is a token request with a made-up code by a method's own way;
// possible is false where no client of the target has what it takes.
func (t *trial) authenticating(method string) (r exchange.Request, possible bool, err error) {
	form := url.Values{"grant_type": {"authorization_code"}, "code": {rand.Text()}, "redirect_uri": {t.client.Redirect()}}
	client, place := t.client, ""
	switch method {
	case "client_secret_basic":
		place = "basic"
	case "client_secret_post":
		place = "body"
	case "none":
		client, place = t.target.Clients.Public, "none"
	case "client_secret_jwt":
		assertion, err := t.assertion(client)
		if err != nil {
			return r, false, err
		}
		form.Set("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer")
		form.Set("client_assertion", assertion)
	default:
		return r, false, nil
	}
	if client == nil || client.Secret == "" && method != "none" {
		return r, false, nil
	}
	o := t.order(client, form)
	o.places = []string{place}
	if place == "" {
		o.places = nil
	}
	return o.request("authenticate by " + method), true, nil
}

// assertion is what a client shows of itself by client_secret_jwt (RFC 7523
// section 3).
func (t *trial) assertion(client *target.Client) (string, error) {
	secret := []byte(client.Secret)
	for len(secret) < 32 { // HS256 asks for as much; the server refuses a shorter secret anyway
		secret = append(secret, 0)
	}
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.HS256, Key: secret}, nil)
	if err != nil {
		return "", err
	}
	now := t.suite.Now()
	return jwt.Signed(signer).Claims(jwt.Claims{
		Issuer: client.ID, Subject: client.ID, Audience: jwt.Audience{t.target.Endpoints.Token, t.target.Issuer},
		ID: rand.Text(), IssuedAt: jwt.NewNumericDate(now), Expiry: jwt.NewNumericDate(now.Add(time.Minute)),
	}).Serialize()
}

// responseTypesKnown asks for each response type but code, which has checks of
// its own; a server that has none such says so before anybody logs in.
func (t *trial) responseTypesKnown(ctx context.Context) error {
	declared, _ := t.listed("response_types_supported")
	for _, kind := range declared {
		if kind == "code" || t.target.Endpoints.Authorize == "" || t.judgedElsewhere("AZ-07") {
			continue
		}
		q := t.newGrant(t.client).parameters()
		q.Set("response_type", kind)
		e, err := t.send.Do(ctx, exchange.Request{About: "ask for the response type " + kind, URL: t.authorizeURL(q)})
		if err != nil {
			return err
		}
		if troubled(e) {
			return unmet("asking for the response type "+kind, errOf(e))
		}
		to, err := url.Parse(e.Header.Get("Location"))
		if err == nil && (to.Query().Get("error") == "unsupported_response_type" || inFragment(to, "error") == "unsupported_response_type") {
			return &report.Finding{Expected: "a server that knows the response type " + kind + ", which it declares", Got: "the error unsupported_response_type"}
		}
	}
	return nil
}

// troubled says whether an answer speaks of the server's state and not of the
// request.
func troubled(e exchange.Exchange) bool {
	return e.Err != "" || e.Status >= http.StatusInternalServerError || e.Limited()
}

func inFragment(address *url.URL, member string) string {
	members, err := url.ParseQuery(address.Fragment)
	if err != nil {
		return ""
	}
	return members.Get(member)
}

// seenIsNamed warns of what other checks saw at work and the metadata leave
// out: no client will find it.
func (t *trial) seenIsNamed(context.Context) error {
	if grants, named := t.listed("grant_types_supported"); named {
		for _, grant := range []string{"authorization_code", "refresh_token", "client_credentials", "password"} {
			own := grantTypes[grant].own[0]
			if t.suite.outcome(own) == report.Pass && !slices.Contains(grants, grant) {
				t.warn("the grant type %s works and the metadata do not name it", grant)
			}
		}
	}
	for _, one := range [][2]string{
		{"revocation_endpoint", "RV-01"}, {"introspection_endpoint", "IN-02"}, {"pushed_authorization_request_endpoint", "PA-01"},
	} {
		member, own := one[0], one[1]
		if _, named := t.metadata[member]; !named && t.suite.outcome(own) == report.Pass {
			t.warn("%s", fmt.Sprintf("the %s works and the metadata do not name it", member))
		}
	}
	return nil
}
