package page

import (
	"net/url"
	"strings"

	"github.com/mint-conformance/mint/client/internal/platform"
)

// The bounds of the application form's fields, in characters.
const (
	longestDescription = 1000
	longestURI         = 2000
	mostURIs           = 20
)

// ApplicationView is the page of MINT's own account at a platform, which it
// opens with the client credentials grant (RFC 6749 section 4.4).
type ApplicationView struct {
	Frame
	ID, Title string
	// Registered is false when the account could not be read; the page then
	// shows only the notice.
	Registered     bool
	ClientID       string
	Name, Website  string
	Described      string
	RegisteredURIs []string

	// The form's fields as they stand in it, and what is wrong with them.
	Description, RedirectURI           string
	DescriptionError, RedirectURIError string
}

// NewApplication builds the page.
func NewApplication(frame Frame, id, title string, app platform.Application) ApplicationView {
	frame.Heading = "MINT's own account at " + title
	return ApplicationView{
		Frame: frame, ID: id, Title: title, Registered: true,
		ClientID: app.ClientID, Name: app.Name, Website: app.Website, Described: app.Description, RegisteredURIs: app.RedirectURIs,
		Description: app.Description, RedirectURI: strings.Join(app.RedirectURIs, "\n"),
	}
}

// WithInput puts a refused input back into the form, with its faults.
func (v ApplicationView) WithInput(form ApplicationForm) ApplicationView {
	v.Description, v.RedirectURI = form.Description, form.RedirectURI
	v.DescriptionError, v.RedirectURIError = form.Faults()
	return v
}

// ApplicationForm is what a person typed.
type ApplicationForm struct {
	Description string
	RedirectURI string // one address per line
}

// Faults says what is wrong with either field, empty when it is right. The
// platform decides the rest: it alone knows what it registers.
func (f ApplicationForm) Faults() (description, redirectURI string) {
	if len([]rune(f.Description)) > longestDescription {
		description = "Please use at most 1000 characters."
	}
	uris := f.URIs()
	if len(uris) == 0 {
		return description, "Please enter at least one redirect URI."
	}
	if len(uris) > mostURIs {
		return description, "Please enter at most 20 redirect URIs."
	}
	for _, uri := range uris {
		if fault := uriFault(uri); fault != "" {
			return description, fault
		}
	}
	return description, ""
}

// URIs returns the lines that hold something.
func (f ApplicationForm) URIs() []string {
	var uris []string
	for line := range strings.Lines(f.RedirectURI) {
		if line = strings.TrimSpace(line); line != "" {
			uris = append(uris, line)
		}
	}
	return uris
}

// uriFault judges one redirect URI by RFC 6749 section 3.1.2: absolute, and
// without a fragment.
func uriFault(uri string) string {
	parsed, err := url.Parse(uri)
	switch {
	case len(uri) > longestURI:
		return "Please use at most 2000 characters for a redirect URI."
	case err != nil || !parsed.IsAbs() || parsed.Host == "":
		return "“" + uri + "” is not a whole address. It has to begin with https:// and name a host."
	case strings.Contains(uri, "#"):
		return "“" + uri + "” has a part after #, which a redirect URI must not have."
	}
	return ""
}
