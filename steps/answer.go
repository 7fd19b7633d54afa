package steps

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
)

// answer is an HTTP answer, read to its end.
type answer struct {
	Status int
	Header http.Header
	Body   []byte
	// JSON is the body's top-level object, nil if it is none.
	JSON map[string]any
}

// maxAnswer bounds what the harness reads of one answer.
const maxAnswer = 4 << 20

// newRequest builds a request with a form body; a nil form is no body.
func newRequest(ctx context.Context, method, address string, form url.Values) (*http.Request, error) {
	var body io.Reader
	if form != nil {
		body = strings.NewReader(form.Encode())
	}
	r, err := http.NewRequestWithContext(ctx, method, address, body)
	if err == nil && form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	return r, err
}

// send sends a request and reads the answer; redirects are not followed.
func send(client *http.Client, r *http.Request) (answer, error) {
	response, err := client.Do(r)
	if err != nil {
		return answer{}, err
	}
	defer func() { _ = response.Body.Close() }() // everything was read
	body, err := io.ReadAll(io.LimitReader(response.Body, maxAnswer))
	if err != nil {
		return answer{}, fmt.Errorf("reading the answer of %s: %w", r.URL.Path, err)
	}
	a := answer{Status: response.StatusCode, Header: response.Header, Body: body}
	if json.Unmarshal(body, &a.JSON) != nil {
		a.JSON = nil // not an object
	}
	return a, nil
}

// String says what came, without any token.
func (a answer) String() string {
	if a.JSON == nil {
		return fmt.Sprintf("%d %s (%d bytes)", a.Status, a.Header.Get("Content-Type"), len(a.Body))
	}
	var members []string
	for name := range a.JSON {
		members = append(members, name)
	}
	return fmt.Sprintf("%d %s %s (members %s)", a.Status, a.text("error"), a.text("error_description"), strings.Join(members, ", "))
}

// text is a member that is a string, else "".
func (a answer) text(member string) string {
	s, _ := a.JSON[member].(string)
	return s
}

func (a answer) expectStatus(want int) error {
	if a.Status != want {
		return fmt.Errorf("expected the status %d, got %s", want, a)
	}
	return nil
}

func (a answer) expectError(code string) error {
	if got := a.text("error"); got != code {
		return fmt.Errorf("expected the error %s, got %s", code, a)
	}
	return nil
}

func (a answer) expectTokens() error {
	if a.Status != http.StatusOK || a.text("access_token") == "" {
		return fmt.Errorf("expected an access token, got %s", a)
	}
	return nil
}

func (a answer) expectNoStore() error {
	return expectWords("Cache-Control", a.Header.Get("Cache-Control"), nil, "no-store")
}

func (a answer) expectNoToken() error {
	for _, member := range []string{"access_token", "refresh_token", "id_token"} {
		if _, there := a.JSON[member]; there {
			return fmt.Errorf("expected no token, got %s", a)
		}
	}
	return nil
}
