package connection

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/mint-conformance/mint/client/internal/connection/store"
	"github.com/mint-conformance/mint/client/internal/platform"
)

// errOtherAccount refuses a reconnect with another account.
var errOtherAccount = errors.New("another account")

// arrived takes the answer to a code or a password: its bytes are stored
// before anything is done with them, then the account is asked for, then both
// become a connection.
func (s *Service) arrived(ctx context.Context, client *platform.Client, flow store.Flow, body []byte) (Outcome, error) {
	sealed, err := s.keyring.Seal(flowBinding(flow, "answer"), body)
	if err != nil {
		return Outcome{}, err
	}
	flow.Phase, flow.Answer = store.FlowAnswered, sealed
	err = s.db.WriteDurably(ctx, func(tx store.Queries) error { return tx.PutFlow(ctx, flow) })
	if err != nil {
		return Outcome{}, err
	}
	if err := s.hook("flow answered"); err != nil {
		return Outcome{}, err
	}
	answer, err := platform.ParseTokenAnswer("exchange", body)
	if err != nil {
		return s.failedExchange(ctx, client, err)
	}
	account, err := client.Me(ctx, func(ctx context.Context, send func(context.Context, platform.Secret) error) error {
		return send(ctx, answer.AccessToken)
	})
	if err != nil {
		// Whose account it is can be asked later; the tokens are good.
		s.log.WarnContext(ctx, "account unknown after connecting", "platform", flow.Platform, "error", err)
		return s.adopt(ctx, flow, answer, nil)
	}
	return s.adopt(ctx, flow, answer, &account)
}

// adopt puts a new grant into the workspace's connection to the platform, or
// makes one. Tokens of another account than the connection's are not taken:
// they are revoked, and what there was stays as it was.
func (s *Service) adopt(ctx context.Context, flow store.Flow, answer platform.TokenAnswer, account *platform.Account) (Outcome, error) {
	title := s.title(flow.Platform)
	outcome := Outcome{Kind: Connected, PlatformID: flow.Platform, Title: title,
		Sentence: title + " is connected."}
	err := s.db.Write(ctx, func(tx store.Queries) error {
		now := s.now()
		row, err := s.rowFor(ctx, tx, flow, account, now)
		if errors.Is(err, errOtherAccount) {
			outcome.Kind, outcome.ConnectionID = Failed, row.ID
			outcome.Sentence = fmt.Sprintf("%s was not connected: you logged in to another account than before (%s). "+
				"Use the same one, or disconnect %s first.", title, known(row.AccountName, row.Account), title)
			flow.Phase, flow.Verifier, flow.Answer = store.FlowFailed, nil, nil // or the next start would take them, whose ever they are
			return errors.Join(tx.PutFlow(ctx, flow), s.revokeLater(ctx, tx, row, answer.RefreshToken, answer.AccessToken))
		}
		if err != nil {
			return err
		}
		if err := s.regrant(ctx, tx, &row, flow, answer, now); err != nil {
			return err
		}
		outcome.ConnectionID = row.ID
		flow.Phase, flow.Connection, flow.Verifier, flow.Answer = store.FlowDone, row.ID, nil, nil
		_, err = tx.DeleteRefusal(ctx, row.Platform)
		return errors.Join(err, tx.PutFlow(ctx, flow))
	})
	if err != nil {
		return Outcome{}, err
	}
	s.log.InfoContext(ctx, "connect finished", "platform", flow.Platform, "outcome", outcome.Kind, "connection", outcome.ConnectionID)
	return outcome, nil
}

func known(names ...string) string {
	for _, name := range names {
		if name != "" {
			return name
		}
	}
	return "unknown"
}

// rowFor finds the row that a new grant belongs into: the live connection, or
// an ended one of the same account, or a new one.
func (s *Service) rowFor(ctx context.Context, tx store.Queries, flow store.Flow, account *platform.Account, now time.Time) (store.Connection, error) {
	rows, err := tx.Connections(ctx, flow.Workspace)
	if err != nil {
		return store.Connection{}, err
	}
	accountID := accountOf(account)
	row, found := currentRow(rows, flow.Platform)
	switch {
	case found && row.State != store.Disconnected:
		if row.Account != "" && accountID != "" && row.Account != accountID {
			return row, errOtherAccount
		}
	case found && row.Account != "" && row.Account == accountID:
	default:
		row = store.Connection{
			ID: "c" + strings.ToLower(rand.Text()), Workspace: flow.Workspace, Platform: flow.Platform, Since: now,
		}
	}
	row.AccountConfirmed = accountID != ""
	if row.AccountConfirmed {
		row.Account, row.AccountName = accountID, known(account.Name, account.Username)
	}
	return row, nil
}

// accountOf is what identifies an account at its platform.
func accountOf(account *platform.Account) string {
	if account == nil {
		return ""
	}
	if account.Account != "" {
		return account.Account
	}
	return account.Username
}

// regrant starts a new generation of a row: earlier attempts, leases, pauses
// and tokens are void. The old grant is not revoked, since a platform may take
// the new one for the same (RFC 7009 section 2.1).
func (s *Service) regrant(ctx context.Context, tx store.Queries, row *store.Connection, flow store.Flow, answer platform.TokenAnswer, now time.Time) error {
	row.Generation++
	row.Version++
	row.Scopes = flow.Scopes
	if answer.ScopeStated {
		row.Scopes = answer.Scopes
	}
	row.AccessToken, row.RefreshToken, row.RefreshFingerprint = nil, nil, ""
	if err := s.sealTokens(row, answer.AccessToken, answer.RefreshToken); err != nil {
		return err
	}
	row.AccessLifetime, row.AccessExpiresAt = answer.Lifetime, flow.SentAt.Add(answer.Lifetime)
	row.ConnectedAt, row.RefreshedAt = now, time.Time{}
	row.TokenFailures, row.APIFailures = 0, 0
	row.TokenRetryAt, row.TokenHoldUntil, row.APIRetryAt, row.APIHoldUntil = time.Time{}, time.Time{}, time.Time{}, time.Time{}
	row.LeaseOwner, row.LeaseUntil = "", time.Time{}
	row.State, row.Reason, row.Since = string(StateConnected), "", now
	return errors.Join(
		tx.PutConnection(ctx, *row),
		tx.DeleteAttempt(ctx, row.ID),
		tx.AddAudit(ctx, s.audit(*row, now, "granted", strings.Join(row.Scopes, " "))),
	)
}
