package platform

import (
	"io"
	"time"

	"github.com/mint-conformance/mint/mockplatform/control"
	"github.com/mint-conformance/mint/mockplatform/internal/ads"
	"github.com/mint-conformance/mint/mockplatform/internal/clock"
	"github.com/mint-conformance/mint/mockplatform/internal/fault"
	"github.com/mint-conformance/mint/mockplatform/internal/issuer"
	"github.com/mint-conformance/mint/mockplatform/internal/journal"
	"github.com/mint-conformance/mint/mockplatform/internal/profile"
)

// Config is what one Platform is made of.
type Config struct {
	Name    string           // path segment: lower case letters, digits, hyphens
	Profile *profile.Profile // frozen
	BaseURL string           // public base without the name and without a trailing slash
	// APIBaseURL is the base of the API when the profile's topology is split;
	// empty means BaseURL.
	APIBaseURL string
	Now        func() time.Time // machine time; required
	Rand       io.Reader        // nil: crypto/rand
}

// Platform is one hosted Platform. It is safe for concurrent use.
type Platform struct{}

// New puts a Platform together.
func New(cfg Config) (*Platform, error) { panic("not yet") }

// Name is the path segment.
func (p *Platform) Name() string { panic("not yet") }

// Profile is the effective profile; do not change it.
func (p *Platform) Profile() *profile.Profile { panic("not yet") }

// Issuer is the issuer identifier, BaseURL/Name.
func (p *Platform) Issuer() string { panic("not yet") }

// APIBase is where the API's paths begin.
func (p *Platform) APIBase() string { panic("not yet") }

// Endpoints are the absolute URLs.
func (p *Platform) Endpoints() control.Endpoints { panic("not yet") }

// Clock is the Platform's clock.
func (p *Platform) Clock() *clock.Clock { panic("not yet") }

// Journal is the Platform's record.
func (p *Platform) Journal() *journal.Journal { panic("not yet") }

// Faults are the armed deviations.
func (p *Platform) Faults() *fault.Plan { panic("not yet") }

// Auth is the authorization server.
func (p *Platform) Auth() *issuer.Issuer { panic("not yet") }

// Ads is the advertising business.
func (p *Platform) Ads() *ads.Book { panic("not yet") }

// Customer finds a customer by key.
func (p *Platform) Customer(key string) (profile.Customer, bool) { panic("not yet") }

// Login answers the customer with this username and password.
func (p *Platform) Login(username, password string) (profile.Customer, bool) { panic("not yet") }

// Describe is everything a test needs to know, secrets included.
func (p *Platform) Describe() control.Platform { panic("not yet") }
