package steps

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
)

var answerSteps = []definition{
	then(`the answer is {number}`, (*world).answerIs),
	then(`the answer is {number} ([a-z_]+)`, (*world).answerIsError),
	then(`the answer is {number} with the challenge ([a-z_]+)`, (*world).answerIsChallenge),
	then(`the answer is 401 with a bare challenge`, (*world).answerIsBareChallenge),
	then(`the answer carries a Basic challenge`, (*world).basicChallenge),
	then(`the answer must not be stored`, (*world).notStored),
	then(`the answer is JSON that must not be stored`, (*world).jsonNotStored),
	then(`the answer holds a (Bearer|bearer) access token for {number} seconds`, (*world).holdsAccessToken),
	then(`the answer holds a refresh token`, (*world).holdsRefreshToken),
	then(`the answer holds a refresh token of 32 hex digits`, (*world).holdsHexRefreshToken),
	then(`the answer holds no refresh token`, (*world).holdsNoRefreshToken),
	then(`the answer holds no token`, (*world).holdsNoToken),
	then(`the answer holds the tokens of the refresh before`, (*world).holdsSamePair),
	then(`all refresh tokens so far differ`, (*world).refreshTokensDiffer),
	then(`all access tokens and refresh tokens differ`, (*world).allTokensDiffer),
	then(`all jti differ`, (*world).allJTIDiffer),
	then(`the (first|newest) access token opens (the API|nothing)`, (*world).tokenOpens),
	then(`the access token opens the API`, (*world).newestOpensAPI),
	then(`the newest refresh token is refused`, (*world).newestRefused),
	then(`the access token is a JWT signed with HS256`, (*world).isJWT),
	then(`its claims name the issuer, {who} and the audience RestAPI`, (*world).claimsName),
	then(`its exp is {number} seconds after its iat`, (*world).claimsLast),
	then(`its cookey is 16 bytes encoded twice`, (*world).cookeyIs),
	then(`the journal holds the secret nowhere`, (*world).journalHoldsNoSecret),
}

func (w *world) answerIs(_ context.Context, status int) error {
	return w.client.answer.expectStatus(status)
}

func (w *world) answerIsError(_ context.Context, status int, code string) error {
	if err := w.client.answer.expectError(code); err != nil {
		return err
	}
	return w.client.answer.expectStatus(status)
}

func (w *world) answerIsChallenge(_ context.Context, status int, code string) error {
	a := w.client.answer
	if err := a.expectStatus(status); err != nil {
		return err
	}
	return expectWords("WWW-Authenticate", a.Header.Get("WWW-Authenticate"), nil, "Bearer", `error="`+code+`"`)
}

func (w *world) answerIsBareChallenge(context.Context) error {
	a := w.client.answer
	if err := a.expectStatus(http.StatusUnauthorized); err != nil {
		return err
	}
	challenge := a.Header.Get("WWW-Authenticate")
	if strings.Contains(challenge, "error") {
		return fmt.Errorf("expected a challenge that names no error, got %s", challenge)
	}
	return expectWords("WWW-Authenticate", challenge, nil, "Bearer")
}

func (w *world) basicChallenge(context.Context) error {
	return expectWords("WWW-Authenticate", w.client.answer.Header.Get("WWW-Authenticate"), nil, "Basic")
}

func (w *world) notStored(context.Context) error {
	return w.client.answer.expectNoStore()
}

func (w *world) jsonNotStored(context.Context) error {
	if err := expectWords("Content-Type", w.client.answer.Header.Get("Content-Type"), nil, "application/json"); err != nil {
		return err
	}
	return w.client.answer.expectNoStore()
}

// tokenType is the spelling of token_type.
type tokenType string

func (w *world) holdsAccessToken(_ context.Context, spelling tokenType, seconds int) error {
	a := w.client.answer
	if err := a.expectTokens(); err != nil {
		return err
	}
	if err := expectEqual("token_type", a.text("token_type"), string(spelling)); err != nil {
		return err
	}
	lifetime, isNumber := a.JSON["expires_in"].(float64)
	if !isNumber {
		return fmt.Errorf("expected expires_in to be a number, got %T", a.JSON["expires_in"])
	}
	return expectEqual("expires_in", int(lifetime), seconds)
}

func (w *world) holdsRefreshToken(context.Context) error {
	if len(w.client.answer.text("refresh_token")) < 22 {
		return fmt.Errorf("expected a refresh token of at least 128 bits, got %s", w.client.answer)
	}
	return nil
}

var hex32 = regexp.MustCompile(`^[0-9a-f]{32}$`)

func (w *world) holdsHexRefreshToken(context.Context) error {
	if got := w.client.answer.text("refresh_token"); !hex32.MatchString(got) {
		return fmt.Errorf("expected a refresh token of 32 hex digits, got one of %d characters", len(got))
	}
	return nil
}

func (w *world) holdsNoRefreshToken(context.Context) error {
	if _, there := w.client.answer.JSON["refresh_token"]; there {
		return fmt.Errorf("expected no refresh token, got %s", w.client.answer)
	}
	return w.client.answer.expectTokens()
}

func (w *world) holdsNoToken(context.Context) error { return w.client.answer.expectNoToken() }

// holdsSamePair compares the last pair with the one before: a repeated request
// must have been answered with the same tokens.
func (w *world) holdsSamePair(context.Context) error {
	pairs := w.client.tokens
	if len(pairs) < 3 {
		return fmt.Errorf("expected a third token answer, got %s", w.client.answer)
	}
	if pairs[len(pairs)-1] != pairs[len(pairs)-2] {
		return errors.New("expected the same pair again, got another one")
	}
	return nil
}

// expectDistinct fails if a value occurs twice.
func expectDistinct(what string, values []string) error {
	unique := slices.Compact(slices.Sorted(slices.Values(values)))
	return expectEqual("the number of different "+what, len(unique), len(values))
}

func (w *world) refreshTokensDiffer(context.Context) error {
	var values []string
	for _, t := range w.client.tokens {
		values = append(values, t.refresh)
	}
	return expectDistinct("refresh tokens", values)
}

func (w *world) allTokensDiffer(context.Context) error {
	var values []string
	for _, t := range w.client.tokens {
		values = append(values, t.access, t.refresh)
	}
	return expectDistinct("tokens", values)
}

func (w *world) allJTIDiffer(context.Context) error {
	var values []string
	for _, pair := range w.client.tokens {
		t, err := parseJWT(pair.access)
		if err != nil {
			return err
		}
		values = append(values, t.text("jti"))
	}
	return expectDistinct("jti", values)
}

// position is which of the client's access tokens is meant.
type position string

// reach is what an access token opens.
type reach string

func (w *world) tokenOpens(ctx context.Context, which position, what reach) error {
	token := w.client.newest().access
	if which == "first" {
		token = w.client.tokens[0].access
	}
	if what == "nothing" {
		return w.client.expectAPI(ctx, token, http.StatusUnauthorized)
	}
	return w.client.expectAPI(ctx, token, http.StatusOK)
}

func (w *world) newestOpensAPI(ctx context.Context) error {
	return w.client.expectAPI(ctx, w.client.newest().access, http.StatusOK)
}

// expectAPI calls the API with an access token.
func (c *oauthClient) expectAPI(ctx context.Context, token string, status int) error {
	if err := c.call(ctx, http.MethodGet, c.platform.Endpoints.Campaigns, "Bearer "+token, nil); err != nil {
		return err
	}
	return c.answer.expectStatus(status)
}

func (w *world) newestRefused(ctx context.Context) error {
	if err := w.client.post(ctx, w.client.refreshWith(w.client.newest().refresh)); err != nil {
		return err
	}
	return w.client.answer.expectError("invalid_grant")
}

func (w *world) isJWT(context.Context) error {
	t, err := parseJWT(w.client.newest().access)
	if err != nil {
		return err
	}
	if err := expectEqual("alg", t.Header["alg"], any("HS256")); err != nil {
		return err
	}
	return expectEqual("typ", t.Header["typ"], any("JWT"))
}

func (w *world) claimsName(_ context.Context, who person) error {
	t, err := parseJWT(w.client.newest().access)
	if err != nil {
		return err
	}
	customer, err := w.client.platform.customer(who)
	if err != nil {
		return err
	}
	for claim, want := range map[string]string{
		"iss": w.client.platform.Issuer, "aud": "RestAPI", "sub": customer.Username, "email": customer.Username,
	} {
		if err := expectEqual("the claim "+claim, t.text(claim), want); err != nil {
			return err
		}
	}
	return expectWords("the claim jti", t.text("jti"), nil, "-")
}

func (w *world) claimsLast(_ context.Context, seconds int) error {
	t, err := parseJWT(w.client.newest().access)
	if err != nil {
		return err
	}
	return expectEqual("exp less iat", int(t.number("exp")-t.number("iat")), seconds)
}

func (w *world) cookeyIs(context.Context) error {
	t, err := parseJWT(w.client.newest().access)
	if err != nil {
		return err
	}
	once, err := base64.StdEncoding.DecodeString(t.text("cookey"))
	if err != nil {
		return fmt.Errorf("decoding cookey: %w", err)
	}
	twice, err := base64.StdEncoding.DecodeString(string(once))
	if err != nil {
		return fmt.Errorf("decoding cookey twice: %w", err)
	}
	return expectEqual("the number of bytes of cookey", len(twice), 16)
}

func (w *world) journalHoldsNoSecret(ctx context.Context) error {
	journal, err := w.client.platform.journal(ctx)
	if err != nil {
		return err
	}
	text, err := json.Marshal(journal)
	if err == nil && strings.Contains(string(text), w.client.secret) {
		err = errors.New("expected the journal to hide the secret, it shows it")
	}
	return err
}
