package connection

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"

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
type Service struct {
	db       *store.Database
	keyring  *vault.Keyring
	now      func() time.Time
	machine  func() time.Time // for leases: how long a process may take is machine time
	log      *slog.Logger
	margin   time.Duration
	order    []string // integration ids as configured
	clients  map[string]*platform.Client
	redirect string

	flights  singleflight.Group
	work     workers
	ownHolds holds
	idle     func() // closes idle network connections

	heldMutex sync.Mutex
	held      map[string]store.Attempt // answers that could not be stored yet, by connection

	// hook is called between the steps of a refresh; tests make it fail there.
	hook func(point string) error
}

// defaultMargin is S004-29: a token counts as used up 10 s before its end.
const defaultMargin = 10 * time.Second

// NewService checks deps and builds a Service. It sends nothing; see Run. A key
// ring other than the database's is refused.
func NewService(deps Deps) (*Service, error) {
	if deps.Database == nil || deps.Keyring == nil || deps.RedirectURI == "" {
		return nil, errors.New("connection: Database, Keyring and RedirectURI are required")
	}
	if err := platform.ValidateIntegrations(deps.Integrations); err != nil {
		return nil, err
	}
	service := &Service{
		db: deps.Database, keyring: deps.Keyring, now: deps.Now, log: deps.Logger, margin: deps.RefreshMargin,
		machine:  time.Now, //nolint:forbidigo // leases are held in machine time, whatever clock MINT follows
		clients:  map[string]*platform.Client{},
		held:     map[string]store.Attempt{},
		redirect: deps.RedirectURI,
		idle:     func() {},
		hook:     func(string) error { return nil },
	}
	if service.now == nil {
		service.now = time.Now //nolint:forbidigo // the default clock is made here
	}
	if service.log == nil {
		service.log = slog.New(slog.DiscardHandler)
	}
	if service.margin <= 0 {
		service.margin = defaultMargin
	}
	transport := deps.Transport
	if transport == nil {
		own := platform.NewTransport()
		transport, service.idle = own, own.CloseIdleConnections
	}
	for _, integration := range deps.Integrations {
		service.order = append(service.order, integration.ID)
		service.clients[integration.ID] = platform.NewClient(integration, deps.RedirectURI, transport, service.now)
	}
	return service, service.proveKeyring()
}

// proofBinding is the place of the value that tells key rings apart.
var proofBinding = vault.Binding{Table: "seal", Column: "proof", Record: "1"}

// proveKeyring notices a key ring that is not the database's before anything
// is sealed or found unreadable.
func (s *Service) proveKeyring() error {
	ctx, cancel := context.WithTimeout(context.Background(), storeTimeout)
	defer cancel()
	return s.db.Write(ctx, func(tx store.Queries) error {
		proof, found, err := tx.SealProof(ctx)
		if err != nil {
			return err
		}
		if found {
			if _, err := s.keyring.Open(proofBinding, proof); err != nil {
				return fmt.Errorf("the key ring does not fit database %s: %w; name the ring that it was made with, or start with another database", s.db.Path(), err)
			}
			return nil
		}
		proof, err = s.keyring.Seal(proofBinding, []byte("MINT"))
		if err != nil {
			return err
		}
		return tx.PutSealProof(ctx, proof)
	})
}

// client finds the client of an integration.
func (s *Service) client(platformID string) (*platform.Client, error) {
	client, known := s.clients[platformID]
	if !known {
		return nil, &Problem{Kind: ErrNotFound, Sentence: "MINT knows no such platform."}
	}
	return client, nil
}

// title is the platform's name for people, also when it is no longer
// configured.
func (s *Service) title(platformID string) string {
	if client, known := s.clients[platformID]; known {
		return client.Integration().Title
	}
	return platformID
}

// owned reads a connection of the workspace.
func (s *Service) owned(ctx context.Context, workspace, id string) (store.Connection, error) {
	row, found, err := s.db.Connection(ctx, id)
	if err != nil {
		return store.Connection{}, err
	}
	if !found || row.Workspace != workspace || workspace == "" {
		return store.Connection{}, notFound()
	}
	return row, nil
}

func notFound() error {
	return &Problem{Kind: ErrNotFound, Sentence: "There is no such connection here."}
}

// Close waits until refreshes in flight are stored, at most until ctx ends.
// Later work is refused.
func (s *Service) Close(ctx context.Context) error {
	defer s.idle()
	return s.work.close(ctx)
}
