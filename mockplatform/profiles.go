package mockplatform

import (
	"fmt"

	"github.com/mint-conformance/mint/mockplatform/internal/platform"
	"github.com/mint-conformance/mint/mockplatform/internal/profile"
)

func hostDocument(registry *platform.Registry, wanted Hosted) error {
	parsed, err := registry.Read(wanted.Document)
	if err != nil {
		return fmt.Errorf("platform %s: its profile has faults:\n%w", wanted.Name, err)
	}
	name := wanted.Name
	if name == "" {
		name = parsed.Name
	}
	if _, err := registry.Add(name, parsed); err != nil {
		return fmt.Errorf("platform %s: %w", name, err)
	}
	return nil
}

// Profile is what a profile document says about itself.
type Profile struct {
	Name, Title, Summary string
	// Leniencies names every switch that is weaker than the RFCs ask.
	Leniencies []string
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
	return Profile{parsed.Name, parsed.Title, parsed.Summary, parsed.Leniencies()}, nil
}

// ProfileSchema is the JSON Schema of profile documents.
func ProfileSchema() []byte { return profile.Schema() }
