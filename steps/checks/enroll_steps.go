package checks

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"

	"github.com/mint-conformance/mint/steps/exchange"
	"github.com/mint-conformance/mint/steps/report"
	"github.com/mint-conformance/mint/steps/target"
)

// enrollSteps are the sentences about clients that register themselves.
func (t *trial) enrollSteps() []sentence {
	return []sentence{
		given(`a client has registered itself and can authenticate`, t.enrolled),
		when(`a client registers itself`, t.enrollSelf),
		when(`the client deletes its registration`, t.deleteRegistration),
		then(`the answer has all that the client needs, and no cache keeps it`, t.enrollmentComplete),
		then(`a bad redirect URI and bad metadata are told apart`, t.badEnrollments),
		then(`the client can read and change its registration`, t.registrationManaged),
		then(`a wrong registration token is refused with 401`, t.wrongRegistrationToken),
		then(`the client cannot authenticate any more`, t.deletedClientUnusable),
	}
}

// enrollment are good metadata (RFC 7591 section 2).
func enrollment() map[string]any {
	return map[string]any{
		"client_name": "Check Application", "redirect_uris": []string{"https://app.example/callback"},
		"token_endpoint_auth_method": "client_secret_basic",
	}
}

func (t *trial) manage(ctx context.Context, about, method, address, token string, metadata map[string]any) (exchange.Exchange, error) {
	r := exchange.Request{About: about, Method: method, URL: address, Bearer: token}
	if metadata != nil {
		document, err := json.Marshal(metadata)
		if err != nil {
			return exchange.Exchange{}, err
		}
		r.Body, r.ContentType = string(document), "application/json"
	}
	return t.send.Do(ctx, r)
}

func (t *trial) enroll(ctx context.Context, about string, metadata map[string]any) (exchange.Exchange, error) {
	return t.manage(ctx, about, http.MethodPost, t.target.Endpoints.Register, "", metadata)
}

func (t *trial) enrollSelf(ctx context.Context) error {
	e, err := t.enroll(ctx, "register a client", enrollment())
	t.answers = append(t.answers, e)
	if uri := e.Text("registration_client_uri"); err == nil && uri != "" { // leave nothing behind
		_, err = t.manage(ctx, "delete it again", http.MethodDelete, uri, e.Text("registration_access_token"), nil)
	}
	return err
}

func (t *trial) enrollmentComplete(context.Context) error {
	e := t.answers[0]
	_, expires := e.JSON["client_secret_expires_at"].(float64)
	var bad string
	switch {
	case e.Status != http.StatusCreated:
		bad = e.String()
	case e.Text("client_id") == "":
		bad = "no client_id"
	case e.Text("client_secret") != "" && !expires:
		bad = "a client_secret without client_secret_expires_at"
	case !strings.Contains(e.Header.Get("Cache-Control"), "no-store"):
		bad = "no Cache-Control: no-store"
	default:
		return nil
	}
	return &report.Finding{Expected: "201 with client_id, the secret's end beside the secret, and no-store", Got: bad}
}

func (t *trial) badEnrollments(ctx context.Context) error {
	for _, c := range []struct {
		member string
		value  any
		code   string
	}{
		{"redirect_uris", []string{"https://app.example/callback#part"}, "invalid_redirect_uri"},
		{"grant_types", "no list", "invalid_client_metadata"},
	} {
		metadata := enrollment()
		metadata[c.member] = c.value
		e, err := t.enroll(ctx, "register with a bad "+c.member, metadata)
		if err != nil {
			return err
		}
		if e.Status != http.StatusBadRequest || e.Text("error") != c.code {
			return &report.Finding{Expected: "400 with the error " + c.code + " for a bad " + c.member, Got: e.String()}
		}
	}
	return nil
}

// enrolled registers a client, whose secret the token endpoint knows: it
// refuses a made-up code, and not the client.
func (t *trial) enrolled(ctx context.Context) error {
	e, err := t.enroll(ctx, "register a client", enrollment())
	if err != nil {
		return err
	}
	if err := t.controlled("registering a client", e.Text("client_id") != "" && e.Text("client_secret") != "", e); err != nil {
		return err
	}
	t.answers = append(t.answers, e)
	t.client = &target.Client{ID: e.Text("client_id"), Secret: e.Text("client_secret"), Method: "basic"}
	known, err := t.authenticateSelf(ctx, "authenticate as the new client")
	if err != nil {
		return err
	}
	return t.controlled("the new client's secret", known.Text("error") == "invalid_grant", known)
}

func (t *trial) authenticateSelf(ctx context.Context, about string) (exchange.Exchange, error) {
	return t.token(ctx, about, t.client, url.Values{
		"grant_type": {"authorization_code"}, "code": {rand.Text()}, "redirect_uri": {"https://app.example/callback"},
	})
}

// self is where the client manages its registration, and by which token (RFC
// 7592 section 3).
func (t *trial) self() (address, token string) {
	return t.answers[0].Text("registration_client_uri"), t.answers[0].Text("registration_access_token")
}

func (t *trial) registrationManaged(ctx context.Context) error {
	address, token := t.self()
	if address == "" || token == "" {
		return report.DoesNotApply("the server's registrations cannot be managed (RFC 7592)")
	}
	read, err := t.manage(ctx, "read the registration", http.MethodGet, address, token, nil)
	if err != nil {
		return err
	}
	if read.Status != http.StatusOK || read.Text("client_id") != t.client.ID {
		return &report.Finding{Expected: "200 with the registration", Got: read.String()}
	}
	if renewed := read.Text("registration_access_token"); renewed != "" {
		t.answers[0].JSON["registration_access_token"], token = renewed, renewed
	}
	metadata := enrollment()
	metadata["client_id"], metadata["client_name"] = t.client.ID, "Changed Application"
	changed, err := t.manage(ctx, "change the registration", http.MethodPut, address, token, metadata)
	if err != nil {
		return err
	}
	if changed.Status != http.StatusOK || changed.Text("client_name") != "Changed Application" {
		return &report.Finding{Expected: "200 with the changed registration", Got: changed.String()}
	}
	if renewed := changed.Text("registration_access_token"); renewed != "" {
		t.answers[0].JSON["registration_access_token"] = renewed
	}
	return nil
}

func (t *trial) wrongRegistrationToken(ctx context.Context) error {
	t.judged = true
	address, _ := t.self()
	for _, method := range []string{http.MethodGet, http.MethodDelete} {
		e, err := t.manage(ctx, method+" with a wrong token", method, address, rand.Text(), nil)
		if err != nil {
			return err
		}
		if e.Status != http.StatusUnauthorized {
			return &report.Finding{Expected: "401 for " + method + " with a wrong registration token", Got: e.String()}
		}
	}
	return nil
}

func (t *trial) deleteRegistration(ctx context.Context) error {
	address, token := t.self()
	e, err := t.manage(ctx, "delete the registration", http.MethodDelete, address, token, nil)
	if err == nil && e.Status != http.StatusNoContent {
		return &report.Finding{Expected: "204 for the deletion", Got: e.String()}
	}
	return err
}

func (t *trial) deletedClientUnusable(ctx context.Context) error {
	e, err := t.authenticateSelf(ctx, "authenticate as the deleted client")
	if err != nil {
		return err
	}
	if e.Text("error") != "invalid_client" && e.Status != http.StatusUnauthorized {
		return &report.Finding{Expected: "invalid_client for a client that was deleted", Got: e.String()}
	}
	return nil
}
