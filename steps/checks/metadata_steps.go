package checks

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/mint-conformance/mint/steps/exchange"
	"github.com/mint-conformance/mint/steps/report"
)

// metadataSteps are the sentences about the metadata document (RFC 8414).
func (t *trial) metadataSteps() []sentence {
	return []sentence{
		when(`the client reads the metadata`, t.readMetadata),
		when(`the client looks for the metadata at all addresses in use`, t.lookForMetadata),
		then(`the address of RFC 8414 answers with a JSON object`, t.metadataFound),
		then(`the issuer is the one that the client was told, character by character`, t.issuerMatches),
		then(`nothing is missing that they must name`, t.metadataComplete),
		then(`every endpoint they name answers on its method`, t.endpointsAnswer),
		then(`they, or the documentation, say that PKCE with S256 is supported`, t.pkceAnnounced),
		then(`the server knows every grant type that they name`, t.grantTypesKnown),
		then(`it authenticates clients by every method that they name`, t.authMethodsWork),
		then(`it has every response type that they name`, t.responseTypesKnown),
		then(`what was seen to work is named`, t.seenIsNamed),
	}
}

// wellKnown are the addresses at which metadata are found: the one of RFC 8414
// section 3.1 first, then those that section 5 and usage have left behind.
func wellKnown(issuer string) ([]string, error) {
	at, err := url.Parse(issuer)
	if err != nil {
		return nil, err
	}
	host, path := at.Scheme+"://"+at.Host, strings.TrimSuffix(at.EscapedPath(), "/")
	const own, openID = "/.well-known/oauth-authorization-server", "/.well-known/openid-configuration"
	all := []string{host + own + path}
	for _, address := range []string{host + openID + path, host + path + own, host + path + openID} {
		if !slices.Contains(all, address) {
			all = append(all, address)
		}
	}
	return all, nil
}

// metadataAt are the addresses to look at; without an issuer there is only the
// one that the target names.
func (t *trial) metadataAt() ([]string, error) {
	if t.target.Issuer == "" {
		return []string{t.target.Endpoints.Metadata}, nil
	}
	return wellKnown(t.target.Issuer)
}

func isDocument(e exchange.Exchange) bool { return e.Status == http.StatusOK && e.JSON != nil }

func (t *trial) lookForMetadata(ctx context.Context) error {
	addresses, err := t.metadataAt()
	if err != nil {
		return unmet("reading the issuer", err)
	}
	for _, address := range addresses {
		e, err := t.send.Do(ctx, exchange.Request{About: "look for the metadata", URL: address})
		if err != nil {
			return err
		}
		t.answers = append(t.answers, e)
		if isDocument(e) {
			break
		}
	}
	return nil
}

func (t *trial) metadataFound(context.Context) error {
	first, last := t.answers[0], t.answers[len(t.answers)-1]
	switch {
	case isDocument(first):
		if !strings.HasPrefix(first.Header.Get("Content-Type"), "application/json") {
			t.warn("the metadata are sent as %q instead of application/json", first.Header.Get("Content-Type"))
		}
		return nil
	case isDocument(last):
		t.warn("the metadata are at %s only; clients of RFC 8414 look at %s", last.URL, first.URL)
		return nil
	}
	return &report.Finding{Expected: "200 with a JSON object at " + first.URL, Got: first.String()}
}

// readMetadata leaves a server alone that has none: what they would say is then
// a question to its documentation.
func (t *trial) readMetadata(ctx context.Context) error {
	if !t.target.Has("metadata") {
		return nil
	}
	if err := t.lookForMetadata(ctx); err != nil {
		return err
	}
	last := t.answers[len(t.answers)-1]
	if !isDocument(last) {
		return unmet("reading the metadata", errors.New(last.String()))
	}
	t.metadata = last.JSON
	return nil
}

// listed is a member of the metadata that is a list of texts; there says
// whether it is one.
func (t *trial) listed(member string) (words []string, there bool) {
	list, there := t.metadata[member].([]any)
	for _, one := range list {
		word, text := one.(string)
		if !text {
			return nil, false
		}
		words = append(words, word)
	}
	return words, there
}

func (t *trial) issuerMatches(context.Context) error {
	if t.target.Issuer == "" {
		return report.DoesNotApply("the target names no issuer to compare with")
	}
	got, _ := t.metadata["issuer"].(string)
	if got != t.target.Issuer {
		return &report.Finding{Expected: fmt.Sprintf("the issuer %q", t.target.Issuer), Got: fmt.Sprintf("%q", got)}
	}
	if bad := badAddress(got, true); bad != "" {
		return &report.Finding{Expected: "an issuer that is an https address without query and fragment", Got: got + ", which " + bad}
	}
	return nil
}

// badAddress says what is wrong with an address of a server, or "". Plain http
// is fine on loopback, where nobody can listen.
func badAddress(text string, noQuery bool) string {
	at, err := url.Parse(text)
	switch {
	case err != nil || at.Host == "":
		return "is no absolute address"
	case at.Scheme != "https" && !loopback(at.Hostname()):
		return "is not https"
	case at.Fragment != "" || strings.Contains(text, "#"):
		return "has a fragment"
	case noQuery && (at.RawQuery != "" || at.ForceQuery):
		return "has a query"
	}
	return ""
}

func loopback(host string) bool {
	return host == "localhost" || host == "::1" || strings.HasPrefix(host, "127.")
}

// metadataComplete: what RFC 8414 section 2 requires.
func (t *trial) metadataComplete(context.Context) error {
	grants, named := t.listed("grant_types_supported")
	if !named {
		grants = []string{"authorization_code", "implicit"} // the default
	}
	var missing []string
	text := func(member string, needed bool) {
		if value, _ := t.metadata[member].(string); value == "" && needed {
			missing = append(missing, member)
		}
	}
	text("issuer", true)
	text("authorization_endpoint", slices.Contains(grants, "authorization_code") || slices.Contains(grants, "implicit"))
	text("token_endpoint", len(grants) != 1 || grants[0] != "implicit")
	if _, there := t.listed("response_types_supported"); !there {
		missing = append(missing, "response_types_supported")
	}
	if len(missing) > 0 {
		return &report.Finding{Expected: "all members that RFC 8414 section 2 requires", Got: "none called " + strings.Join(missing, ", ")}
	}
	return nil
}

// probes are how endpoints are asked whether they are there: by requests that
// cannot do anything.
var probes = []struct {
	member string
	make   func(address string) exchange.Request
}{
	{"authorization_endpoint", func(a string) exchange.Request { return exchange.Request{Method: http.MethodGet, URL: a} }},
	{"token_endpoint", emptyForm}, {"revocation_endpoint", emptyForm}, {"introspection_endpoint", emptyForm},
	{"pushed_authorization_request_endpoint", emptyForm},
	{"registration_endpoint", func(a string) exchange.Request {
		return exchange.Request{URL: a, Body: "[]", ContentType: "application/json"} // metadata would be an object
	}},
	{"jwks_uri", func(a string) exchange.Request { return exchange.Request{Method: http.MethodGet, URL: a} }},
}

func emptyForm(address string) exchange.Request {
	return exchange.Request{Method: http.MethodPost, URL: address, Form: url.Values{}}
}

func (t *trial) endpointsAnswer(ctx context.Context) error {
	var bad []string
	for _, p := range probes {
		address, named := t.metadata[p.member].(string)
		if !named {
			continue
		}
		if fault := badAddress(address, false); fault != "" {
			bad = append(bad, p.member+" "+fault)
			continue
		}
		r := p.make(address)
		r.About = "see whether the " + p.member + " answers"
		e, err := t.send.Do(ctx, r)
		if err != nil {
			return err
		}
		if dead(e) {
			bad = append(bad, p.member+": "+e.String())
		}
	}
	if len(bad) > 0 {
		return &report.Finding{Expected: "endpoints that answer", Got: strings.Join(bad, "; ")}
	}
	return nil
}

// dead says whether an answer is none of an endpoint that works.
func dead(e exchange.Exchange) bool {
	return e.Err != "" || e.Status >= 500 ||
		slices.Contains([]int{http.StatusNotFound, http.StatusMethodNotAllowed, http.StatusGone}, e.Status)
}

func (t *trial) pkceAnnounced(context.Context) error {
	methods, named := t.listed("code_challenge_methods_supported")
	switch {
	case slices.Contains(methods, "plain"):
		t.warn("code_challenge_methods_supported lists plain, which protects nobody (RFC 9700 section 2.1.1)")
	case !named && t.target.PKCEDocumented:
		return nil
	}
	if !slices.Contains(methods, "S256") && !t.target.PKCEDocumented {
		got := "no such member"
		if named {
			got = fmt.Sprintf("%q", methods)
		}
		return &report.Finding{Expected: "S256 in code_challenge_methods_supported", Got: got}
	}
	return nil
}
