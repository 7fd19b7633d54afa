package catalogue

import (
	"fmt"
	"regexp"
	"strings"
)

// Kinds of document that a check cites.
const (
	RFC         = "rfc"
	Draft       = "oauth21"
	Requirement = "requirement"
)

// draftName is the revision of the OAuth 2.1 draft whose numbering is cited;
// sections move between revisions.
const draftName = "draft-ietf-oauth-v2-1-16"

// Citation is one clause of one document, or a requirement of a spec document.
type Citation struct {
	Kind     string `json:"kind"`              // RFC, Draft or Requirement
	Document string `json:"document"`          // "RFC 6749", "OAuth 2.1", "S001"
	Section  string `json:"section,omitempty"` // "4.1.2", "A.5"; empty for a requirement
	Title    string `json:"title"`             // what the document calls the section
	ID       string `json:"id,omitempty"`      // "S001-11", for a requirement
	URL      string `json:"url,omitempty"`     // of the section; requirements have none
}

// String is how it is written in the catalogue: "RFC 6749 §4.1.2", "S001-11".
func (c Citation) String() string {
	if c.Kind == Requirement {
		return c.ID
	}
	return c.Document + " §" + c.Section
}

var (
	clause      = regexp.MustCompile(`^(RFC ([1-9]\d{2,4})|OAuth 2\.1) §((?:[1-9]\d*|[A-Z])(?:\.[1-9]\d*)*)$`)
	requirement = regexp.MustCompile(`^(S00\d)-\d\d$`)
)

// parseCitation reads one citation and makes its URL. Whether the clause
// exists is for the caller to find out; Title is left empty.
func parseCitation(text string) (Citation, error) {
	if m := requirement.FindStringSubmatch(text); m != nil {
		return Citation{Kind: Requirement, Document: m[1], ID: text}, nil
	}
	m := clause.FindStringSubmatch(text)
	if m == nil {
		return Citation{}, fmt.Errorf("%q is no citation; write RFC 6749 §4.1.2, OAuth 2.1 §4.1.3 or S001-11", text)
	}
	c := Citation{Kind: RFC, Document: m[1], Section: m[3]}
	page := "https://www.rfc-editor.org/rfc/rfc" + m[2]
	if m[2] == "" {
		c.Kind = Draft
		page = "https://datatracker.ietf.org/doc/html/" + draftName
	}
	c.URL = page + "#section-" + c.Section
	if strings.ContainsAny(c.Section[:1], "ABCDEFGHIJKLMNOPQRSTUVWXYZ") {
		c.URL = page + "#appendix-" + c.Section
	}
	return c, nil
}
