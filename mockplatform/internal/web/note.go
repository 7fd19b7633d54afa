package web

import (
	"encoding/json"
	"maps"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/mint-conformance/mint/mockplatform/internal/journal"
	"github.com/mint-conformance/mint/mockplatform/internal/oauth"
	"github.com/mint-conformance/mint/mockplatform/internal/web/wire"
)

// note tells the journal entry what became of the request.
func note(site *site, exchange *wire.Exchange, answer wire.Answer) {
	entry := &exchange.Entry
	entry.Status = answer.Status // 0 when dropped
	entry.ContentType = mediaType(answer.Header.Get("Content-Type"))
	if entry.Issued == nil {
		entry.Issued = issued(site.platform.Journal(), exchange.Entry.Endpoint, answer)
	}
}

// measure notes how long the answer took, what a fault is still to hold it
// included, how large both bodies are, and where the Platform keeps them, the
// bodies as they may be shown. A form stands in the parameters already.
func measure(site *site, exchange *wire.Exchange, answer wire.Answer, now time.Time) {
	entry := &exchange.Entry
	entry.Took = float64((now.Sub(entry.RealAt) + answer.Delay).Microseconds()) / 1000
	entry.RequestSize, entry.AnswerSize = len(exchange.Payload), len(answer.Body)
	if !site.platform.JournalBodies() {
		return
	}
	j := site.platform.Journal()
	entry.RequestBody = j.Asked(exchange.Payload)
	if !answer.Drop {
		entry.AnswerBody = j.Answered(answer.Body)
	}
}

func mediaType(header string) string {
	switch header {
	case "", "application/json":
		return header // by far the most
	}
	media, _, err := mime.ParseMediaType(header)
	if err != nil {
		return oauth.Redacted(header)
	}
	return media
}

// besideBody names the parameters in the query of a request that has a body
// for them, so that an export can put each in its place.
func besideBody(request *wire.Request, query url.Values) []string {
	if len(query) == 0 || request.Method == http.MethodGet || request.Method == http.MethodHead {
		return nil
	}
	names := slices.Sorted(maps.Keys(query))
	for i, name := range names {
		names[i] = oauth.Redacted(name)
	}
	return names
}

// What gives out something to be presented later: members of redirects to a
// client, and of documents.
var (
	redirected = []string{"code", "access_token", "refresh_token", "id_token"}
	documented = []string{"request_uri", "registration_access_token", "client_secret"}
)

// issued reads off an answer what it gives out, for the endpoints that do not
// say so themselves.
func issued(j *journal.Journal, endpoint string, answer wire.Answer) map[string]string {
	out := map[string]string{}
	add := func(name, value string) {
		if value != "" {
			out[name] = j.Fingerprint(value)
		}
	}
	switch endpoint {
	case "authorize", "login", "consent":
		target, err := url.Parse(answer.Header.Get("Location"))
		if err != nil {
			return nil
		}
		fragment, _ := url.ParseQuery(target.Fragment) // what can be read of it
		for _, name := range redirected {
			add(name, target.Query().Get(name))
			add(name, fragment.Get(name))
		}
	case "register", "par":
		var document map[string]any
		if json.Unmarshal(answer.Body, &document) != nil {
			return nil
		}
		for _, name := range documented {
			value, _ := document[name].(string)
			add(name, value)
		}
	}
	if len(out) == 0 {
		return nil
	}
	return out
}
