package browser

import (
	"context"
	"errors"
)

// Session is one customer's browser: an incognito window with its own cookies
// and one page. It serves one goroutine at a time.
//
// Labels, buttons and links are matched by their visible text exactly, white
// space collapsed; several visible matches are an error, which the …In
// variants solve by naming a container. What is looked for is awaited until
// ctx is done, at most DefaultWait. After a press that leads to another page,
// the next call waits for that page, so that the old one is never read.
type Session struct{}

var errStub = errors.New("not there yet")

// Goto opens url, following redirects.
func (s *Session) Goto(ctx context.Context, url string) error { return errStub }

// Fill types value into the field with the label.
func (s *Session) Fill(ctx context.Context, label, value string) error { return errStub }

// SetChecked ticks or clears the check box with the label.
func (s *Session) SetChecked(ctx context.Context, label string, on bool) error { return errStub }

// Press presses the button; a disabled one is an error.
func (s *Session) Press(ctx context.Context, button string) error { return errStub }

// PressIn presses the button within the first element that matches css.
func (s *Session) PressIn(ctx context.Context, css, button string) error { return errStub }

// Follow follows the link.
func (s *Session) Follow(ctx context.Context, link string) error { return errStub }

// FollowIn follows the link within the first element that matches css.
func (s *Session) FollowIn(ctx context.Context, css, link string) error { return errStub }

// WaitFor waits until css matches.
func (s *Session) WaitFor(ctx context.Context, css string) error { return errStub }

// WaitForText waits until an element that matches css contains text.
func (s *Session) WaitForText(ctx context.Context, css, text string) error { return errStub }

// WaitForURL waits until the page's address begins with prefix.
func (s *Session) WaitForURL(ctx context.Context, prefix string) error { return errStub }

// Text waits for css and returns the visible text of its first match, white
// space collapsed.
func (s *Session) Text(ctx context.Context, css string) (string, error) { return "", errStub }

// Texts returns the visible texts of all matches of css at once; none is no error.
func (s *Session) Texts(ctx context.Context, css string) ([]string, error) { return nil, errStub }

// Attr waits for css and returns an attribute of its first match; "" when
// the attribute is missing.
func (s *Session) Attr(ctx context.Context, css, name string) (string, error) { return "", errStub }

// Exists says at once whether css matches on the present page.
func (s *Session) Exists(ctx context.Context, css string) (bool, error) { return false, errStub }

// URL is the address of the present page.
func (s *Session) URL(ctx context.Context) (string, error) { return "", errStub }

// Back goes one page back, as the browser's button would.
func (s *Session) Back(ctx context.Context) error { return errStub }

// Reload loads the page again.
func (s *Session) Reload(ctx context.Context) error { return errStub }

// Screenshot is a PNG of the whole page.
func (s *Session) Screenshot(ctx context.Context) ([]byte, error) { return nil, errStub }

// Thumbnail is a small WebP (image/webp) of the visible part, for the report.
func (s *Session) Thumbnail(ctx context.Context) ([]byte, error) { return nil, errStub }

// HTML is the page's present document.
func (s *Session) HTML(ctx context.Context) (string, error) { return "", errStub }

// Cookies are the cookies the browser would send to url.
func (s *Session) Cookies(ctx context.Context, url string) ([]Cookie, error) { return nil, errStub }

// Eval runs a JavaScript function with JSON arguments on the page and decodes
// its answer into result (nil to ignore it); for what no other method covers.
func (s *Session) Eval(ctx context.Context, result any, function string, args ...any) error {
	return errStub
}

// Requests lists every request of the session so far, redirect hops included, in order.
func (s *Session) Requests() []Request { return nil }

// Close closes the window and forgets its cookies.
func (s *Session) Close() error { return nil }

// Request is one request the browser sent; a redirect makes a new one.
type Request struct {
	URL, Method string
	// Type is the browser's word for what it was for: Document, Stylesheet,
	// Image, Script, Fetch, Other ...
	Type string
	// Status is the HTTP status, 0 while unanswered or when it failed.
	Status int
	// Failed is the browser's reason ("net::ERR_CONNECTION_REFUSED").
	Failed string
	// Referer is the header as sent, empty without one.
	Referer string
	// RedirectedFrom is the URL whose redirect led here.
	RedirectedFrom string
	// SetCookies are the names of the cookies the answer set.
	SetCookies []string
	// Headers are the answer's headers, names in lower case.
	Headers map[string]string
}

// Cookie is one cookie as the browser keeps it.
type Cookie struct {
	Name, Value, Domain, Path, SameSite string
	HTTPOnly, Secure                    bool
}
