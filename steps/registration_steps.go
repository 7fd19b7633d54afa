package steps

import (
	"context"
	"fmt"
	"maps"
	"net/http"
)

var registrationSteps = []definition{
	given(`a client has registered itself`, (*world).hasRegistered),
	when(`a client registers itself`, (*world).registersItself),
	when(`a client registers itself with (no redirect URI|a relative redirect URI|an unknown grant|an unknown authentication)`, (*world).registersWrongly),
	when(`the new client reads its registration`, (*world).readsRegistration),
	when(`the new client reads its registration with a wrong token`, (*world).readsRegistrationWrongly),
	when(`the new client renames itself to {text}`, (*world).renamesRegistration),
	when(`the new client ends its registration`, (*world).endsRegistration),
	when(`the new client asks for its own access token`, (*world).newAsksForOwnToken),

	then(`the answer holds an id and a secret that nobody else has`, (*world).holdsNewCredentials),
	then(`the registration says the name {text}`, (*world).registrationNames),
}

// registration is what a good client says of itself (RFC 7591 section 2).
var goodRegistration = map[string]any{
	"client_name": "Reports", "redirect_uris": []string{"https://reports.example/callback"},
	"grant_types":    []string{"authorization_code", "refresh_token", "client_credentials"},
	"response_types": []string{"code"}, "token_endpoint_auth_method": "client_secret_basic",
}

// enroll sends a registration request and makes the new client, if there is
// one, the scenario's client.
func (w *world) enroll(ctx context.Context, metadata map[string]any) error {
	p, err := w.platform(ctx, "")
	if err != nil {
		return err
	}
	w.client = &oauthClient{http: w.env.Topology.HTTPClient(), platform: p}
	if err := w.client.sendJSON(ctx, http.MethodPost, p.Endpoints.Register, "", metadata); err != nil {
		return err
	}
	w.client.id, w.client.secret = w.client.answer.text("client_id"), w.client.answer.text("client_secret")
	w.client.registration = w.client.answer
	return nil
}

func (w *world) hasRegistered(ctx context.Context) error {
	if err := w.enroll(ctx, goodRegistration); err != nil {
		return err
	}
	return w.client.answer.expectStatus(http.StatusCreated)
}

func (w *world) registersItself(ctx context.Context) error { return w.enroll(ctx, goodRegistration) }

// flaw is what is wrong with a registration.
type flaw string

func (w *world) registersWrongly(ctx context.Context, f flaw) error {
	metadata := maps.Clone(goodRegistration)
	switch f {
	case "no redirect URI":
		delete(metadata, "redirect_uris")
	case "a relative redirect URI":
		metadata["redirect_uris"] = []string{"/callback"}
	case "an unknown grant":
		metadata["grant_types"] = []string{"banana"}
	case "an unknown authentication":
		metadata["token_endpoint_auth_method"] = "banana"
	}
	return w.enroll(ctx, metadata)
}

// atRegistration sends a request to the client's configuration endpoint (RFC
// 7592 section 2).
func (c *oauthClient) atRegistration(ctx context.Context, method string, document any) error {
	return c.sendJSON(ctx, method, c.registration.text("registration_client_uri"),
		"Bearer "+c.registration.text("registration_access_token"), document)
}

func (w *world) readsRegistration(ctx context.Context) error {
	return w.client.atRegistration(ctx, http.MethodGet, nil)
}

func (w *world) readsRegistrationWrongly(ctx context.Context) error {
	return w.client.sendJSON(ctx, http.MethodGet, w.client.registration.text("registration_client_uri"), "Bearer wrong", nil)
}

func (w *world) renamesRegistration(ctx context.Context, name string) error {
	metadata := maps.Clone(goodRegistration)
	metadata["client_id"], metadata["client_secret"], metadata["client_name"] = w.client.id, w.client.secret, name
	if err := w.client.atRegistration(ctx, http.MethodPut, metadata); err != nil {
		return err
	}
	return w.client.answer.expectStatus(http.StatusOK)
}

func (w *world) endsRegistration(ctx context.Context) error {
	return w.client.atRegistration(ctx, http.MethodDelete, nil)
}

func (w *world) newAsksForOwnToken(ctx context.Context) error {
	return w.client.post(ctx, w.client.ownToken())
}

func (w *world) holdsNewCredentials(context.Context) error {
	for _, known := range w.client.platform.Clients {
		if w.client.id == known.ID || w.client.secret == known.Secret {
			return fmt.Errorf("expected an id and a secret of its own, got those of %s", known.ID)
		}
	}
	if len(w.client.id) < 8 || len(w.client.secret) < 22 { // 128 bits in base64url
		return fmt.Errorf("expected an id and a secret of 128 bits, got %d and %d characters", len(w.client.id), len(w.client.secret))
	}
	return nil
}

func (w *world) registrationNames(_ context.Context, want string) error {
	return expectEqual("client_name", w.client.answer.text("client_name"), want)
}
