package oauth

import (
	"errors"
	"net"
	"net/url"
	"strings"
)

// MaxRedirectURI bounds a redirect URI, in bytes.
const MaxRedirectURI = 2000

// CheckRedirectURI says what is wrong with a redirect URI that somebody wants
// to register: it must be absolute, without fragment, user info or wildcard,
// and https, or http on a host that no public network can reach: a loopback
// address or a name below .test (RFC 6749 section 3.1.2, RFC 9700 section 2.6,
// RFC 8252 section 7.3, RFC 6761 section 6.2). nil means it may be registered.
func CheckRedirectURI(uri string) error {
	switch {
	case uri == "":
		return errors.New("give the address that answers come back to, for example https://app.example/callback")
	case len(uri) > MaxRedirectURI:
		return errors.New("is too long: use at most 2000 characters")
	case strings.Contains(uri, "#"):
		return errors.New("must not have a fragment: remove # and what follows")
	case strings.ContainsAny(uri, "*"):
		return errors.New("must not hold a wildcard: register each address in full")
	case Printable(uri) != uri || strings.ContainsAny(uri, " <>^`{|}"):
		return errors.New("holds a character that no URI may hold: percent-encode it")
	}
	u, err := url.Parse(uri)
	if err != nil {
		return errors.New("is not a URI: write for example https://app.example/callback")
	}
	switch {
	case u.Scheme == "" || u.Hostname() == "":
		return errors.New("must be absolute: begin with https:// and a host")
	case u.User != nil:
		return errors.New("must not hold a user name or password")
	case u.Scheme == "https":
		return nil
	case u.Scheme == "http" && (Loopback(u.Hostname()) || reserved(u.Hostname())):
		return nil
	case u.Scheme == "http":
		return errors.New("must use https: plain http is for loopback addresses only")
	}
	return errors.New("must use https, not " + u.Scheme)
}

// Loopback reports whether host means this machine.
func Loopback(host string) bool {
	if strings.EqualFold(host, "localhost") {
		return true
	}
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}

// reserved reports whether host is a name that RFC 6761 sets aside for tests.
func reserved(host string) bool { return strings.HasSuffix(strings.ToLower(host), ".test") }

// CheckWebsite says what is wrong with an application's website: it must be an
// absolute http or https address. nil means it is good.
func CheckWebsite(website string) error {
	u, err := url.Parse(website)
	if err != nil || len(website) > MaxRedirectURI || u.Hostname() == "" || (u.Scheme != "http" && u.Scheme != "https") {
		return errors.New("must be a web address such as https://app.example")
	}
	return nil
}
