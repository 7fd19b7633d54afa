package redact

import (
	"encoding/base64"
	"encoding/json"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/mint-conformance/mint/steps/exchange"
)

// secretNames are the members and parameters whose values are secrets: those
// of the OAuth RFCs, and what servers call their own.
var secretNames = []string{
	"access_token", "refresh_token", "id_token", "token", "code", "code_verifier", "client_secret",
	"client_assertion", "assertion", "password", "registration_access_token", "initial_access_token",
	"request_uri", "csrf", "csrf_token", "authenticity_token", "subject_token", "actor_token",
}

// secretHeaders are the header fields whose values are secrets.
var secretHeaders = []string{"Authorization", "Proxy-Authorization", "Cookie", "Set-Cookie", "Dpop"}

// IsSecret says whether what stands under the name is one.
func IsSecret(name string) bool {
	name = strings.ToLower(name)
	return slices.Contains(secretNames, name) || strings.HasSuffix(name, "_secret") || strings.HasSuffix(name, "_token")
}

// Learn finds the secrets of an exchange: in addresses, forms, JSON members,
// credentials and cookies.
func (s *Secrets) Learn(e exchange.Exchange) {
	s.learnAddress(e.URL)
	s.learnAddress(e.Header.Get("Location"))
	s.learnBody(e.RequestHeader.Get("Content-Type"), e.RequestBody)
	s.learnBody(e.Header.Get("Content-Type"), e.Body)
	s.learnAuthorization(e.RequestHeader.Get("Authorization"))
	for _, c := range (&http.Request{Header: e.RequestHeader}).Cookies() {
		s.Add("cookie", c.Value)
	}
	for _, c := range (&http.Response{Header: e.Header}).Cookies() {
		s.Add("cookie", c.Value)
	}
}

func (s *Secrets) learnAddress(address string) {
	u, err := url.Parse(address)
	if err != nil {
		return
	}
	s.learnValues(u.Query())
	if fragment, err := url.ParseQuery(u.Fragment); err == nil {
		s.learnValues(fragment)
	}
	if u.User != nil {
		if password, ok := u.User.Password(); ok {
			s.Add("password", password)
		}
	}
}

func (s *Secrets) learnValues(values url.Values) {
	for name, all := range values {
		for _, value := range all {
			if IsSecret(name) {
				s.Add(strings.ToLower(name), value)
			}
		}
	}
}

func (s *Secrets) learnBody(contentType, body string) {
	if strings.HasPrefix(contentType, "application/x-www-form-urlencoded") {
		if values, err := url.ParseQuery(body); err == nil {
			s.learnValues(values)
		}
		return
	}
	var value any
	if json.Unmarshal([]byte(body), &value) == nil {
		s.learnJSON("", value)
	}
}

func (s *Secrets) learnJSON(name string, value any) {
	switch v := value.(type) {
	case map[string]any:
		for member, inner := range v {
			s.learnJSON(member, inner)
		}
	case []any:
		for _, inner := range v {
			s.learnJSON(name, inner)
		}
	case string:
		if IsSecret(name) {
			s.Add(strings.ToLower(name), v)
		}
	}
}

func (s *Secrets) learnAuthorization(header string) {
	scheme, credentials, _ := strings.Cut(header, " ")
	switch strings.ToLower(scheme) {
	case "basic":
		plain, err := base64.StdEncoding.DecodeString(credentials)
		if _, secret, found := strings.Cut(string(plain), ":"); err == nil && found {
			s.Add("client_secret", secret)
			if decoded, err := url.QueryUnescape(secret); err == nil {
				s.Add("client_secret", decoded)
			}
		}
	case "bearer", "dpop":
		s.Add("access_token", credentials)
	}
}

// Exchanges returns copies without secrets: every known value is replaced, what
// stands under a secret's name is, and header fields that hold credentials are,
// whatever they hold. Learn them
// all first.
func (s *Secrets) Exchanges(all []exchange.Exchange) []exchange.Exchange {
	clean := make([]exchange.Exchange, len(all))
	clear := s.Cleaner()
	for i, e := range all {
		e.URL, e.RequestBody, e.Body, e.Err = clear(e.URL), clear(e.RequestBody), clear(e.Body), clear(e.Err)
		e.About = clear(e.About)
		e.RequestHeader, e.Header = s.headers(clear, e.RequestHeader), s.headers(clear, e.Header)
		e.JSON = nil // the body says the same
		e.Claims = maps.Clone(e.Claims)
		for member, text := range e.Claims {
			e.Claims[member] = clear(text)
		}
		clean[i] = e
	}
	return clean
}

func (s *Secrets) headers(clear func(string) string, from http.Header) http.Header {
	clean := http.Header{}
	for name, values := range from {
		for _, value := range values {
			value = clear(value)
			if slices.Contains(secretHeaders, http.CanonicalHeaderKey(name)) {
				value = s.credentials(name, value)
			}
			clean[name] = append(clean[name], value)
		}
	}
	return clean
}

// credentials keeps of a header what is no secret: the scheme, names and
// attributes of cookies.
func (s *Secrets) credentials(name, value string) string {
	switch http.CanonicalHeaderKey(name) {
	case "Cookie":
		var kept []string
		for _, one := range strings.Split(value, ";") {
			kept = append(kept, s.cookie(strings.TrimSpace(one)))
		}
		return strings.Join(kept, "; ")
	case "Set-Cookie":
		first, attributes, more := strings.Cut(value, ";")
		if first = s.cookie(first); more {
			return first + ";" + attributes
		}
		return first
	}
	scheme, credentials, found := strings.Cut(value, " ")
	if !found {
		return s.mark("credentials", value)
	}
	return scheme + " " + s.mark("credentials", credentials)
}

func (s *Secrets) cookie(pair string) string {
	name, value, found := strings.Cut(pair, "=")
	if !found {
		return name
	}
	return name + "=" + s.mark("cookie", value)
}

// mark is the fingerprint of a value, unless it is one already.
func (s *Secrets) mark(kind, value string) string {
	if value == "" || strings.HasPrefix(value, "‹") && strings.HasSuffix(value, "›") {
		return value
	}
	return s.key.Fingerprint(kind, value)
}
