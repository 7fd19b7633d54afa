package checks

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"

	"github.com/mint-conformance/mint/steps/exchange"
	"github.com/mint-conformance/mint/steps/report"
)

// clearSteps are the sentences about requests that anybody on the way can read.
func (t *trial) clearSteps() []sentence {
	return []sentence{
		given(`the authorization and token endpoints answer over TLS`, t.answerOverTLS),
		when(`the same requests are sent over plain HTTP`, t.sendInClear),
		then(`neither endpoint works on them`, t.nothingInClear),
	}
}

// twofold is one request, sent over TLS and over plain HTTP.
type twofold struct {
	what          string
	request       exchange.Request
	secure, plain exchange.Exchange
	connected     bool // somebody took the plain connection
}

// harmless are requests that hold no secret: an authorization request, which is
// public, and a token request with made-up credentials.
func (t *trial) harmless() (all []*twofold) {
	if t.target.Endpoints.Authorize != "" && t.client != nil {
		all = append(all, &twofold{what: "the authorization endpoint", request: exchange.Request{
			Method: http.MethodGet, URL: t.authorizeURL(t.newGrant(t.client).parameters()),
		}})
	}
	return append(all, &twofold{what: "the token endpoint", request: exchange.Request{
		URL: t.target.Endpoints.Token, BasicID: "mint-conformance-nobody", BasicSecret: "made-up",
		Form: url.Values{"grant_type": {"authorization_code"}, "code": {"made-up"}, "redirect_uri": {t.target.Redirect}},
	}})
}

// answerOverTLS is the positive control of what must not work without TLS.
func (t *trial) answerOverTLS(ctx context.Context) error {
	t.twofold = t.harmless()
	if !slices.ContainsFunc(t.twofold, func(one *twofold) bool { return !plainOnLoopback(one.request.URL) }) {
		return report.DoesNotApply("it speaks plain HTTP on loopback, where nobody can listen")
	}
	for _, one := range t.twofold {
		r := one.request
		r.About, r.Control = "control: "+one.what+" over TLS", true
		var err error
		if one.secure, err = t.send.Do(ctx, r); err != nil {
			return err
		}
		if err := t.controlled(one.what, !dead(one.secure), one.secure); err != nil {
			return err
		}
	}
	return nil
}

func plainOnLoopback(address string) bool {
	u, err := url.Parse(address)
	return err == nil && u.Scheme == "http" && loopback(u.Hostname())
}

// inClear is the address without TLS: at the port of plain HTTP, or at the same
// one if the address has a port of its own.
func inClear(address string) (string, error) {
	u, err := url.Parse(address)
	if err != nil {
		return "", err
	}
	u.Scheme = "http"
	if u.Port() == "443" {
		u.Host = strings.TrimSuffix(u.Host, ":443")
	}
	return u.String(), nil
}

func (t *trial) sendInClear(ctx context.Context) error {
	for _, one := range t.twofold {
		r := one.request
		var err error
		if r.URL, err = inClear(r.URL); err != nil {
			return err
		}
		r.About = "ask " + one.what + " over plain HTTP"
		var connected atomic.Bool
		traced := httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{GotConn: func(httptrace.GotConnInfo) { connected.Store(true) }})
		if one.plain, err = t.send.Do(traced, r); err != nil {
			return err
		}
		one.connected = connected.Load()
	}
	return nil
}

func (t *trial) nothingInClear(context.Context) error {
	t.judged = true
	var against []string
	for _, one := range t.twofold {
		if one.undecided() {
			return unmet(one.what+" over plain HTTP", errors.New(one.plain.String()))
		}
		if bad := one.works(t.target.Redirect); bad != "" {
			against = append(against, one.what+" "+bad)
		} else if one.request.Method != http.MethodGet && redirects(one.plain) {
			t.warn("%s answers plain HTTP with a redirect: the client's secret has been on the way by then, and an error would tell its developer", one.what)
		}
	}
	if len(against) > 0 {
		return &report.Finding{Expected: "no connection, an error, or a redirect of browsers to https", Got: strings.Join(against, "; ")}
	}
	return nil
}

// undecided: something answers, but in a way that may change with the next
// request. A connection that is closed without HTTP is a refusal, since the
// server has just answered the same over TLS.
func (o *twofold) undecided() bool {
	return o.connected && (o.plain.TimedOut() || o.plain.Status >= http.StatusInternalServerError || o.plain.Limited())
}

// works says how the endpoint works on a request in clear, "" if it does not.
func (o *twofold) works(callback string) string {
	switch e := o.plain; {
	case e.Err != "":
		return ""
	case redirects(e) && o.request.Method == http.MethodGet:
		return strays(e, callback)
	case redirects(e):
		return ""
	case e.Status < http.StatusBadRequest:
		return "answers in clear: " + e.String()
	case e.Status == o.secure.Status && (e.Text("error") != "" && e.Text("error") == o.secure.Text("error") || e.Body != "" && e.Body == o.secure.Body):
		return "answers in clear as it does over TLS: " + e.String()
	}
	return ""
}

func redirects(e exchange.Exchange) bool {
	return e.Status >= http.StatusMultipleChoices && e.Status < http.StatusBadRequest && e.Header.Get("Location") != ""
}

// strays says where a browser is sent if not to a page of the server over TLS.
// The client's own address would mean that the request was worked on.
func strays(e exchange.Exchange, callback string) string {
	base, err := url.Parse(e.URL)
	if err != nil {
		return "cannot be told from its address"
	}
	to, err := base.Parse(e.Header.Get("Location"))
	switch {
	case err != nil:
		return "redirects to something that is no address"
	case to.Scheme != "https":
		return "goes on in clear, by a redirect to " + to.Scheme + "://" + to.Host
	}
	if own, err := url.Parse(callback); err == nil && own.Host == to.Host && own.Path == to.Path && to.Host != base.Host {
		return "answers the client in clear, by a redirect to its callback"
	}
	return ""
}
