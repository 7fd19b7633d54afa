package wire

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"github.com/mint-conformance/mint/mockplatform/control"
	"github.com/mint-conformance/mint/mockplatform/internal/fault"
)

// alter does to a JSON answer what the action says. The note tells the journal
// when there was nothing to do it to.
func alter(action control.FaultAction, answer Answer) (Answer, string) {
	switch action.Kind {
	case fault.KindMalformed, fault.KindTruncated, fault.KindDropBody, fault.KindRewrite:
	default:
		return answer, ""
	}
	if len(answer.Body) < 2 {
		return answer, "the answer has no body"
	}
	switch action.Kind {
	case fault.KindDropBody:
		answer.Cut = true
	case fault.KindTruncated:
		answer.Body = answer.Body[:len(answer.Body)/2]
	case fault.KindMalformed:
		answer.Body = malformed(answer.Body)
	case fault.KindRewrite:
		return rewrite(action, answer)
	}
	return answer, ""
}

// malformed breaks the grammar of a JSON document near its end, so that a
// parser which reads only the beginning would not notice.
func malformed(body []byte) []byte {
	text := bytes.TrimSpace(body)
	last := len(text) - 1
	return slices.Concat(text[:last], []byte(","), text[last:], []byte("\n"))
}

// rewrite drops and sets top-level members; the others stay as and where they
// are, new ones come last.
func rewrite(action control.FaultAction, answer Answer) (Answer, string) {
	members, ok := Members(answer.Body)
	if !ok {
		return answer, "the answer is no JSON object"
	}
	var absent []string
	for _, name := range action.Drop {
		at := slices.IndexFunc(members, func(m Member) bool { return m.Name == name })
		if at < 0 {
			absent = append(absent, name)
			continue
		}
		members = slices.Delete(members, at, at+1)
	}
	for _, name := range slices.Sorted(maps.Keys(action.Set)) {
		at := slices.IndexFunc(members, func(m Member) bool { return m.Name == name })
		if at < 0 {
			members = append(members, Member{Name: name})
			at = len(members) - 1
		}
		members[at].Value = action.Set[name]
	}
	answer.Body = Object(members)
	if len(absent) > 0 {
		return answer, "the answer had no " + strings.Join(absent, ", ")
	}
	return answer, ""
}

// Member is one of a JSON object, its value as it was written.
type Member struct {
	Name  string
	Value json.RawMessage
}

// Members reads a JSON object in the order of its members.
func Members(body []byte) ([]Member, bool) {
	decoder := json.NewDecoder(bytes.NewReader(body))
	if first, err := decoder.Token(); err != nil || first != json.Delim('{') {
		return nil, false
	}
	members := []Member{}
	for decoder.More() {
		name, err := decoder.Token()
		if err != nil {
			return nil, false
		}
		var value json.RawMessage
		if err := decoder.Decode(&value); err != nil {
			return nil, false
		}
		text, _ := name.(string) // a name is always one
		members = append(members, Member{text, value})
	}
	return members, true
}

// Object writes members as a JSON object and ends the line.
func Object(members []Member) []byte {
	var out bytes.Buffer
	out.WriteByte('{')
	for i, m := range members {
		if i > 0 {
			out.WriteByte(',')
		}
		name, _ := json.Marshal(m.Name) // a string always can
		out.Write(name)
		out.WriteByte(':')
		out.Write(m.Value)
	}
	out.WriteString("}\n")
	return out.Bytes()
}
