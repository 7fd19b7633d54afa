package oauth

import (
	"net/url"
	"strings"
)

// Response types of the authorization endpoint (RFC 6749 section 3.1.1).
const (
	ResponseTypeCode  = "code"
	ResponseTypeToken = "token" // the implicit grant, weaker by RFC 9700 section 2.1.2
)

// Response modes: how an authorization response reaches the client.
const (
	ModeQuery      = "query"       // RFC 6749 section 4.1.2
	ModeFragment   = "fragment"    // RFC 6749 section 4.2.2
	ModeFormPost   = "form_post"   // OAuth 2.0 Form Post Response Mode
	ModeWebMessage = "web_message" // a message to the window that opened or frames the page
	ModeManual     = "manual"      // the customer copies the code (S000-17)
)

// Member is one name and value of a Response.
type Member struct{ Name, Value string }

// Response is an authorization response on its way to the client: a code, a
// token or an error, with state and iss, and the mode in which it travels. It
// is made for trusted redirect URIs only.
type Response struct {
	Mode        string
	RedirectURI string
	Members     []Member // none of them empty
}

// Direct reports whether the browser is simply sent to Location; any other mode
// needs a page.
func (r Response) Direct() bool { return r.Mode == ModeQuery || r.Mode == ModeFragment }

// Location is the complete address for the modes query and fragment, "" for
// the others. The redirect URI's own query stays as it was registered (RFC 6749
// section 3.1.2).
func (r Response) Location() string {
	if !r.Direct() {
		return ""
	}
	var b strings.Builder
	b.WriteString(r.RedirectURI)
	sep := "?"
	switch {
	case r.Mode == ModeFragment:
		sep = "#"
	case strings.Contains(r.RedirectURI, "?"):
		sep = "&"
	}
	for _, m := range r.Members {
		b.WriteString(sep + m.Name + "=" + url.QueryEscape(m.Value))
		sep = "&"
	}
	return b.String()
}

// Get is the value of a member, "" without one.
func (r Response) Get(name string) string {
	for _, m := range r.Members {
		if m.Name == name {
			return m.Value
		}
	}
	return ""
}

// Origin is the origin of an address as browsers compare it: scheme and host,
// with the port where one is written. An address without host has its scheme
// alone, and one that is none has "".
func Origin(address string) string {
	u, err := url.Parse(address)
	switch {
	case err != nil || u.Scheme == "":
		return ""
	case u.Host == "" || (u.Scheme != "http" && u.Scheme != "https"):
		return u.Scheme + ":"
	}
	return u.Scheme + "://" + u.Host
}
