package connection

import (
	"github.com/mint-conformance/mint/client/internal/connection/store"
	"github.com/mint-conformance/mint/client/internal/platform"
	"github.com/mint-conformance/mint/client/internal/vault"
)

// Columns of connections that hold tokens, and their names in the outbox
// (RFC 7009 section 2.1).
const (
	accessColumn  = "access_token"
	refreshColumn = "refresh_token"
)

// tokenBinding ties a token to its row and to the grant it came from: it does
// not open in another customer's row, nor after a reconnect.
func tokenBinding(row store.Connection, column string) vault.Binding {
	return vault.Binding{Table: "connections", Column: column, Record: row.ID, Workspace: row.Workspace, Generation: row.Generation}
}

func answerBinding(attempt store.Attempt) vault.Binding {
	return vault.Binding{Table: "attempts", Column: "answer", Record: attempt.Connection + "/" + attempt.ID, Generation: attempt.Generation}
}

func flowBinding(flow store.Flow, column string) vault.Binding {
	return vault.Binding{Table: "flows", Column: column, Record: flow.StateHash, Workspace: flow.Workspace}
}

func outboxBinding(revocation store.Revocation) vault.Binding {
	return vault.Binding{Table: "outbox", Column: revocation.Kind, Record: revocation.ID, Workspace: revocation.Workspace}
}

func applicationBinding(platformID string) vault.Binding {
	return vault.Binding{Table: "application_tokens", Column: "token", Record: platformID}
}

// openToken opens a token of a row; it is empty when there is none.
func (s *Service) openToken(row store.Connection, column string) (platform.Secret, error) {
	sealed := row.AccessToken
	if column == refreshColumn {
		sealed = row.RefreshToken
	}
	if sealed == nil {
		return "", nil
	}
	value, err := s.keyring.Open(tokenBinding(row, column), sealed)
	return platform.Secret(value), err
}

// sealTokens puts tokens into a row. An empty refresh token leaves the row's,
// since an answer without one means that the old one stays good (RFC 6749
// section 6).
func (s *Service) sealTokens(row *store.Connection, access, refresh platform.Secret) error {
	sealed, err := s.keyring.Seal(tokenBinding(*row, accessColumn), []byte(access.Reveal()))
	if err != nil {
		return err
	}
	row.AccessToken = sealed
	if refresh == "" {
		return nil
	}
	return s.sealRefreshToken(row, refresh)
}

func (s *Service) sealRefreshToken(row *store.Connection, refresh platform.Secret) error {
	sealed, err := s.keyring.Seal(tokenBinding(*row, refreshColumn), []byte(refresh.Reveal()))
	if err != nil {
		return err
	}
	row.RefreshToken = sealed
	row.RefreshFingerprint = s.keyring.Fingerprint("refresh_token", refresh.Reveal())
	return nil
}
