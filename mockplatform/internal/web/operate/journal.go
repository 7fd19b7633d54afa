package operate

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/mint-conformance/mint/mockplatform/control"
	"github.com/mint-conformance/mint/mockplatform/internal/journal"
	"github.com/mint-conformance/mint/mockplatform/internal/platform"
	"github.com/mint-conformance/mint/mockplatform/internal/web/wire"
)

// journalQuery are the query parameters of GET …/journal.
var journalQuery = []string{
	"after", "wait", "since", "endpoint", "client", "customer", "grant_type", "status", "error", "verdict",
	"family", "fingerprint", "limit", "format",
}

// journal answers what was recorded: as JSON, or exported as NDJSON or HAR.
func (o *Operator) journal(p *platform.Platform, r *wire.Request) wire.Answer {
	values, refusal := query(r, journalQuery...)
	if refusal != nil {
		return *refusal
	}
	after, wait, refusal := poll(values, 0)
	if refusal != nil {
		return *refusal
	}
	filter, refusal := journalFilter(values)
	if refusal != nil {
		return *refusal
	}
	filter.After = after
	format, refusal := journalFormat(values, r.Header.Get("Accept"))
	if refusal != nil {
		return *refusal
	}
	return exported(p, p.Journal().Wait(r.Context(), filter, wait), format)
}

func exported(p *platform.Platform, found control.Journal, format string) wire.Answer {
	var text []byte
	var err error
	contentType := journal.TypeNDJSON
	switch format {
	case "ndjson":
		text, err = journal.NDJSON(found.Exchanges)
	case "har":
		contentType = journal.TypeHAR
		base := func(address string) string { return strings.TrimSuffix(address, "/"+p.Name()) }
		text, err = journal.HAR(found.Exchanges, journal.Origins{Public: base(p.Issuer()), API: base(p.APIBase())})
	default:
		return document(http.StatusOK, found)
	}
	if err != nil {
		return problem(http.StatusInternalServerError, "the journal cannot be exported: %v", err)
	}
	return wire.New(http.StatusOK, contentType, text).Uncached()
}

// journalFormat is what ?format asks for, else what Accept does, else json.
func journalFormat(values url.Values, accept string) (string, *wire.Answer) {
	if values.Has("format") {
		format := values.Get("format")
		if !slices.Contains([]string{"json", "ndjson", "har"}, format) {
			return "", bad("format: %q is unknown: use json, ndjson or har", format)
		}
		return format, nil
	}
	for _, one := range strings.Split(accept, ",") {
		media, _, _ := strings.Cut(one, ";")
		switch strings.ToLower(strings.TrimSpace(media)) {
		case journal.TypeNDJSON, "application/ndjson":
			return "ndjson", nil
		case journal.TypeHAR, "application/har":
			return "har", nil
		case "application/json":
			return "json", nil
		}
	}
	return "json", nil
}

func journalFilter(values url.Values) (control.JournalFilter, *wire.Answer) {
	f := control.JournalFilter{
		Endpoint: values.Get("endpoint"), Client: values.Get("client"), Customer: values.Get("customer"),
		GrantType: values.Get("grant_type"), Status: values.Get("status"), Error: values.Get("error"),
		Verdict: values.Get("verdict"), Family: values.Get("family"), Fingerprint: values.Get("fingerprint"),
	}
	for name, given := range values {
		if len(given) > 1 {
			return f, bad("%s: stands more than once in the query, give it once", name)
		}
		if given[0] == "" {
			return f, bad("%s: is empty: give it a value or leave it out", name)
		}
	}
	if f.Status != "" && !journal.ValidStatus(f.Status) {
		return f, bad("status: %q is no status: use one such as 401, a class such as 4xx, or dropped", f.Status)
	}
	verdicts := []string{control.VerdictAccepted, control.VerdictRefused, control.VerdictFaulted}
	if f.Verdict != "" && !slices.Contains(verdicts, f.Verdict) {
		return f, bad("verdict: %q is unknown: use %s", f.Verdict, strings.Join(verdicts, ", "))
	}
	if text := values.Get("since"); text != "" {
		since, err := time.Parse(time.RFC3339Nano, text)
		if err != nil {
			return f, bad("since: %q is no instant: write it as 2026-11-22T03:00:00Z (Platform time)", text)
		}
		f.Since = since
	}
	if text := values.Get("limit"); text != "" {
		limit, err := strconv.Atoi(text)
		if err != nil || limit < 1 || limit > journal.MaxBound {
			return f, bad("limit: %q is not a whole number from 1 to %d", text, journal.MaxBound)
		}
		f.Limit = limit
	}
	return f, nil
}

// bad is a 400 for a query that cannot be read.
func bad(format string, args ...any) *wire.Answer {
	answer := problem(http.StatusBadRequest, format, args...)
	return &answer
}
