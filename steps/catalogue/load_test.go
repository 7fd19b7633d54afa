package catalogue

import (
	"strings"
	"testing"
	"testing/fstest"
)

// small is a catalogue of two checks; each row of TestFaults spoils one line.
const small = `group: CG
title: Codes
base: strict
checks:
  - id: CG-01
    title: A code leads to tokens
    level: MUST
    cite: [RFC 6749 §4.1.3, S001-11]
    actor: authorization_server
    needs: [authorization_code]
    why: Nothing works without it.
    mend: Read the first wrong answer.
    real_server: grant
    break: [token.code_grant=server_error]
  - id: CG-02
    title: A code works once
    level: MUST
    cite: [RFC 6749 §4.1.2]
    actor: authorization_server
    gates: [CG-01]
    accepted:
      - what: nothing else
        cite: [RFC 6749 §4.1.2]
    why: A finder could use it again.
    mend: Mark it as used.
    real_server: kills
    time: [wait]
    wait_for: two seconds
    break: [code.reuse=allow_after_1s]
`

func tree(checks string) fstest.MapFS {
	file := func(text string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(text)} }
	return fstest.MapFS{
		"checks/cg.yaml":        file(checks),
		"sections.yaml":         file("RFC 6749: {title: OAuth, sections: {\"4.1.2\": Answer, \"4.1.3\": Request}}\n"),
		"ids/requirements.yaml": file("S001-11: A short life\n"),
		"ids/journeys.yaml":     file("U-01: Chooses\n"),
		"ids/clients.yaml":      file("CL-01: A state\n"),
		"ids/bugs.yaml":         file("TX-01: Two workers\n"),
	}
}

func TestFaults(t *testing.T) {
	if _, err := load(tree(small)); err != nil {
		t.Fatal(err)
	}
	tests := []struct{ name, old, new, want string }{
		{"an unknown key", "    why: A finder", "    wy: x\n    why: A finder", "checks/cg.yaml:24: field wy not found"},
		{"an unknown key of a file", "base: strict", "bass: strict", "checks/cg.yaml:3: field bass not found"},
		{"an id that stands there twice", "id: CG-02", "id: CG-01", "checks/cg.yaml:15: CG-01 is also the id of a check of the server"},
		{"an id of another group", "id: CG-02", "id: CC-02", "checks/cg.yaml:15: CC-02: no id of the group CG"},
		{"an unknown level", "level: MUST\n    cite: [RFC 6749 §4.1.2]", "level: must\n    cite: [RFC 6749 §4.1.2]", `checks/cg.yaml:17: CG-02: level: "must" is not known; use MUST, SHOULD`},
		{"a clause in another form", "RFC 6749 §4.1.3,", "6749 4.1.3,", `checks/cg.yaml:8: CG-01: "6749 4.1.3" is no citation`},
		{"a clause that does not exist", "§4.1.3,", "§4.1.9,", "checks/cg.yaml:8: CG-01: sections.yaml has no section 4.1.9 of RFC 6749"},
		{"an unknown requirement", "S001-11]", "S001-99]", "checks/cg.yaml:8: CG-01: there is no requirement S001-99"},
		{"a clause cited twice", "§4.1.3, S001-11]", "§4.1.3, RFC 6749 §4.1.3]", `CG-01: cite: "RFC 6749 §4.1.3" stands there twice`},
		{"an alternative without a clause", "        cite: [RFC 6749 §4.1.2]\n", "", "checks/cg.yaml:21: CG-02: there is no citation beside it"},
		{"an unknown feature", "needs: [authorization_code]", "needs: [codes]", `checks/cg.yaml:10: CG-01: needs: "codes" is not known; use application_account`},
		{"an unknown gate", "gates: [CG-01]", "gates: [CG-07]", "checks/cg.yaml:20: CG-02: the gate CG-07 is no check"},
		{"a gate that leads back", "needs: [authorization_code]", "gates: [CG-02]", "CG-01: its gates lead back to it: CG-02, CG-01, CG-02"},
		{"a gate on itself", "gates: [CG-01]", "gates: [CG-02]", "CG-02: its gates lead back to it: CG-02, CG-02"},
		{"no deviation", "    break: [code.reuse=allow_after_1s]\n", "", "CG-02: a check that no deviation can make fail proves nothing"},
		{"a deviation without a value", "code.reuse=allow_after_1s", "code.reuse", `CG-02: "code.reuse" is no deviation`},
		{"a deviation on an unknown profile", "code.reuse=allow_after_1s", "code.reuse=allow_after_1s on mars", `checks/cg.yaml:29: CG-02: code.reuse=allow_after_1s cannot be staged on "mars"; use strict, mint, mindbaz, service`},
		{"a deviation on two profiles", "[code.reuse=allow_after_1s]", "[token.code_grant=server_error on mint]", "checks/cg.yaml:29: CG-02: token.code_grant=server_error is staged on strict elsewhere, not on mint"},
		{"a wait that waits for nothing", "    wait_for: two seconds\n", "", "CG-02: wait_for says what a real wait waits for"},
		{"a title with a full stop", "title: A code works once", "title: A code works once.", "checks/cg.yaml:16: CG-02: the title has no full stop"},
		{"a reason that is no sentence", "why: A finder could use it again.", "why: A finder", "checks/cg.yaml:24: CG-02: why: one or two sentences"},
		{"three sentences", "mend: Mark it as used.", "mend: Mark it. Use it. Keep it.", "CG-02: mend: that is more than two sentences"},
		{"a level of the draft that is no other", "    level: MUST\n    cite: [RFC 6749 §4.1.2]", "    level: MUST\n    draft_level: MUST\n    cite: [RFC 6749 §4.1.2]", "CG-02: draft_level: it is the level"},
		{"a group in the wrong file", "group: CG", "group: TK", `the group "TK" belongs into tk.yaml`},
		{"a file that is no YAML", "group: CG", "group: [", "checks/cg.yaml:"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			spoilt := strings.Replace(small, tt.old, tt.new, 1)
			if spoilt == small {
				t.Fatalf("%q is not in the document", tt.old)
			}
			_, err := load(tree(spoilt))
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error %v\nwant %s", err, tt.want)
			}
		})
	}
}

func TestAllFaultsAtOnce(t *testing.T) {
	spoilt := strings.NewReplacer("§4.1.3", "§4.1.9", "real_server: kills", "real_server: maybe").Replace(small)
	_, err := load(tree(spoilt))
	if err == nil || strings.Count(err.Error(), "\n") != 1 ||
		!strings.Contains(err.Error(), "4.1.9") || !strings.Contains(err.Error(), `real_server: "maybe"`) {
		t.Errorf("want two faults, one a line: %v", err)
	}
}

func TestFaultsOfNames(t *testing.T) {
	tests := []struct{ name, file, text, want string }{
		{"an id of another list", "ids/clients.yaml", "CL-01: A state\nTX-02: Two\n", `ids/clients.yaml:2: "TX-02" is no id of this file`},
		{"an id twice", "ids/clients.yaml", "CL-01: A state\nCL-01: Two\n", `ids/clients.yaml:2: mapping key "CL-01" already defined`},
		{"a title with a full stop", "ids/bugs.yaml", "TX-01: Two workers.\n", "ids/bugs.yaml:1: TX-01: the title has no full stop"},
		{"an unknown key of a document", "sections.yaml", "RFC 6749: {titel: OAuth}\n", "sections.yaml:1: field titel not found"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			files := tree(small)
			files[tt.file] = &fstest.MapFile{Data: []byte(tt.text)}
			if _, err := load(files); err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error %v\nwant %s", err, tt.want)
			}
		})
	}
}

func TestParseCitation(t *testing.T) {
	for text, want := range map[string]Citation{
		"RFC 6749 §4.1.2":  {Kind: RFC, Document: "RFC 6749", Section: "4.1.2", URL: "https://www.rfc-editor.org/rfc/rfc6749#section-4.1.2"},
		"RFC 6749 §A.5":    {Kind: RFC, Document: "RFC 6749", Section: "A.5", URL: "https://www.rfc-editor.org/rfc/rfc6749#appendix-A.5"},
		"OAuth 2.1 §4.1.3": {Kind: Draft, Document: "OAuth 2.1", Section: "4.1.3", URL: "https://datatracker.ietf.org/doc/html/draft-ietf-oauth-v2-1-16#section-4.1.3"},
		"S001-11":          {Kind: Requirement, Document: "S001", ID: "S001-11"},
	} {
		if got, err := parseCitation(text); err != nil || got != want || got.String() != text {
			t.Errorf("%s is read as %+v, %v", text, got, err)
		}
	}
	for _, text := range []string{"", "RFC 6749", "RFC 6749 4.1", "RFC 6749 §", "RFC 6749 §4..1", "RFC 6749 §04", "RFC 0 §1", "OAuth 2.0 §1", "S5-01", "S001-1", "rfc 6749 §1"} {
		if got, err := parseCitation(text); err == nil {
			t.Errorf("%q is read as %+v", text, got)
		}
	}
}
