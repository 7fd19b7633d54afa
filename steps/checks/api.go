package checks

import (
	"context"
	"errors"
	"net/http"

	"github.com/mint-conformance/mint/steps/exchange"
	"github.com/mint-conformance/mint/steps/report"
)

// call reads the target's protected resource with an access token. Callers
// ask t.target.Resource first where a check has no such fixture.
func (t *trial) call(ctx context.Context, about, token string) (exchange.Exchange, error) {
	r := t.target.Resource
	if r == nil {
		return exchange.Exchange{}, errors.New("the target names no protected resource")
	}
	request := exchange.Request{About: about, Method: r.Method, URL: r.URL, Bearer: token}
	if r.Body != "" {
		request.Body, request.ContentType = r.Body, "application/json"
	}
	return t.send.Do(ctx, request)
}

// change tries the harmless change that the target names with an access token.
func (t *trial) change(ctx context.Context, about, token string) (exchange.Exchange, error) {
	w := t.target.Writable
	if w == nil {
		return exchange.Exchange{}, errors.New("the target names no resource that can be changed")
	}
	request := exchange.Request{About: about, Method: w.Method, URL: w.URL, Body: w.Body, Bearer: token}
	if w.Body != "" {
		request.ContentType = "application/json"
	}
	return t.send.Do(ctx, request)
}

// served says whether the API gave what it was asked for.
func served(e exchange.Exchange) bool { return e.Err == "" && e.Status >= 200 && e.Status < 300 }

// turnedAway says whether the API refused the token itself: 401, by intent
// (RFC 6750 section 3.1).
func turnedAway(e exchange.Exchange) bool {
	is, _ := e.Refused()
	return is && e.Status == http.StatusUnauthorized
}

// mustServe is a Finding unless the API serves the token.
func (t *trial) mustServe(ctx context.Context, about, token string) error {
	e, err := t.call(ctx, about, token)
	if err != nil {
		return err
	}
	if !served(e) {
		return &report.Finding{Expected: "the resource, " + about, Got: e.String()}
	}
	t.controls++
	return nil
}
