package issuer

import (
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/mint-conformance/mint/mockplatform/internal/deviation"
	"github.com/mint-conformance/mint/mockplatform/internal/oauth"
)

// parameters are the members of a request that count, each once and none
// empty, and which of them came in the query.
type parameters struct {
	values  url.Values      // one value each
	inQuery map[string]bool // nil when nothing there counts
}

func (p parameters) get(name string) string { return p.values.Get(name) }

// private are parameters that must never stand in a request URI (RFC 6749
// section 2.3.1 and 4.3.2, RFC 9700 section 4.2.4).
var private = []string{
	"client_secret", "password", "username", "code", "code_verifier", "refresh_token", "token", "client_assertion",
}

// open judges a request's form before anything else: method, media type,
// encoding, repetition. Even with an error it answers what could be read, for
// the journal.
func (i *Issuer) open(r Request) (p parameters, shown map[string]string, err *oauth.Error) {
	query, queryErr := parseForm(r.RawQuery)
	body, bodyErr := url.Values(nil), (*oauth.Error)(nil)
	if formEncoded(r.ContentType) && len(r.Body) <= MaxBody {
		body, bodyErr = parseForm(string(r.Body))
	}
	shown = i.fingerprints.Parameters(query, body)
	switch {
	case r.Method != http.MethodPost:
		e := oauth.NewError(oauth.InvalidRequest, "use the POST method").WithStatus(http.StatusMethodNotAllowed)
		e.Allow = http.MethodPost
		return p, shown, e
	case len(r.Body) > MaxBody:
		return p, shown, oauth.NewError(oauth.InvalidRequest, "the request body is too large").WithStatus(http.StatusRequestEntityTooLarge)
	case len(r.Body) > 0 && !formEncoded(r.ContentType):
		return p, shown, oauth.NewError(oauth.InvalidRequest, "send the parameters as application/x-www-form-urlencoded")
	case bodyErr != nil:
		return p, shown, bodyErr
	case queryErr != nil:
		return p, shown, queryErr
	}
	p, err = i.merge(query, body)
	return p, shown, err
}

func formEncoded(contentType string) bool {
	const form = "application/x-www-form-urlencoded"
	if contentType == form { // by far the most
		return true
	}
	media, _, err := mime.ParseMediaType(contentType)
	return err == nil && media == form
}

func parseForm(raw string) (url.Values, *oauth.Error) {
	if raw == "" {
		return nil, nil
	}
	values, err := url.ParseQuery(raw)
	if err != nil {
		return values, oauth.NewError(oauth.InvalidRequest, "the parameters are not properly percent-encoded")
	}
	if count(values) > MaxParameters {
		return values, tooMany()
	}
	for name, list := range values {
		if !utf8.ValidString(name) || slices.ContainsFunc(list, func(v string) bool { return !utf8.ValidString(v) }) {
			return values, oauth.NewError(oauth.InvalidRequest, "the parameters are not UTF-8")
		}
	}
	return values, nil
}

// MaxParameters bounds the parameters of one request, body and query each.
const MaxParameters = 100

func count(values url.Values) int {
	n := 0
	for _, list := range values {
		n += len(list)
	}
	return n
}

func tooMany() *oauth.Error {
	return oauth.NewError(oauth.InvalidRequest, "send at most "+strconv.Itoa(MaxParameters)+" parameters")
}

// merge puts query and body together. Where the profile takes no credentials
// from the query, nothing in it counts, and private members are refused so
// that nobody believes they were used.
func (i *Issuer) merge(query, body url.Values) (parameters, *oauth.Error) {
	p := parameters{values: body}
	if i.profile.Token.ParamCase == "fold" || !onceEach(body) {
		p.values = make(url.Values, len(body))
		if err := i.add(&p, body, false); err != nil {
			return p, err
		}
	}
	if i.takes(oauth.AuthQuery) {
		return p, i.add(&p, query, true)
	}
	for name, list := range query {
		if lower := i.fold(name); (lower == "username" || lower == "password") && i.profile.Breaks(deviation.PasswordInQuery) {
			p.values[lower] = list[:1]
			continue
		}
		if slices.Contains(private, i.fold(name)) {
			return p, oauth.NewError(oauth.InvalidRequest, "send "+i.fold(name)+" in the request body, never in the URI")
		}
	}
	return p, nil
}

// onceEach reports whether a form is as good as merged: there, and each name
// once and with a value.
func onceEach(form url.Values) bool {
	for _, list := range form {
		if len(list) != 1 || list[0] == "" {
			return false
		}
	}
	return form != nil
}

// add takes over members that are not empty (RFC 6749 section 3.2: an empty
// one counts as absent); a second one of a name is refused.
func (i *Issuer) add(p *parameters, from url.Values, query bool) *oauth.Error {
	for name, list := range from {
		name = i.fold(name)
		for n, value := range list {
			if value == "" {
				continue
			}
			if _, twice := p.values[name]; twice {
				return oauth.NewError(oauth.InvalidRequest, "a parameter is repeated: "+known(name))
			}
			p.values[name] = list[n : n+1]
			if query {
				if p.inQuery == nil {
					p.inQuery = map[string]bool{}
				}
				p.inQuery[name] = true
			}
		}
	}
	return nil
}

// fold makes parameter names lower case where the profile is tolerant of that
// (S004-33).
func (i *Issuer) fold(name string) string {
	if i.profile.Token.ParamCase == "fold" {
		return strings.ToLower(name)
	}
	return name
}

// takes reports whether the token endpoint takes client credentials there.
func (i *Issuer) takes(method string) bool {
	return slices.Contains(i.profile.Token.CredentialsIn, method)
}

// names are parameters that a message may repeat. Anything else is left out of
// answers, since a client that mixes names and values up would see a secret of
// its own in a log.
var names = append([]string{
	"grant_type", "client_id", "redirect_uri", "scope", "token_type_hint",
	"response_type", "state", "code_challenge", "code_challenge_method",
}, private...)

// known is the name of a parameter as a message may show it.
func known(name string) string {
	if slices.Contains(names, name) {
		return name
	}
	return "one that has no meaning here"
}

// cut shortens what the journal repeats of a request.
func cut(s string) string {
	if len(s) > 60 {
		return s[:60] + "..."
	}
	return s
}
