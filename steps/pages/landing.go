package pages

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"github.com/mint-conformance/mint/steps/browser"
	"github.com/mint-conformance/mint/steps/redirection"
	"github.com/mint-conformance/mint/steps/report"
)

// arrival is how long an answer may take from the browser to who serves its
// redirect URI.
const arrival = 10 * time.Second

// watch has the session tell of redirects to a client: those that are served are
// followed, others are not.
func (b *Browser) watch(ctx context.Context, redirects []string) error {
	follow := func(string) bool { return false }
	if b.Redirection != nil {
		follow = b.Redirection.Serves
	}
	return b.session.Intercept(ctx, redirects, follow)
}

// landed reads a redirect to a client, once it came in where that is served.
func (b *Browser) landed(ctx context.Context, caught browser.Catch) (Landing, error) {
	at, err := url.Parse(caught.URL)
	if err != nil {
		return Landing{}, fmt.Errorf("the redirect to the client: %w", err)
	}
	l := landed(at)
	answer := redirection.Answer{Method: caught.Method, Query: at.RawQuery, Body: caught.Body}
	if b.Redirection != nil && b.Redirection.Serves(caught.URL) {
		bounded, cancel := context.WithTimeout(ctx, b.arrival)
		defer cancel()
		if err := b.Redirection.Await(bounded, answer); err != nil && ctx.Err() != nil {
			return l, context.Cause(ctx)
		} else if err != nil {
			return l, report.Unable(fmt.Errorf("the browser went on to %s, and what it sent did not come in within %s; look whether the tunnel still runs, or leave redirect out of the file", bare(caught.URL), b.arrival))
		}
	}
	if caught.Method != http.MethodPost || l.Fragment {
		return l, nil
	}
	l.Posted = true
	l.Params, err = answer.Params()
	return l, err
}

// postedTo is the landing of a page that posts the answer to a client
// (response_mode form_post); without scripts, a person presses its button.
func postedTo(p Page, redirects []string) (l Landing, ok bool) {
	for i := range p.Forms {
		f := &p.Forms[i]
		at, err := url.Parse(f.Action)
		if err != nil || f.Loose || f.Method != http.MethodPost || !arrived(at, redirects) {
			continue
		}
		l = landed(at)
		l.Posted, l.Fragment, l.Params = true, false, at.Query()
		r, _ := Plan{Form: f}.request()
		for name, values := range r.Form {
			l.Params[name] = append(l.Params[name], values...)
		}
		return l, true
	}
	return l, false
}
