package steps

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/mint-conformance/mint/steps/topology"
)

// eavesdropper stands between MINT and a Platform's token endpoint, so that a
// scenario knows the real tokens: neither side would ever show them.
type eavesdropper struct {
	server  *http.Server
	address string

	mu      sync.Mutex
	codes   []string
	access  []string
	refresh []string
}

// listen begins to hand requests on to the token endpoint.
func (e *eavesdropper) listen(ctx context.Context, t topology.Topology, tokenEndpoint string) error {
	target, err := url.Parse(tokenEndpoint)
	if err != nil {
		return err
	}
	listener, base, err := topology.Listen(ctx, t)
	if err != nil {
		return err
	}
	e.address = base + target.Path
	e.server = &http.Server{ReadHeaderTimeout: 10 * time.Second, Handler: &httputil.ReverseProxy{
		Transport: t.HTTPClient().Transport,
		Rewrite: func(r *httputil.ProxyRequest) {
			r.Out.URL.Scheme, r.Out.URL.Host = target.Scheme, target.Host
			r.Out.Host = target.Host
			e.hearRequest(r.Out)
		},
		ModifyResponse: e.hearAnswer,
	}}
	go func() { _ = e.server.Serve(listener) }() // ends with close
	return nil
}

func (e *eavesdropper) uri() string { return e.address }

func (e *eavesdropper) close() error {
	if e.server == nil {
		return nil
	}
	return e.server.Close()
}

func (e *eavesdropper) hearRequest(r *http.Request) {
	body, err := io.ReadAll(io.LimitReader(r.Body, 1<<20))
	r.Body = io.NopCloser(bytes.NewReader(body))
	form, formErr := url.ParseQuery(string(body))
	if errors.Join(err, formErr) != nil {
		return // the Platform will say what is wrong with it
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	e.codes = appendGiven(e.codes, form.Get("code"))
}

func (e *eavesdropper) hearAnswer(r *http.Response) error {
	body, err := io.ReadAll(io.LimitReader(r.Body, 1<<20))
	if err != nil {
		return err
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	var answer struct {
		Access  string `json:"access_token"`
		Refresh string `json:"refresh_token"`
	}
	if json.Unmarshal(body, &answer) != nil {
		return nil // no tokens in what is no JSON
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	e.access = appendGiven(e.access, answer.Access)
	e.refresh = appendGiven(e.refresh, answer.Refresh)
	return nil
}

func appendGiven(values []string, value string) []string {
	if value == "" {
		return values
	}
	return append(values, value)
}

// tokens is every token heard so far.
func (e *eavesdropper) tokens() []string {
	e.mu.Lock()
	defer e.mu.Unlock()
	return append(append([]string{}, e.access...), e.refresh...)
}

// codesHeard is every authorization code heard so far.
func (e *eavesdropper) codesHeard() []string {
	e.mu.Lock()
	defer e.mu.Unlock()
	return append([]string{}, e.codes...)
}

func (e *eavesdropper) firstRefreshToken() (string, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if len(e.refresh) == 0 {
		return "", errors.New("expected a refresh token to have been overheard, there was none")
	}
	return e.refresh[0], nil
}

// spellings is how a secret could be written: as it is, in hex, and in base64
// at each of the three places it can begin at, without the characters that
// its neighbours decide.
func spellings(secret string) []string {
	inHex := hex.EncodeToString([]byte(secret))
	all := []string{secret, url.QueryEscape(secret), inHex, strings.ToUpper(inHex)}
	for before := range 3 {
		padded := append(make([]byte, before), secret...)
		for _, encoding := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
			text := encoding.EncodeToString(padded)
			all = append(all, text[(before*8+5)/6:len(text)-1])
		}
	}
	return all
}
