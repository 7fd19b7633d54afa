package steps

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"regexp"
)

// attachPicture keeps a small picture of where each person ended.
func (w *world) attachPicture(ctx context.Context) {
	for who, v := range w.visitors {
		if v.session == nil {
			continue
		}
		picture, err := v.session.Thumbnail(ctx)
		if err != nil {
			w.env.Recorder.Note(w.scenario.Id, fmt.Sprintf("No picture of %s's page: %v", who, err))
			continue
		}
		w.env.Recorder.Attach(w.scenario.Id, fileName("page", who, "jpeg"), "image/jpeg", picture)
	}
}

// attachEvidence keeps what helps to understand a failure: each person's page
// as picture and source, the Platforms' journals, MINT's log.
func (w *world) attachEvidence(ctx context.Context) {
	id, recorder := w.scenario.Id, w.env.Recorder
	for who, v := range w.visitors {
		if v.session == nil {
			continue
		}
		if picture, err := v.session.Screenshot(ctx); err == nil {
			recorder.Attach(id, fileName("page", who, "png"), "image/png", picture)
		} else {
			recorder.Note(id, fmt.Sprintf("No screenshot of %s's page: %v", who, err))
		}
		if source, err := v.session.HTML(ctx); err == nil {
			recorder.Attach(id, fileName("page", who, "html"), "text/html", []byte(source))
		}
		if requests, err := ndjson(v.session.Requests()); err == nil {
			recorder.Attach(id, fileName("requests", who, "ndjson"), "application/x-ndjson", blank(requests))
		}
	}
	for _, p := range w.platforms {
		if !p.exists() {
			continue
		}
		journal, err := p.journal(ctx)
		if err != nil {
			recorder.Note(id, fmt.Sprintf("No journal of the %s platform: %v", p.profile, err))
			continue
		}
		if lines, err := ndjson(journal); err == nil {
			recorder.Attach(id, "journal-"+string(p.profile)+".ndjson", "application/x-ndjson", lines)
		}
	}
	if w.mint != nil {
		recorder.Attach(id, "mint.log", "text/plain", w.mint.Logs(ctx))
	}
}

func fileName(what string, who person, extension string) string {
	return what + "-" + string(who) + "." + extension
}

// secretParameters are what an address may carry and evidence may not.
var secretParameters = regexp.MustCompile(`([?&](?:code|state|access_token|refresh_token|client_secret|password)=)[^&"#]*`)

// blank takes the values of secret parameters out of addresses.
func blank(text []byte) []byte { return secretParameters.ReplaceAll(text, []byte("${1}...")) }

// ndjson writes one JSON document per line.
func ndjson[T any](items []T) ([]byte, error) {
	var lines bytes.Buffer
	encoder := json.NewEncoder(&lines)
	encoder.SetEscapeHTML(false) // addresses stay readable
	for _, item := range items {
		if err := encoder.Encode(item); err != nil {
			return nil, err
		}
	}
	return lines.Bytes(), nil
}
