package platform

import (
	"errors"
	"io"
	"time"

	"github.com/mint-conformance/mint/mockplatform/control"
	"github.com/mint-conformance/mint/mockplatform/internal/profile"
)

// DefaultLimit is how many Platforms a process hosts at most.
const DefaultLimit = 4096

// What Create may answer, beside profile.Faults for bad settings.
var (
	ErrUnknownProfile = errors.New("no such profile")
	ErrNameTaken      = errors.New("a Platform of this name exists already")
	ErrBadName        = errors.New("a Platform's name is 1 to 63 lower case letters, digits and inner hyphens")
	ErrTooMany        = errors.New("no more Platforms can be hosted: delete one first")
)

// RegistryConfig is what all Platforms of a process have in common.
type RegistryConfig struct {
	BaseURL    string           // public base, no trailing slash
	APIBaseURL string           // for topology split; empty means BaseURL
	Now        func() time.Time // machine time; required
	Rand       io.Reader        // nil: crypto/rand
	Limit      int              // 0: DefaultLimit
}

// Registry hosts Platforms by name. It is safe for concurrent use.
type Registry struct{}

// NewRegistry reads the embedded profiles, each once.
func NewRegistry(cfg RegistryConfig) (*Registry, error) { panic("not yet") }

// Profiles lists the embedded profiles' names, sorted.
func (r *Registry) Profiles() []string { panic("not yet") }

// Create makes a Platform from an embedded profile and settings.
func (r *Registry) Create(c control.CreatePlatform) (*Platform, error) { panic("not yet") }

// Add makes a Platform from a profile of one's own; an empty name takes one.
func (r *Registry) Add(name string, p *profile.Profile) (*Platform, error) { panic("not yet") }

// Get finds a Platform.
func (r *Registry) Get(name string) (*Platform, bool) { panic("not yet") }

// List answers all Platforms ordered by name.
func (r *Registry) List() []*Platform { panic("not yet") }

// Delete removes a Platform and reports whether it was there.
func (r *Registry) Delete(name string) bool { panic("not yet") }
