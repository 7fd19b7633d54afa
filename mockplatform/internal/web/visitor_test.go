package web_test

import (
	"crypto/sha256"
	"encoding/base64"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"github.com/mint-conformance/mint/mockplatform/control"
)

// visitor is a browser without a screen: cookies, pages, forms.
type visitor struct {
	t      *testing.T
	client *http.Client
	// the page that is open
	url    *url.URL
	status int
	header http.Header
	source string
	root   *html.Node
}

func newVisitor(t *testing.T) *visitor {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	v := &visitor{t: t, client: &http.Client{Jar: jar, Timeout: 10 * time.Second}}
	// A redirect is followed only within the mock; the client's own address
	// has nobody behind it in these tests.
	v.client.CheckRedirect = func(next *http.Request, via []*http.Request) error {
		if next.URL.Host != via[0].URL.Host {
			return http.ErrUseLastResponse
		}
		return nil
	}
	t.Cleanup(v.client.CloseIdleConnections)
	return v
}

// open goes to an address. It returns where a redirect leads that leaves the
// mock, nil if the visitor is still there.
func (v *visitor) open(address string) *url.URL {
	v.t.Helper()
	request, err := http.NewRequestWithContext(v.t.Context(), http.MethodGet, address, nil)
	if err != nil {
		v.t.Fatal(err)
	}
	return v.send(request)
}

func (v *visitor) send(request *http.Request) *url.URL {
	v.t.Helper()
	request.Header.Set("Accept", "text/html,application/xhtml+xml")
	response, err := v.client.Do(request)
	if err != nil {
		v.t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		v.t.Fatal(err)
	}
	if response.StatusCode == http.StatusSeeOther {
		away, err := response.Location()
		if err != nil {
			v.t.Fatal(err)
		}
		return away
	}
	v.url, v.status, v.header, v.source = response.Request.URL, response.StatusCode, response.Header, string(body)
	if v.root, err = html.Parse(strings.NewReader(v.source)); err != nil {
		v.t.Fatal(err)
	}
	return nil
}

// press fills the form that holds the button and sends it, as a browser would.
func (v *visitor) press(button string, fill map[string]string) *url.URL {
	v.t.Helper()
	pressed := v.find(func(n *html.Node) bool { return n.Data == "button" && text(n) == button })
	if pressed == nil {
		v.t.Fatalf("no button %q on %s:\n%s", button, v.url, v.words())
	}
	form := pressed.Parent
	for form.Data != "form" {
		form = form.Parent
	}
	values := url.Values{}
	if name := attr(pressed, "name"); name != "" {
		values.Set(name, attr(pressed, "value"))
	}
	for node := range form.Descendants() {
		name := attr(node, "name")
		if name == "" || (node.Data != "input" && node.Data != "textarea") || has(node, "disabled") {
			continue
		}
		if attr(node, "type") == "checkbox" {
			if want, given := fill[attr(node, "value")]; (given && want == "on") || (!given && has(node, "checked")) {
				values.Add(name, attr(node, "value"))
			}
			continue
		}
		values.Add(name, attr(node, "value"))
	}
	for name, value := range fill {
		if value != "on" && value != "off" {
			values.Set(name, value)
		}
	}
	target, err := v.url.Parse(attr(form, "action"))
	if err != nil {
		v.t.Fatal(err)
	}
	return v.post(target.String(), values)
}

func (v *visitor) post(target string, values url.Values) *url.URL {
	v.t.Helper()
	request, err := http.NewRequestWithContext(v.t.Context(), http.MethodPost, target, strings.NewReader(values.Encode()))
	if err != nil {
		v.t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return v.send(request)
}

// logIn uses the login form that is open.
func (v *visitor) logIn(key string) *url.URL {
	v.t.Helper()
	return v.press("Log in", map[string]string{"username": key + "@example.test", "password": key + "-password-1"})
}

func (v *visitor) find(match func(*html.Node) bool) *html.Node {
	for node := range v.root.Descendants() {
		if node.Type == html.ElementNode && match(node) {
			return node
		}
	}
	return nil
}

// says fails the test unless an element (by tag or role) has this text.
func (v *visitor) says(element, want string) {
	v.t.Helper()
	found := v.find(func(n *html.Node) bool { return n.Data == element || attr(n, "role") == element })
	if found == nil {
		v.t.Errorf("no %s on %s:\n%s", element, v.url, v.words())
	} else if got := text(found); got != want {
		v.t.Errorf("%s on %s says %q, want %q", element, v.url.Path, got, want)
	}
}

// by finds an element by one attribute.
func (v *visitor) by(name, value string) *html.Node {
	return v.find(func(n *html.Node) bool { return attr(n, name) == value })
}

func (v *visitor) words() string { return text(v.root) }

func attr(node *html.Node, name string) string {
	for _, one := range node.Attr {
		if one.Key == name {
			return one.Val
		}
	}
	return ""
}

func has(node *html.Node, name string) bool {
	for _, one := range node.Attr {
		if one.Key == name {
			return true
		}
	}
	return false
}

func text(node *html.Node) string {
	var all strings.Builder
	for one := range node.Descendants() {
		if one.Type == html.TextNode && one.Parent.Data != "style" {
			all.WriteString(one.Data + " ")
		}
	}
	return strings.Join(strings.Fields(all.String()), " ")
}

const (
	verifier = "verifier-of-forty-three-characters-or-more-0"
	callback = "http://127.0.0.1:9500/oauth/callback"
)

// authorization is the address of a good authorization request; change replaces
// members, an empty value removes one.
func authorization(p control.Platform, change map[string]string) string {
	sum := sha256.Sum256([]byte(verifier))
	query := url.Values{
		"response_type": {"code"}, "client_id": {p.Clients[0].ID}, "redirect_uri": {callback}, "state": {"st ate&1"},
		"scope": {"ads.read ads.write"}, "code_challenge_method": {"S256"},
		"code_challenge": {base64.RawURLEncoding.EncodeToString(sum[:])},
	}
	for name, value := range change {
		query.Del(name)
		if value != "" {
			query.Set(name, value)
		}
	}
	return p.Endpoints.Authorize + "?" + query.Encode()
}
