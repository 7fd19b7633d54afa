package profile

import (
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Dialect is how a known family of servers behaves, as settings that can be
// laid over any profile: lifetimes, rotation, grace, limits and the errors of
// a refused refresh. What its sources do not say is left to the profile.
type Dialect struct {
	Name     string
	Title    string // what people call these servers
	Summary  string
	Sources  []string // public addresses that say so, a remark behind those that are weak
	settings *yaml.Node
}

// behaviour are the sections that a dialect may set: never who somebody is or
// what a Platform is called.
var behaviour = []string{"authorize", "code", "consent", "token", "access_token", "refresh_token", "resource_server", "revocation_reach"}

// ParseDialect reads a dialect document with the keys title, summary, sources
// and settings. The error is Faults; whether the settings fit is judged by Speak.
func ParseDialect(name string, doc []byte) (*Dialect, error) {
	root, err := document(doc)
	if err != nil {
		return nil, Faults{{Message: err.Error()}}
	}
	out := &Dialect{Name: name}
	d := decoder{lines: map[string]int{}}
	d.entries(root, "", func(key string, keyNode, value *yaml.Node) {
		switch key {
		case "title":
			d.value(value, &out.Title, key)
		case "summary":
			d.value(value, &out.Summary, key)
		case "sources":
			d.value(value, &out.Sources, key)
		case "settings":
			out.settings = value
			d.entries(value, key, func(section string, n, _ *yaml.Node) {
				if !slices.Contains(behaviour, section) {
					d.fault(key+"."+section, n, "%s is no behaviour: a dialect may set %s", quoted(section), strings.Join(behaviour, ", "))
				}
			})
		default:
			d.unknown(key, key, keyNode, []string{"settings", "sources", "summary", "title"})
		}
	})
	d.required(out)
	if len(d.faults) > 0 {
		return nil, d.faults.sorted()
	}
	return out, nil
}

func (d *decoder) required(out *Dialect) {
	missing := func(key, mend string) { d.faults = append(d.faults, Fault{Path: key, Message: "is missing: " + mend}) }
	if strings.TrimSpace(out.Title) == "" {
		missing("title", "say what people call these servers")
	}
	if strings.TrimSpace(out.Summary) == "" {
		missing("summary", "say in one sentence what is special")
	}
	if len(out.Sources) == 0 {
		missing("sources", "give the public addresses that say so")
	}
	for i, source := range out.Sources {
		if !strings.HasPrefix(source, "https://") {
			at := fmt.Sprintf("sources[%d]", i)
			d.faults = append(d.faults, Fault{Path: at, Line: d.lines[at], Message: "must be a public address that begins with https://"})
		}
	}
	if out.settings == nil {
		missing("settings", "say how the servers behave, in the sections of a profile")
	}
}

// Speak lays a dialect over a copy of p. The error holds Faults, whose lines
// are those of the dialect.
func (p *Profile) Speak(d *Dialect, checks ...Check) (*Profile, error) {
	q, _, err := lay(d.settings, *p, true, checks)
	if err != nil {
		return nil, fmt.Errorf("the dialect %s does not fit the profile %s:\n%w", d.Name, p.Name, err)
	}
	q.Dialect = d.Name
	return q, nil
}

// Label is the profile's name, with its dialect after a plus sign.
func (p *Profile) Label() string {
	if p.Dialect == "" {
		return p.Name
	}
	return p.Name + "+" + p.Dialect
}
