package checks

import (
	"context"
	"crypto/rand"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/go-jose/go-jose/v4"

	"github.com/mint-conformance/mint/steps/exchange"
	"github.com/mint-conformance/mint/steps/report"
)

// jwtSteps are the sentences about access tokens that are JWTs.
func (t *trial) jwtSteps() []sentence {
	return []sentence{
		when(`the client gets an access token`, t.getsToken),
		when(`the client gets many more access tokens`, t.getsMany),
		when(`somebody shows the API tokens that name another algorithm`, t.showOtherAlgorithms),
		when(`somebody shows the API tokens with other claims, another key and no signature`, t.showUnsigned),
		then(`the access token is a JWT of a declared algorithm`, t.isDeclaredJWT),
		then(`each has the documented claims, and an end that fits its expires_in`, t.claimsRight),
		then(`no two of them have the same id`, t.idsDiffer),
		then(`the access token has the type at\+jwt and the claims that go with it`, t.followsProfile),
		then(`the API accepts no forged token`, t.forgeriesRefused),
		then(`none of the words that people use as a secret signs the access token`, t.secretNotGuessed),
	}
}

func (t *trial) getsToken(ctx context.Context) (err error) {
	if t.grant, err = t.granted(ctx, t.client); err != nil {
		return unmet("getting an access token", err)
	}
	return nil
}

func (t *trial) isDeclaredJWT(context.Context) error {
	w, err := takeApart(t.grant.access())
	if err != nil {
		return &report.Finding{Expected: "a JWT as access token", Got: err.Error()}
	}
	declared := t.target.JWT.Algorithms
	switch alg := w.alg(); {
	case strings.EqualFold(alg, "none") || alg == "":
		return &report.Finding{Expected: "a token that is signed", Got: fmt.Sprintf("the algorithm %q", alg)}
	case len(declared) > 0 && !slices.Contains(declared, alg):
		return &report.Finding{Expected: "one of the algorithms " + strings.Join(declared, ", "), Got: alg}
	}
	return nil
}

// getsMany gets access tokens by refreshing, or by new grants where there are
// no refresh tokens.
func (t *trial) getsMany(ctx context.Context) error {
	t.answers = append(t.answers, t.grant.answer)
	for len(t.answers) < t.sample(20, 5) {
		if t.grant.refresh() == "" {
			g, err := t.granted(ctx, t.client)
			if err != nil {
				return unmet("getting another access token", err)
			}
			t.answers = append(t.answers, g.answer)
			continue
		}
		e, err := t.useRefresh(ctx, "get another access token", &t.grant)
		if err != nil {
			return err
		}
		if !e.Tokens() {
			return unmet("getting another access token", errors.New(e.String()))
		}
		t.answers = append(t.answers, e)
	}
	return nil
}

// claimsRight judges the claims that the target documents, and those of RFC
// 7519 section 4.1 that are there.
func (t *trial) claimsRight(context.Context) error {
	for _, answer := range t.answers {
		w, err := takeApart(answer.Text("access_token"))
		if err != nil {
			return &report.Finding{Expected: "a JWT as access token", Got: err.Error()}
		}
		if off := t.wrongClaims(w, answer); len(off) > 0 {
			return &report.Finding{Expected: "the documented claims", Got: strings.Join(off, "; ")}
		}
	}
	w, _ := takeApart(t.answers[0].Text("access_token")) // judged above
	for _, personal := range []string{"name", "email"} {
		if _, there := w.claims[personal]; there && t.target.JWT.Encrypted {
			t.warn("the claim %s can be read by whoever holds the token, though tokens are documented as encrypted", personal)
		}
	}
	return nil
}

func (t *trial) wrongClaims(w webToken, answer exchange.Exchange) (off []string) {
	for _, name := range t.target.JWT.Claims {
		if _, there := w.claims[name]; !there {
			off = append(off, "no claim "+name)
		}
	}
	for _, name := range []string{"iss", "sub", "jti"} {
		if value, there := w.claims[name]; there && w.text(w.claims, name) == "" {
			off = append(off, fmt.Sprintf("%s is %v and no text", name, value))
		}
	}
	iss := w.text(w.claims, "iss")
	if want := t.target.Issuer; want != "" && iss != "" && iss != want {
		off = append(off, "iss is another issuer's")
	}
	if want := t.target.JWT.Audience; want != "" && !slices.Contains(audience(w), want) {
		off = append(off, "aud does not name "+want)
	}
	exp, expires := w.claims["exp"].(float64)
	iat, issued := w.claims["iat"].(float64)
	for _, name := range []string{"exp", "iat", "nbf"} {
		if value, there := w.claims[name]; there {
			if _, number := value.(float64); !number {
				off = append(off, name+" is no number")
			}
		}
	}
	if promised := life(answer).Seconds(); expires && issued && promised > 0 {
		if gap := exp - iat - promised; gap < 0 || gap > 2 {
			off = append(off, fmt.Sprintf("exp is %g s after iat, and expires_in is %g", exp-iat, promised))
		}
	}
	return off
}

// audience is the claim aud, which may be one text or several.
func audience(w webToken) (all []string) {
	switch aud := w.claims["aud"].(type) {
	case string:
		return []string{aud}
	case []any:
		for _, one := range aud {
			if text, is := one.(string); is {
				all = append(all, text)
			}
		}
	}
	return all
}

func (t *trial) idsDiffer(context.Context) error {
	seen := map[string]bool{}
	for _, answer := range t.answers {
		w, err := takeApart(answer.Text("access_token"))
		if err != nil {
			return err
		}
		id := w.text(w.claims, "jti")
		if id != "" && seen[id] {
			return &report.Finding{Expected: "another jti in each token", Got: fmt.Sprintf("the same one twice among %d tokens", len(t.answers))}
		}
		seen[id] = true
	}
	return nil
}

// followsProfile: header and claims of RFC 9068 section 2.
func (t *trial) followsProfile(context.Context) error {
	w, err := takeApart(t.grant.access())
	if err != nil {
		return &report.Finding{Expected: "a JWT as access token", Got: err.Error()}
	}
	var off []string
	typ := w.text(w.header, "typ")
	if strings.TrimPrefix(strings.ToLower(typ), "application/") != "at+jwt" {
		off = append(off, fmt.Sprintf("typ %q", typ))
	}
	needed := []string{"iss", "exp", "aud", "sub", "client_id", "iat", "jti"}
	if t.grant.scope != "" {
		needed = append(needed, "scope")
	}
	for _, name := range needed {
		if _, there := w.claims[name]; !there {
			off = append(off, "no claim "+name)
		}
	}
	if len(off) > 0 {
		return &report.Finding{Expected: "typ at+jwt and the claims of RFC 9068 section 2.2", Got: strings.Join(off, "; ")}
	}
	return nil
}

// forged keeps the API's answer to a token that the server has not made.
func (t *trial) forged(ctx context.Context, what string, w webToken) error {
	e, err := t.call(ctx, "show "+what, w.String())
	t.tried(what, e)
	return err
}

func (t *trial) showOtherAlgorithms(ctx context.Context) error {
	w, err := takeApart(t.grant.access())
	if err != nil {
		return unmet("taking the access token apart", err)
	}
	for _, none := range []string{"none", "None", "NONE", "nOnE"} {
		forgery := w.with(map[string]any{"alg": none}, nil).unsigned()
		if err := t.forged(ctx, "a token with the algorithm "+none, forgery); err != nil {
			return err
		}
	}
	own := []byte(rand.Text() + rand.Text())
	if w.alg() != "HS256" {
		forgery := w.with(map[string]any{"alg": "HS256"}, nil).signed(own)
		if err := t.forged(ctx, "a token signed with HS256 and a secret of one's own", forgery); err != nil {
			return err
		}
	}
	keys, err := t.publicKeys(ctx)
	if err != nil {
		return err
	}
	for _, key := range keys {
		forgery := w.with(map[string]any{"alg": "HS256"}, nil).signed(key)
		if err := t.forged(ctx, "a token signed with HS256 and a public key for a secret", forgery); err != nil {
			return err
		}
	}
	return nil
}

// publicKeys are the server's published keys as they are likely to stand in a
// file: in PEM.
func (t *trial) publicKeys(ctx context.Context) (all [][]byte, err error) {
	if t.target.Endpoints.JWKS == "" {
		return nil, nil
	}
	e, err := t.send.Do(ctx, exchange.Request{About: "fetch the public keys", URL: t.target.Endpoints.JWKS})
	if err != nil {
		return nil, err
	}
	var set jose.JSONWebKeySet
	if json.Unmarshal([]byte(e.Body), &set) != nil {
		return nil, nil // no keys: another check's finding
	}
	for _, key := range set.Keys[:min(3, len(set.Keys))] {
		if der, err := x509.MarshalPKIXPublicKey(key.Key); err == nil {
			all = append(all, pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}))
		}
	}
	return all, nil
}

func (t *trial) showUnsigned(ctx context.Context) error {
	w, err := takeApart(t.grant.access())
	if err != nil {
		return unmet("taking the access token apart", err)
	}
	exp, _ := w.claims["exp"].(float64)
	changed := map[string]map[string]any{
		"another subject under the old signature":  {"sub": t.someoneElse()},
		"another audience under the old signature": {"aud": "https://another.example"},
		"a later end under the old signature":      {"exp": exp + 3600},
	}
	for _, what := range slices.Sorted(maps.Keys(changed)) {
		if err := t.forged(ctx, "a token with "+what, w.with(nil, changed[what])); err != nil {
			return err
		}
	}
	if err := t.forged(ctx, "a token with an empty signature", w.unsigned()); err != nil {
		return err
	}
	foreign := w.signed([]byte(rand.Text() + rand.Text()))
	if hashes[w.alg()] == nil { // as long as the right one, and made by nobody
		noise := make([]byte, base64.RawURLEncoding.DecodedLen(len(w.signature)))
		_, _ = rand.Read(noise) // never fails
		foreign.signature = base64.RawURLEncoding.EncodeToString(noise)
	}
	return t.forged(ctx, "a token signed with a foreign key", foreign)
}

// someoneElse is the name of another customer, real if there is one.
func (t *trial) someoneElse() string {
	if t.target.Customers.Second != nil {
		return t.target.Customers.Second.Username
	}
	return "somebody-else"
}

func (t *trial) forgeriesRefused(context.Context) error {
	t.judged = true
	for _, a := range t.attempts {
		if !turnedAway(a.got) {
			return &report.Finding{Expected: "401 for " + a.what, Got: a.got.String()}
		}
	}
	return nil
}

func (t *trial) secretNotGuessed(context.Context) error {
	token := t.grant.access()
	w, err := takeApart(token)
	if err != nil {
		return unmet("taking the access token apart", err)
	}
	if hashes[w.alg()] == nil {
		return report.DoesNotApply("the token is signed with a private key (" + w.alg() + ")")
	}
	words := append([]string{t.client.ID, t.client.Secret, t.target.Issuer, t.target.Name}, weakSecrets...)
	if guess(token, slices.DeleteFunc(words, func(word string) bool { return word == "" })) != "" {
		return &report.Finding{
			Expected: "a random signing secret of 256 bits or more",
			Got:      fmt.Sprintf("one of %d words that anybody would try", len(words)),
		}
	}
	return nil
}
