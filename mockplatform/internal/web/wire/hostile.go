package wire

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"mime"
	"net/http"
	"slices"
	"strings"

	"github.com/mint-conformance/mint/mockplatform/control"
	"github.com/mint-conformance/mint/mockplatform/internal/fault"
)

// surprising are the endpoints whose answers RFCs describe, so that it is
// known what a client must bear. The API is nobody's standard.
var surprising = []string{
	fault.EndpointToken, fault.EndpointIntrospect, fault.EndpointRegister, fault.EndpointPAR, fault.EndpointJWKS, fault.EndpointMetadata,
}

// spellings are the media types of those answers, and how else they are written
// (RFC 9110 section 8.3.1: in any case, and with parameters that say nothing).
var spellings = map[string]string{
	"application/json":         "Application/JSON;charset=UTF-8",
	"application/jwk-set+json": "Application/JWK-Set+JSON;charset=UTF-8",
}

// Refusal is the fault of a hostile Platform's one 401.
var Refusal = control.Fault{ID: control.Refusal, Action: control.FaultAction{Kind: fault.KindUnauthorized}}

// Surprise gives a success in JSON the legal surprises of a hostile Platform
// and names them in the journal entry. An exchange that a fault concerns stays
// exactly what the fault says.
func (e *Exchange) Surprise(hostile *fault.Hostile, answer Answer) Answer {
	if hostile == nil || e.Entry.Fault != "" || !slices.Contains(surprising, e.Entry.Endpoint) ||
		answer.Status != http.StatusOK && answer.Status != http.StatusCreated {
		return answer
	}
	media, _, err := mime.ParseMediaType(answer.Header.Get("Content-Type"))
	members, ok := Members(answer.Body)
	spelled, known := spellings[media]
	if err != nil || !known || !ok {
		return answer
	}
	chosen, source := hostile.Draw(e.Entry.Endpoint)
	if len(chosen) == 0 {
		return answer
	}
	for _, one := range chosen {
		members = surprise(one, members, source)
	}
	answer.Body = Object(members)
	if slices.Contains(chosen, fault.SurpriseSpace) {
		answer.Body = spaced(answer.Body)
	}
	if slices.Contains(chosen, fault.SurpriseMediaType) {
		answer = answer.With("Content-Type", spelled)
	}
	if slices.Contains(chosen, fault.SurpriseHeaders) {
		answer.Header = recased(answer.Header, source)
	}
	e.Entry.Fault = control.Surprises + strings.Join(chosen, ",")
	return answer
}

// surprise changes the members of an answer in one way.
func surprise(one string, members []Member, source *rand.Rand) []Member {
	switch one {
	case fault.SurpriseMember:
		members = append(members,
			Member{"x_trace", fmt.Appendf(nil, `"%016x"`, source.Uint64())},
			Member{"x_hints", []byte(`{"retry":null,"levels":[1,2.5e3,{"deep":true}],"text":"\u00e4\ud83d\ude00\/"}`)})
	case fault.SurpriseOrder:
		source.Shuffle(len(members), func(i, j int) { members[i], members[j] = members[j], members[i] })
	case fault.SurpriseTokenType:
		// At introspection the value is informative (RFC 7662 section 2.2).
		changeText(members, "token_type", func(text string) string {
			return recase(text, source)
		})
	case fault.SurpriseScope:
		changeText(members, "scope", func(text string) string {
			words := strings.Fields(text)
			slices.Reverse(words)
			return strings.Join(words, " ")
		})
	}
	return members
}

// changeText changes a member that is a string.
func changeText(members []Member, name string, change func(string) string) {
	for i, m := range members {
		var text string
		if m.Name != name || json.Unmarshal(m.Value, &text) != nil {
			continue
		}
		members[i].Value, _ = json.Marshal(change(text)) // a string always can
	}
}

// spaced spreads a document over lines.
func spaced(body []byte) []byte {
	var out bytes.Buffer
	out.WriteString("\r\n\t ")
	if err := json.Indent(&out, bytes.TrimSpace(body), " ", "\t"); err != nil {
		return body
	}
	out.WriteString(" \r\n\r\n")
	return out.Bytes()
}

// recased gives header names another case, and so another order: net/http
// sends them sorted as they are written.
func recased(header http.Header, source *rand.Rand) http.Header {
	out := http.Header{}
	names := make([]string, 0, len(header))
	for name := range header {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		out[recase(name, source)] = header[name]
	}
	if _, there := out["Content-Type"]; !there {
		out["Content-Type"] = nil // or net/http adds a guess of its own
	}
	return out
}

// recase turns letters upper or lower case.
func recase(text string, source *rand.Rand) string {
	switch source.Uint64() % 3 {
	case 0:
		return strings.ToLower(text)
	case 1:
		return strings.ToUpper(text)
	}
	out := []byte(strings.ToLower(text))
	for i := range out {
		if i%2 == 1 {
			out[i] = strings.ToUpper(string(out[i]))[0]
		}
	}
	return string(out)
}
