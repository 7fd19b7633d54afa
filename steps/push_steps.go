package steps

import (
	"context"
	"errors"
	"net/http"
	"strings"
)

var pushSteps = []definition{
	given(`the client has pushed its authorization request`, (*world).hasPushed),
	when(`the client pushes its authorization request`, (*world).pushes),
	when(`the client pushes its authorization request with (a wrong secret|an unregistered redirect URI|a request_uri inside)`, (*world).pushesWrongly),
	when(`the second client asks for authorization with the pushed request`, (*world).secondAsksWithPushed),
	when(`the client asks for authorization with the pushed request`, (*world).asksWithPushed),

	then(`the answer holds a request_uri for {number} seconds`, (*world).holdsRequestURI),
	then(`the code has come by POST and has stood in no address`, (*world).codePosted),
}

// push sends the authorization request behind the browser (RFC 9126 section
// 2.1), changed as asked for.
func (w *world) push(ctx context.Context, change func(*tokenRequest)) error {
	c, err := w.theClient(ctx, "")
	if err != nil {
		return err
	}
	r := c.request("")
	r.form.Del("grant_type")
	for name, values := range c.authorizationRequest() {
		r.form[name] = values
	}
	if change != nil {
		change(r)
	}
	request, err := r.sent(ctx, c.platform.Endpoints.PAR)
	if err != nil {
		return err
	}
	if c.answer, err = send(c.http, request); err != nil {
		return err
	}
	c.pushed = c.answer.text("request_uri")
	return nil
}

func (w *world) hasPushed(ctx context.Context) error {
	if err := w.push(ctx, nil); err != nil {
		return err
	}
	return w.client.answer.expectStatus(http.StatusCreated)
}

func (w *world) pushes(ctx context.Context) error { return w.push(ctx, nil) }

// mispush is what is wrong with a pushed request.
type mispush string

func (w *world) pushesWrongly(ctx context.Context, m mispush) error {
	return w.push(ctx, func(r *tokenRequest) {
		switch m {
		case "a wrong secret":
			r.basicSecret = "wrong"
		case "an unregistered redirect URI":
			r.form.Set("redirect_uri", "https://elsewhere.example/callback")
		case "a request_uri inside":
			r.form.Set("request_uri", "urn:ietf:params:oauth:request_uri:another")
		}
	})
}

func (w *world) asksWithPushed(ctx context.Context) error {
	return w.fetch(ctx, w.client, w.client.authorizationURL(nil))
}

func (w *world) secondAsksWithPushed(ctx context.Context) error {
	second, err := w.theSecond()
	if err != nil {
		return err
	}
	second.pushed = w.client.pushed
	return w.fetch(ctx, w.client, second.authorizationURL(nil))
}

func (w *world) holdsRequestURI(_ context.Context, seconds int) error {
	a := w.client.answer
	if !strings.HasPrefix(a.text("request_uri"), "urn:ietf:params:oauth:request_uri:") {
		return errors.New("expected a request_uri of the form that RFC 9126 section 2.2 suggests, got " + a.String())
	}
	return expectEqual("expires_in", a.JSON["expires_in"], any(float64(seconds)))
}

func (w *world) codePosted(context.Context) error {
	arrived, err := w.catcher.last()
	if err != nil {
		return err
	}
	if arrived.method != http.MethodPost || arrived.query.Get("code") == "" {
		return errors.New("expected the code in a posted form, got a " + arrived.method + " request")
	}
	for _, v := range w.visitors {
		for _, r := range v.session.Requests() {
			if strings.Contains(r.URL, arrived.query.Get("code")) {
				return errors.New("the code stood in the address of a request")
			}
		}
	}
	return nil
}
