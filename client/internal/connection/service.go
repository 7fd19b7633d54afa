package connection

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"time"

	"github.com/mint-conformance/mint/client/internal/connection/store"
	"github.com/mint-conformance/mint/client/internal/platform"
	"github.com/mint-conformance/mint/client/internal/vault"
)

// Deps is everything a Service needs. Integrations, Database, Keyring and
// RedirectURI are required.
type Deps struct {
	Integrations []platform.Integration
	Database     *store.Database
	Keyring      *vault.Keyring
	// RedirectURI is MINT's redirection endpoint, as registered at every
	// platform.
	RedirectURI string
	// Now is the clock that lifetimes are measured by; default time.Now.
	Now    func() time.Time
	Logger *slog.Logger // default: discards
	// RefreshMargin is how long before its end an access token is renewed,
	// never more than a quarter of its lifetime; default 10 s.
	RefreshMargin time.Duration
	// Transport carries every call to a platform; default: TLS verified, with
	// timeouts, no proxy surprises. Redirects are never followed.
	Transport http.RoundTripper
}

// Service is MINT's domain; see the package comment. It is safe for
// concurrent use, also by several processes on one database file.
type Service struct{}

var errUnwritten = errors.New("not written yet")

// NewService checks deps and builds a Service. It sends nothing; see Run.
func NewService(deps Deps) (*Service, error) { return &Service{}, nil }

// Run recovers what an earlier process left behind, then works on the
// revocation outbox until ctx ends.
func (s *Service) Run(ctx context.Context) error { <-ctx.Done(); return nil }

// Close waits until refreshes in flight are stored, at most until ctx ends.
func (s *Service) Close(ctx context.Context) error { return nil }

// Overview returns one entry per integration, in the order of configuration.
func (s *Service) Overview(ctx context.Context, workspace string) ([]PlatformState, error) {
	return nil, errUnwritten
}

// StartConnect begins the authorization code flow (RFC 6749 section 4.1) and
// returns the address to send the browser to. Without scopes it asks for all
// that the integration lists.
func (s *Service) StartConnect(ctx context.Context, workspace, session, platformID string, scopes []string) (string, error) {
	return "", errUnwritten
}

// FinishConnect takes the authorization response once. Problems of the flow
// are an Outcome; an error is MINT's own.
func (s *Service) FinishConnect(ctx context.Context, workspace, session string, callback Callback) (Outcome, error) {
	return Outcome{}, errUnwritten
}

// ConnectWithPassword uses an API account's credentials once (RFC 6749 section
// 4.3). They are neither stored nor logged.
func (s *Service) ConnectWithPassword(ctx context.Context, workspace, platformID, username string, password platform.Secret) (Outcome, error) {
	return Outcome{}, errUnwritten
}

// Connection returns one connection of the workspace.
func (s *Service) Connection(ctx context.Context, workspace, id string) (Connection, error) {
	return Connection{}, errUnwritten
}

// Campaigns fetches the figures. When that fails and older figures are stored
// it returns those, with Stale and Problem set and a nil error; without any it
// returns the *Problem.
func (s *Service) Campaigns(ctx context.Context, workspace, id string) (Snapshot, error) {
	return Snapshot{}, errUnwritten
}

// Suggestions returns the proposals about the stored figures (fetching them
// first when there are none), followed by those already decided.
func (s *Service) Suggestions(ctx context.Context, workspace, id string) ([]Suggestion, error) {
	return nil, errUnwritten
}

// Apply makes the suggested change at the platform, once.
func (s *Service) Apply(ctx context.Context, workspace, id, suggestionID string) (ApplyOutcome, error) {
	return ApplyOutcome{}, errUnwritten
}

// Dismiss puts a suggestion aside.
func (s *Service) Dismiss(ctx context.Context, workspace, id, suggestionID string) (Suggestion, error) {
	return Suggestion{}, errUnwritten
}

// Refresh renews the access token now, whatever its age. It skips MINT's own
// pauses between attempts but not a wait that the platform asked for.
func (s *Service) Refresh(ctx context.Context, workspace, id string) (Connection, error) {
	return Connection{}, errUnwritten
}

// Disconnect ends the connection in MINT first, then revokes the refresh token
// and the access token at the platform (RFC 7009), later if need be.
func (s *Service) Disconnect(ctx context.Context, workspace, id string) (DisconnectOutcome, error) {
	return DisconnectOutcome{}, errUnwritten
}

// Application reads MINT's own registration at a platform (RFC 6749 section
// 4.4).
func (s *Service) Application(ctx context.Context, platformID string) (Application, error) {
	return Application{}, errUnwritten
}

// UpdateApplication changes it and returns it as it then is.
func (s *Service) UpdateApplication(ctx context.Context, platformID string, change ApplicationChange) (Application, error) {
	return Application{}, errUnwritten
}

// List returns the connections of all workspaces, for the operator.
func (s *Service) List(ctx context.Context) ([]Connection, error) { return nil, errUnwritten }

// Show returns one connection of any workspace, for the operator; its
// Workspace is what Refresh and Disconnect ask for.
func (s *Service) Show(ctx context.Context, id string) (Connection, error) {
	return Connection{}, errUnwritten
}

// RunOutbox sends the revocations that are due and returns how many are left.
func (s *Service) RunOutbox(ctx context.Context) (left int, err error) { return 0, errUnwritten }

// ResealReport counts what Reseal did.
type ResealReport struct {
	Resealed   int // sealed again with the active key
	Current    int // already sealed with it
	Unreadable int // left as they are: no key opens them
}

// Reseal seals every stored secret with the active key of the ring.
func (s *Service) Reseal(ctx context.Context) (ResealReport, error) {
	return ResealReport{}, errUnwritten
}
