package checks

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"golang.org/x/net/html"

	"github.com/mint-conformance/mint/steps/exchange"
	"github.com/mint-conformance/mint/steps/pages"
	"github.com/mint-conformance/mint/steps/report"
	"github.com/mint-conformance/mint/steps/target"
)

// customerSteps are the sentences about pages as people read and use them.
func (t *trial) customerSteps() []sentence {
	return []sentence{
		when(`the customer withdraws the client's access on the page of connected applications`, t.withdraws),
		then(`neither its refresh token nor its access token works any more`, t.withdrawn),
		when(`markup stands in the state, the scope, the login name and the application's own words`, t.sendMarkup),
		then(`pages show it as text`, t.shownAsText),
		when(`somebody reads the login page, the consent page and an error page`, t.readPages),
		then(`each is a page with a heading, labelled fields and a way on`, t.readable),
	}
}

// withdraws ends the client's access after it was seen to work.
func (t *trial) withdraws(ctx context.Context) error {
	before, err := t.send.Do(ctx, exchange.Request{About: "call the API", URL: t.target.Resource.URL, Bearer: t.grant.access()})
	if err != nil {
		return err
	}
	if err := t.controlled("the access token", before.Status == http.StatusOK, before); err != nil {
		return err
	}
	page, listed, ended, err := t.disconnect(ctx, t.grant.client)
	switch {
	case err != nil:
		return err
	case !listed:
		return &report.Finding{Expected: "the application, listed by name", Got: fmt.Sprintf("a page (%d) without it", page.Status)}
	case !ended:
		return &report.Finding{Expected: "a button that ends the application's access", Got: "a page without one"}
	}
	return nil
}

// withdrawal finds the form that ends the client's access: the one that holds
// its id, or the only one there is.
func withdrawal(page pages.Page, client *target.Client) (exchange.Request, bool) {
	var found []exchange.Request
	for i := range page.Forms {
		r, ok := page.Forms[i].Withdraw()
		if !ok {
			continue
		}
		if strings.Contains(r.Form.Encode()+r.URL, url.QueryEscape(client.ID)) {
			return r, true
		}
		found = append(found, r)
	}
	if len(found) == 1 {
		return found[0], true
	}
	return exchange.Request{}, false
}

func (t *trial) withdrawn(ctx context.Context) error {
	api, err := t.send.Do(ctx, exchange.Request{About: "call the API after the withdrawal", URL: t.target.Resource.URL, Bearer: t.grant.access()})
	if err != nil {
		return err
	}
	if selfContained(t.grant.access()) && api.Status == http.StatusOK {
		t.warn("the access token, which the API believes without asking, works until it expires")
	} else {
		t.tried("the access token", api)
	}
	if t.grant.refresh() != "" {
		e, err := t.tryRefresh(ctx, "refresh after the withdrawal", t.grant.client, t.grant.refresh())
		if err != nil {
			return err
		}
		t.tried("the refresh token", e)
	}
	return t.judge()
}

// markup ends an attribute and a script, and would be an element of its own if
// it were taken for HTML.
const markup = `"'></script><mint-probe><img src=x onerror="mintProbe=1">`

// sendMarkup puts markup wherever pages may repeat what somebody sent, and
// reads the pages that come of it.
func (t *trial) sendMarkup(ctx context.Context) error {
	probes := map[string]func(url.Values){
		"state":         func(q url.Values) { q.Set("state", markup) },
		"scope":         func(q url.Values) { q.Set("scope", markup) },
		"response_type": func(q url.Values) { q.Set("response_type", markup) },
		"client_id":     func(q url.Values) { q.Set("client_id", markup) },
		"redirect_uri":  func(q url.Values) { q.Set("redirect_uri", attacker+"?"+markup) },
		"error":         func(q url.Values) { q.Set("error", markup); q.Set("error_description", markup); q.Del("client_id") },
	}
	for _, what := range slices.Sorted(maps.Keys(probes)) {
		if err := t.ask(ctx, what, "", probes[what]); err != nil {
			return err
		}
	}
	v, err := t.stranger()
	if err != nil {
		return err
	}
	named := target.Customer{Username: markup, Password: "not-a-password"}
	l, err := v.Walk(ctx, by(t.goodWalk(pages.Abandon), &named))
	if err != nil {
		return err
	}
	t.walked("login name", l)
	return t.askInMarkup(ctx)
}

// askInMarkup has an application ask whose name and description are markup,
// where a mock lets one register.
func (t *trial) askInMarkup(ctx context.Context) error {
	if t.target.Mock == nil || t.target.Endpoints.Register == "" {
		return nil
	}
	document, err := json.Marshal(map[string]any{
		"client_name": "Markup " + markup, "client_uri": "https://markup.example", "description": markup,
		"redirect_uris": []string{"https://markup.example/callback"}, "grant_types": []string{"authorization_code"},
	})
	if err != nil {
		return err
	}
	e, err := t.send.Do(ctx, exchange.Request{
		About: "register an application with markup in its name", URL: t.target.Endpoints.Register,
		Body: string(document), ContentType: "application/json",
	})
	if err != nil || e.Text("client_id") == "" {
		return err
	}
	g := t.newGrant(&target.Client{ID: e.Text("client_id"), RedirectURIs: []string{"https://markup.example/callback"}})
	l, err := t.walk(ctx, t.authorizeURL(g.parameters()), nil, pages.Abandon, g.redirect)
	t.walked("application's name", l)
	return err
}

func (t *trial) shownAsText(context.Context) error {
	read := 0
	for _, e := range t.send.All() {
		if !e.HTML() || e.Status >= 500 {
			continue
		}
		read++
		root, err := html.Parse(strings.NewReader(e.Body))
		if err != nil {
			return err
		}
		for node := range root.Descendants() {
			if node.Type == html.ElementNode && node.Data == "mint-probe" {
				return &report.Finding{Expected: "markup shown as text", Got: "an element of the page made of it, after: " + e.About}
			}
		}
	}
	if read == 0 {
		return unmet("a page", fmt.Errorf("there was none"))
	}
	return nil
}

// readPages keeps the exchanges that brought the three pages.
func (t *trial) readPages(ctx context.Context) error {
	if err := t.asked(ctx, t.allScopes()); err != nil {
		return err
	}
	v, err := t.stranger()
	if err != nil {
		return err
	}
	good := t.goodWalk(pages.Abandon)
	bad := t.newGrant(t.client).parameters()
	bad.Set("redirect_uri", attacker)
	login, page, err := v.Open(ctx, exchange.Request{About: "open the login page", URL: good.URL})
	if err != nil {
		return err
	}
	if kind, _ := pages.Recognise(page); kind != pages.Login {
		return unmet("the login page", fmt.Errorf("the page is %s", kind))
	}
	fault, _, err := v.Open(ctx, exchange.Request{About: "open an error page", URL: t.authorizeURL(bad)})
	if err != nil {
		return err
	}
	l, err := v.Walk(ctx, by(good, t.respondent()))
	if err != nil {
		return err
	}
	if !l.SawConsent {
		return unmet("the consent page", fmt.Errorf("the way ended at %s", describe(l)))
	}
	all := t.send.All()
	t.shown = append(t.shown, login, fault, all[len(all)-1])
	return nil
}

func (t *trial) readable(context.Context) error {
	var against []string
	for _, e := range t.shown {
		bad, err := unreadable(e)
		if err != nil {
			return err
		}
		if len(bad) > 0 {
			against = append(against, e.About+": "+strings.Join(bad, ", "))
		}
	}
	if len(against) > 0 {
		return &report.Finding{Expected: "pages that people can read and leave", Got: strings.Join(against, "; ")}
	}
	return nil
}

// traces are what a stack trace or a failed template leaves on a page.
var traces = []string{"goroutine ", "stack trace", "Traceback (most recent call last)", "at java.", "NullReferenceException", "Fatal error:"}

// unreadable says what keeps people from using a page.
func unreadable(e exchange.Exchange) (bad []string, err error) {
	if !e.HTML() {
		return []string{"it is no HTML page (" + e.String() + ")"}, nil
	}
	root, err := html.Parse(strings.NewReader(e.Body))
	if err != nil {
		return nil, err
	}
	count := map[string]int{}
	for node := range root.Descendants() {
		if node.Type == html.ElementNode {
			count[node.Data]++
		}
	}
	if count["h1"]+count["h2"]+count["h3"] == 0 {
		bad = append(bad, "no heading")
	}
	if count["a"]+count["button"]+count["form"] == 0 {
		bad = append(bad, "no way on or back")
	}
	for _, trace := range traces {
		if strings.Contains(e.Body, trace) {
			bad = append(bad, "a stack trace")
			break
		}
	}
	at, err := url.Parse(e.URL)
	if err != nil {
		return nil, err
	}
	page, err := pages.Read(at, e.Status, e.Body)
	for _, form := range page.Forms {
		for _, field := range form.Fields {
			if field.Type != "hidden" && field.Label == "" {
				bad = append(bad, "a field without a label ("+field.Type+")")
			}
		}
	}
	return bad, err
}
