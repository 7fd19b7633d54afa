package steps

import (
	"context"
	"errors"
	"fmt"
)

var codeSteps = []definition{
	given(`the client holds a code`, (*world).holdsCode),
	given(`the client holds a code asked for without PKCE`, (*world).holdsCodeWithoutPKCE),
	given(`the client has exchanged the code`, (*world).exchanges),
	when(`the client exchanges the code`, (*world).exchanges),
	when(`the client exchanges the code with (a wrong secret|another code_verifier|no code_verifier|another redirect_uri|no redirect_uri)`, (*world).exchangesWith),
	when(`the client exchanges the code in {number} parallel requests`, (*world).exchangesInParallel),
	when(`the second client exchanges the code`, (*world).secondExchanges),

	then(`{number} of the requests (?:is|are) answered with tokens`, (*world).answeredWithTokens),
	then(`they all hold the same refresh token`, (*world).allHoldTheSame),
	then(`the platform has answered {number} exchange with tokens`, (*world).platformAnswered),
	then(`the platform has ended the family because of ([a-z_]+)`, (*world).familyEnded),
}

func (w *world) holdsCode(ctx context.Context) error {
	c, err := w.theClient(ctx, "")
	if err != nil {
		return err
	}
	return w.walks(ctx, c, "Maya", allowsAll)
}

func (w *world) holdsCodeWithoutPKCE(ctx context.Context) error {
	c, err := w.theClient(ctx, "")
	if err != nil {
		return err
	}
	c.verifier = ""
	return w.walks(ctx, c, "Maya", allowsAll)
}

func (w *world) exchanges(ctx context.Context) error {
	if w.client == nil || w.client.code == "" {
		return errors.New("the client has no code")
	}
	return w.client.post(ctx, w.client.exchange())
}

// deviation is how a token request differs from a good one.
type deviation string

func (d deviation) of(r *tokenRequest) *tokenRequest {
	switch d {
	case "a wrong secret":
		r.basicSecret = "wrong"
	case "another code_verifier":
		r.form.Set("code_verifier", "another-verifier-of-at-least-forty-three-characters")
	case "another redirect_uri":
		r.form.Set("redirect_uri", "https://elsewhere.example/callback")
	case "no code_verifier":
		r.form.Del("code_verifier")
	case "no redirect_uri":
		r.form.Del("redirect_uri")
	}
	return r
}

func (w *world) exchangesWith(ctx context.Context, d deviation) error {
	if w.client == nil || w.client.code == "" {
		return errors.New("the client has no code")
	}
	return w.client.post(ctx, d.of(w.client.exchange()))
}

func (w *world) exchangesInParallel(ctx context.Context, n int) error {
	var err error
	w.parallel, err = w.client.parallel(ctx, n, w.client.exchange)
	return err
}

// theSecond is the other client of the scenario's Platform.
func (w *world) theSecond() (*oauthClient, error) {
	var err error
	if w.second == nil {
		w.second, err = w.newClient(w.client.platform, secondClient)
	}
	return w.second, err
}

// secondExchanges sends the first client's code with everything right but the
// client; the answer becomes the scenario's.
func (w *world) secondExchanges(ctx context.Context) error {
	second, err := w.theSecond()
	if err != nil {
		return err
	}
	r := w.client.exchange()
	r.basicID, r.basicSecret = second.id, second.secret
	return w.client.post(ctx, r)
}

// withTokens are the parallel answers that hold an access token.
func (w *world) withTokens() []answer {
	var some []answer
	for _, a := range w.parallel {
		if a.expectTokens() == nil {
			some = append(some, a)
		}
	}
	return some
}

func (w *world) answeredWithTokens(_ context.Context, want int) error {
	got := len(w.withTokens())
	if got == want {
		return nil
	}
	kinds := map[string]int{}
	for _, a := range w.parallel {
		kinds[fmt.Sprintf("%d %s", a.Status, a.text("error"))]++
	}
	return fmt.Errorf("expected %d of %d requests to be answered with tokens, got %d: %v", want, len(w.parallel), got, kinds)
}

func (w *world) allHoldTheSame(context.Context) error {
	values := map[string]bool{}
	for _, a := range w.withTokens() {
		values[a.text("refresh_token")] = true
	}
	return expectEqual("the number of different refresh tokens", len(values), 1)
}

func (w *world) platformAnswered(ctx context.Context, want int) error {
	return w.count(ctx, "", kind{"exchanges answered with tokens", func(e exchange) bool {
		return exchanges.match(e) && issued.match(e)
	}}, want)
}

func (w *world) familyEnded(ctx context.Context, reason string) error {
	families, err := w.client.platform.families(ctx, "Maya")
	if err != nil {
		return err
	}
	if len(families) != 1 {
		return fmt.Errorf("expected one family, got %d", len(families))
	}
	if live(families[0]) > 0 || !families[0].Revoked {
		return fmt.Errorf("expected the family to have ended, %d of its tokens live", live(families[0]))
	}
	return expectEqual("the reason of the end", families[0].Reason, reason)
}
