package mockplatform

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/mint-conformance/mint/fixtures"
	"github.com/mint-conformance/mint/mockplatform/control"
	"github.com/mint-conformance/mint/mockplatform/internal/platform"
	"github.com/mint-conformance/mint/mockplatform/internal/profile"
)

// hostAll hosts what the configuration names. Hostile Platforms share one
// seed, so that one number repeats the whole run; it is answered, 0 without.
func hostAll(registry *platform.Registry, cfg Config) (seed int64, err error) {
	hostile := cfg.Hostile
	for _, wanted := range cfg.Platforms {
		made, err := host(registry, wanted, hostile)
		if err != nil {
			return 0, err
		}
		if hostile != nil {
			hostile = &control.Hostile{Seed: made.Hostile().Seed()}
		}
	}
	if hostile == nil {
		return 0, nil
	}
	return hostile.Seed, nil
}

// host makes the Platform that is wanted.
func host(registry *platform.Registry, wanted Hosted, hostile *control.Hostile) (*platform.Platform, error) {
	if wanted.Document != nil {
		return hostDocument(registry, wanted, hostile)
	}
	label := wanted.label()
	name := cmp.Or(wanted.Name, strings.ReplaceAll(label, "+", "-"))
	made, err := registry.Host(control.CreatePlatform{Profile: label, Name: name, Hostile: hostile})
	if err != nil {
		return nil, fmt.Errorf("platform %s: %w", name, err)
	}
	return made, nil
}

// label is PROFILE or PROFILE+DIALECT.
func (h Hosted) label() string {
	if h.Dialect == "" {
		return h.Profile
	}
	return h.Profile + "+" + h.Dialect
}

func hostDocument(registry *platform.Registry, wanted Hosted, hostile *control.Hostile) (*platform.Platform, error) {
	parsed, err := registry.Read(wanted.Document, wanted.Dialect)
	if err != nil {
		return nil, fmt.Errorf("platform %s: its profile has faults:\n%w", wanted.Name, err)
	}
	name := cmp.Or(wanted.Name, parsed.Name)
	made, err := registry.Add(name, parsed, hostile)
	if err != nil {
		return nil, fmt.Errorf("platform %s: %w", name, err)
	}
	return made, nil
}

// Profile is what a profile document says about itself.
type Profile struct {
	Name, Title, Summary string
	// Leniencies names every switch that is weaker than the RFCs ask.
	Leniencies []string
	// Waivers are the rules that it breaks as documented.
	Waivers []Waiver
}

// Waiver is a rule that a Platform breaks as its profile documents. Whether
// there is such a check is known to conformance alone.
type Waiver struct {
	Check  string // id, such as TK-12
	Reason string
	Risk   string // what can happen because of it; may be empty
	Until  string // the last day on which it counts (2006-01-02); empty for always
}

// CheckProfile reads a complete profile document. Its error lists every fault,
// one per line, with line number and key.
func CheckProfile(document []byte) (Profile, error) {
	check, err := platform.KnownAccounts()
	if err != nil {
		return Profile{}, err
	}
	parsed, err := profile.Parse(document, check)
	if err != nil {
		return Profile{}, err
	}
	about := Profile{Name: parsed.Name, Title: parsed.Title, Summary: parsed.Summary, Leniencies: parsed.Leniencies()}
	for _, w := range parsed.Waivers {
		about.Waivers = append(about.Waivers, Waiver(w))
	}
	return about, nil
}

// EffectiveProfile answers all values of a profile as a complete YAML document
// whose comments name the origin of each: default, profile, dialect or
// settings. Settings is a partial document, or empty; the name of the source
// does not matter.
func EffectiveProfile(source Hosted, settings []byte) ([]byte, error) {
	check, err := platform.KnownAccounts()
	if err != nil {
		return nil, err
	}
	name, dialect, speaks := strings.Cut(source.Profile, "+")
	if !speaks {
		dialect = source.Dialect
	}
	layers := profile.Layers{Document: source.Document, Settings: settings}
	if layers.Document == nil {
		if layers.Document, err = fixtures.Profile(name); err != nil {
			return nil, err
		}
	}
	if dialect != "" {
		if layers.Dialect, err = platform.Dialect(dialect); err != nil {
			return nil, err
		}
	}
	_, shown, err := profile.Effective(layers, check)
	return shown, err
}

// Dialect is what an embedded dialect says about itself.
type Dialect struct {
	Name, Title, Summary string
	Sources              []string // public addresses
}

// Dialects lists the embedded dialects by name. Each can be laid over any
// profile: "mailup+github" names both wherever a profile is named.
func Dialects() ([]Dialect, error) {
	all := []Dialect{}
	for _, name := range fixtures.Dialects() {
		d, err := platform.Dialect(name)
		if err != nil {
			return nil, err
		}
		all = append(all, Dialect{d.Name, d.Title, d.Summary, d.Sources})
	}
	return all, nil
}

// ProfileSchema is the JSON Schema of profile documents.
func ProfileSchema() []byte { return profile.Schema() }
