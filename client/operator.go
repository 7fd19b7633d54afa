package client

import (
	"context"
	"errors"

	"github.com/mint-conformance/mint/client/internal/connection"
	"github.com/mint-conformance/mint/client/internal/connection/store"
	"github.com/mint-conformance/mint/client/internal/vault"
)

// Connection is what may be known of one connection; it holds no secret.
type Connection = connection.Connection

// DisconnectOutcome says what became of a disconnection.
type DisconnectOutcome = connection.DisconnectOutcome

// ResealReport counts what a resealing did.
type ResealReport = connection.ResealReport

// ErrNotFound answers for a connection that does not exist.
var ErrNotFound = connection.ErrNotFound

// Operator works on MINT's connections without serving pages, beside a
// running MINT or alone: whoever can read database and key ring.
type Operator struct {
	service *connection.Service
	data    *store.Database
}

// NewOperator opens the database and key ring of config, both of which must
// exist. Listen, Listener and PublicURL are not used.
func NewOperator(config Config) (*Operator, error) {
	config = config.withDefaults()
	service, data, err := openDomain(config, "http://"+DefaultListen, mustExist)
	if err != nil {
		return nil, err
	}
	return &Operator{service: service, data: data}, nil
}

// List returns the connections of all workspaces.
func (o *Operator) List(ctx context.Context) ([]Connection, error) { return o.service.List(ctx) }

// Show returns one connection.
func (o *Operator) Show(ctx context.Context, id string) (Connection, error) {
	return o.service.Show(ctx, id)
}

// Refresh renews a connection's access token now and returns the connection
// as it then is.
func (o *Operator) Refresh(ctx context.Context, id string) (Connection, error) {
	found, err := o.service.Show(ctx, id)
	if err != nil {
		return Connection{}, err
	}
	return o.service.Refresh(ctx, found.Workspace, id)
}

// Disconnect ends a connection and revokes its tokens at the platform.
func (o *Operator) Disconnect(ctx context.Context, id string) (DisconnectOutcome, error) {
	found, err := o.service.Show(ctx, id)
	if err != nil {
		return DisconnectOutcome{}, err
	}
	outcome, err := o.service.Disconnect(ctx, found.Workspace, id)
	if err != nil {
		return outcome, err
	}
	_, err = o.service.RunOutbox(ctx)
	return outcome, err
}

// Reseal seals every stored secret with the active key of the key ring.
func (o *Operator) Reseal(ctx context.Context) (ResealReport, error) { return o.service.Reseal(ctx) }

// Close waits for what is in flight, at most until ctx ends, and closes the
// database.
func (o *Operator) Close(ctx context.Context) error {
	return errors.Join(o.service.Close(ctx), o.data.Close())
}

// AddKey adds a fresh key to the ring at path and makes it the one that
// seals; older keys stay, so that what they sealed still opens.
func AddKey(path string) (keyID string, err error) { return vault.AddKey(path) }

// Sentence is what to tell a person about err: the sentence that the domain
// chose, or the error's own text.
func Sentence(err error) string {
	var problem *connection.Problem
	if errors.As(err, &problem) {
		return problem.Sentence
	}
	return err.Error()
}
