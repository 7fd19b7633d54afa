package pages

import (
	"context"
	_ "embed" // live.js
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/mint-conformance/mint/steps/browser"
	"github.com/mint-conformance/mint/steps/exchange"
	"github.com/mint-conformance/mint/steps/redirection"
	"github.com/mint-conformance/mint/steps/report"
)

//go:embed live.js
var liveScript string

// Browser is a Visitor at a real browser: scripts run, frames are seen, and
// what is allowed to a page is. It types and presses what Decide says. Other
// than in plain HTTP, the way may lead over any host: many servers log people in
// elsewhere.
type Browser struct {
	// Login is what she does on login pages that cannot be guessed.
	Login []Step
	// Redirection serves redirect URIs, which the browser really goes to then;
	// nil for none.
	Redirection *redirection.Site
	// Manual has a person go on where nothing else helps; nil for nobody.
	Manual  *Manual
	session *browser.Session
	send    *exchange.Client
	noted   int // requests that send knows of
	frames  []*browser.Session
	arrival time.Duration // see landed
}

// NewBrowser returns a visitor with a window of her own, which Close closes.
// send is told of the pages that were requested; it sends nothing.
func NewBrowser(session *browser.Session, send *exchange.Client) *Browser {
	return &Browser{session: session, send: send, arrival: arrival}
}

// Walk implements Visitor. An address that the browser cannot open is a
// landing without a page.
func (b *Browser) Walk(ctx context.Context, w Walk) (Landing, error) {
	if w.Begin != nil || w.Change != nil {
		return Landing{}, errors.New("a browser sends no request that was altered by hand; that takes a visitor in plain HTTP")
	}
	if err := b.watch(ctx, w.Redirects); err != nil {
		return Landing{}, err
	}
	defer b.note()
	w.login = b.Login
	way, done, before := Landing{URL: w.URL, Kind: Blank}, Progress{}, ""
	var noPage *browser.PageError
	if err := b.send.Wait(ctx); err != nil {
		return way, err
	}
	switch err := b.session.Goto(ctx, w.URL); {
	case b.session.Caught() != nil:
	case errors.Is(err, browser.ErrUnreachable), errors.As(err, &noPage):
		return way, nil
	case err != nil:
		return way, err
	}
	for way.Steps < maxSteps {
		way.Steps++
		page, key, err := b.settled(ctx, before, func(p Page) Plan {
			plan, _ := Decide(p, w, done)
			return plan
		})
		if err != nil {
			return way, err
		}
		if caught := b.session.Caught(); caught != nil {
			end, err := b.landed(ctx, *caught)
			if err != nil {
				return way, err
			}
			return way.redirected(end).byHand(w)
		}
		var plan Plan
		plan, done = Decide(page, w, done)
		way.follow(plan, page)
		if b.Manual != nil && plan.baffled(page, w) {
			if end, err := b.handOver(ctx, w, &way, page, plan.Err); end || err != nil {
				return way, err
			}
			done, before = done.loggedIn(w), ""
			continue
		}
		if plan.Err != nil {
			return way, report.Unable(plan.Err)
		}
		if plan.Done {
			way.Away = way.astray(w)
			return way, nil
		}
		if err := b.send.Wait(ctx); err != nil {
			return way, err
		}
		if err := b.act(ctx, plan); err != nil {
			return way, fmt.Errorf("%s: %w", plan.About, err)
		}
		before = key
	}
	way.Kind = Other
	return way, nil
}

// astray says whether the way ended on another host, at a page that wants
// nothing of the person.
func (l Landing) astray(w Walk) bool {
	from, errFrom := url.Parse(w.URL)
	at, errAt := url.Parse(l.URL)
	return errFrom == nil && errAt == nil && from.Host != at.Host && (l.Kind == Other || l.Kind == Blank)
}

// act carries a plan out. What is not there any more was replaced meanwhile,
// which the next look at the page shows.
func (b *Browser) act(ctx context.Context, plan Plan) error {
	type deed struct {
		ask, ref, value string
	}
	var deeds []deed
	for _, one := range plan.Fill {
		deeds = append(deeds, deed{"fill", one.Field.Ref, one.Value})
	}
	for _, one := range slices.Concat(plan.Tick, plan.Untick) {
		deeds = append(deeds, deed{"toggle", one.Ref, ""})
	}
	switch {
	case plan.Press != nil:
		deeds = append(deeds, deed{"press", plan.Press.Ref, ""})
	case len(plan.Fill) > 0:
		deeds = append(deeds, deed{"enter", plan.Fill[len(plan.Fill)-1].Field.Ref, ""})
	}
	for _, one := range deeds {
		frame, element := 0, 0
		if _, err := fmt.Sscanf(one.ref, "%d:%d", &frame, &element); err != nil || frame >= len(b.frames) {
			return fmt.Errorf("nothing is known of the element %q", one.ref)
		}
		var found bool
		if _, err := b.frames[frame].Try(ctx, &found, liveScript, one.ask, map[string]any{"ref": element, "value": one.value}); err != nil {
			return err
		}
	}
	return nil
}

// Cookies implements Visitor.
func (b *Browser) Cookies(address *url.URL) (all []*http.Cookie) {
	ctx, cancel := context.WithTimeout(context.Background(), browser.DefaultWait)
	defer cancel()
	kept, err := b.session.Cookies(ctx, address.String())
	if err != nil {
		return nil // a lost browser has none
	}
	for _, c := range kept {
		all = append(all, &http.Cookie{Name: c.Name, Value: c.Value}) //nolint:gosec // read from a browser, never set
	}
	return all
}

// Close implements Visitor.
func (b *Browser) Close() error { return b.session.Close() }

// note tells send of the pages that were asked for since.
func (b *Browser) note() {
	all := b.session.Requests()
	for _, r := range all[min(b.noted, len(all)):] {
		if r.Type != "Document" {
			continue
		}
		e := exchange.Exchange{About: "a page in the browser", Browser: true, Method: r.Method, URL: r.URL, Status: r.Status, Header: http.Header{}, Err: r.Failed, At: b.send.Now()}
		for name, value := range r.Headers {
			for line := range strings.Lines(value) { // one for each cookie
				e.Header.Add(name, strings.TrimSuffix(line, "\n"))
			}
		}
		b.send.Note(e)
	}
	b.noted = len(all)
}

// Evidence is something to keep of a way that did not end as it should.
type Evidence struct {
	Name, MediaType string
	Data            []byte
}

// Evidence is the window as a picture, its document, and what was requested.
// Texts may hold secrets.
func (b *Browser) Evidence(ctx context.Context) (all []Evidence) {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	if picture, err := b.session.Screenshot(ctx); err == nil {
		all = append(all, Evidence{"page.png", "image/png", picture})
	}
	if document, err := b.session.HTML(ctx); err == nil {
		all = append(all, Evidence{"page.html", "text/html", []byte(document)})
	}
	var lines []byte
	for _, r := range b.session.Requests() {
		r.Headers = maps.Clone(r.Headers)
		delete(r.Headers, "set-cookie") // SetCookies names them
		line, err := json.Marshal(r)
		if err != nil {
			continue // strings and numbers always go
		}
		lines = append(append(lines, line...), '\n')
	}
	return append(all, Evidence{"network.ndjson", "application/x-ndjson", lines})
}
