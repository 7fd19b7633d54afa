package journal

import (
	"encoding/json"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/mint-conformance/mint/mockplatform/control"
)

// Origins are the bases (scheme://host[:port]) that paths of exchanges belong
// to: API for the endpoint "api", Public for all others.
type Origins struct{ Public, API string }

// HAR writes the exchanges as an HTTP archive, version 1.2. What the journal
// does not hold (headers; bodies, unless the Platform keeps them) is there with
// the value that the format has for "not known"; the whole exchange stands in _exchange. Times are
// the machine's, so that a viewer can lay other archives beside it; the
// Platform's are in _exchange.
func HAR(exchanges []control.Exchange, from Origins) ([]byte, error) {
	archive := har{Log: harLog{
		Version: "1.2",
		Creator: harCreator{Name: "mockplatform", Version: "1"},
		Entries: make([]harEntry, 0, len(exchanges)),
		Comment: "Secrets are keyed fingerprints (fp:…). Headers are not recorded, bodies where the Platform was created with journal_bodies.",
	}}
	for i := range exchanges {
		archive.Log.Entries = append(archive.Log.Entries, entryOf(&exchanges[i], from))
	}
	return json.Marshal(archive)
}

// The members of HAR 1.2 that the format requires, and those that we fill in.
type (
	har struct {
		Log harLog `json:"log"`
	}
	harLog struct {
		Version string     `json:"version"`
		Creator harCreator `json:"creator"`
		Entries []harEntry `json:"entries"`
		Comment string     `json:"comment"`
	}
	harCreator struct {
		Name    string `json:"name"`
		Version string `json:"version"`
	}
	harEntry struct {
		Started  time.Time        `json:"startedDateTime"`
		Time     float64          `json:"time"` // ms
		Request  harRequest       `json:"request"`
		Response harResponse      `json:"response"`
		Cache    struct{}         `json:"cache"`
		Timings  harTimings       `json:"timings"`
		Exchange control.Exchange `json:"_exchange"`
	}
	harRequest struct {
		Method      string     `json:"method"`
		URL         string     `json:"url"`
		HTTPVersion string     `json:"httpVersion"`
		Cookies     []harPair  `json:"cookies"`
		Headers     []harPair  `json:"headers"`
		QueryString []harPair  `json:"queryString"`
		PostData    *harPosted `json:"postData,omitempty"`
		HeadersSize int        `json:"headersSize"`
		BodySize    int        `json:"bodySize"`
	}
	harPair struct {
		Name  string `json:"name"`
		Value string `json:"value"`
	}
	harPosted struct {
		MimeType string    `json:"mimeType"`
		Params   []harPair `json:"params"`
		Text     string    `json:"text"`
	}
	harResponse struct {
		Status      int        `json:"status"`
		StatusText  string     `json:"statusText"`
		HTTPVersion string     `json:"httpVersion"`
		Cookies     []harPair  `json:"cookies"`
		Headers     []harPair  `json:"headers"`
		Content     harContent `json:"content"`
		RedirectURL string     `json:"redirectURL"`
		HeadersSize int        `json:"headersSize"`
		BodySize    int        `json:"bodySize"`
		Comment     string     `json:"comment,omitempty"`
	}
	harContent struct {
		Size     int    `json:"size"`
		MimeType string `json:"mimeType"`
		Text     string `json:"text,omitempty"`
		Comment  string `json:"comment,omitempty"`
	}
	harTimings struct {
		Send    float64 `json:"send"`
		Wait    float64 `json:"wait"`
		Receive float64 `json:"receive"`
	}
)

// unknown is HAR's word for a size that is not available.
const unknown = -1

func entryOf(e *control.Exchange, from Origins) harEntry {
	whole := *e
	whole.RequestBody, whole.AnswerBody = "", "" // they have their own place
	return harEntry{
		Started: e.RealAt, Time: e.Took, Timings: harTimings{Wait: e.Took},
		Request: requestOf(e, from), Response: responseOf(e), Exchange: whole,
	}
}

func requestOf(e *control.Exchange, from Origins) harRequest {
	base := from.Public
	if e.Endpoint == "api" {
		base = from.API
	}
	out := harRequest{
		Method: e.Method, HTTPVersion: "HTTP/1.1", Cookies: []harPair{}, Headers: []harPair{},
		QueryString: []harPair{}, HeadersSize: unknown, BodySize: e.RequestSize,
	}
	bodiless := e.Method == http.MethodGet || e.Method == http.MethodHead
	posted := []harPair{}
	query, form := url.Values{}, url.Values{}
	for _, name := range slices.Sorted(maps.Keys(e.Parameters)) {
		pair := harPair{name, e.Parameters[name]}
		if bodiless || slices.Contains(e.Query, name) {
			out.QueryString = append(out.QueryString, pair)
			query.Set(name, pair.Value)
		} else {
			posted = append(posted, pair)
			form.Set(name, pair.Value)
		}
	}
	out.URL = base + (&url.URL{Path: e.Path, RawQuery: query.Encode()}).String()
	if len(posted) > 0 {
		out.PostData = &harPosted{MimeType: "application/x-www-form-urlencoded", Params: posted, Text: form.Encode()}
	}
	if e.RequestBody != "" {
		out.PostData = &harPosted{MimeType: "application/json", Params: []harPair{}, Text: e.RequestBody}
	}
	return out
}

func responseOf(e *control.Exchange) harResponse {
	out := harResponse{
		Status: e.Status, StatusText: http.StatusText(e.Status), HTTPVersion: "HTTP/1.1",
		Cookies: []harPair{}, Headers: []harPair{}, Content: harContent{Size: e.AnswerSize, MimeType: e.ContentType, Text: e.AnswerBody},
		HeadersSize: unknown, BodySize: e.AnswerSize, Comment: strings.Join(strings.Fields(e.Error+" "+e.Reason), " "),
	}
	if e.Status == 0 {
		out.StatusText, out.BodySize = Dropped, unknown
	}
	if e.AnswerBody != "" {
		out.Content.Comment = "Secrets are fingerprints; cut where it was longer than 4 KiB. The size is what was sent."
	}
	if out.Content.MimeType == "" {
		out.Content.MimeType = "x-unknown"
	}
	return out
}
