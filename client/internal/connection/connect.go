package connection

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"slices"
	"time"

	"github.com/mint-conformance/mint/client/internal/connection/store"
	"github.com/mint-conformance/mint/client/internal/platform"
)

const (
	// flowTime is how long a customer may take at the platform.
	flowTime = 10 * time.Minute
	// flowMemory is how long a used flow is remembered, to say so.
	flowMemory = 24 * time.Hour
	// doubleWait is how long a second delivery of the same callback waits for
	// the first to end, in machine time.
	doubleWait = 5 * time.Second
)

// StartConnect begins the authorization code flow (RFC 6749 section 4.1) and
// returns the address to send the browser to. Without scopes it asks for all
// that the integration lists; any others are refused.
func (s *Service) StartConnect(ctx context.Context, workspace, session, platformID string, scopes []string) (string, error) {
	client, err := s.client(platformID)
	if err != nil {
		return "", err
	}
	integration := client.Integration()
	if !integration.Has(platform.GrantAuthorizationCode) || workspace == "" || session == "" {
		return "", &Problem{Kind: ErrNotFound, Sentence: integration.Title + " is not connected by redirect."}
	}
	if len(scopes) == 0 {
		scopes = integration.Scopes
	}
	for _, scope := range scopes {
		if !slices.Contains(integration.Scopes, scope) {
			return "", &Problem{Kind: ErrNotFound, Sentence: fmt.Sprintf("MINT has no use for the scope %q.", scope)}
		}
	}
	state, verifier := secretText(), secretText()
	address, err := client.AuthorizationURL(platform.AuthorizationRequest{State: state, Verifier: verifier, Scopes: scopes})
	if err != nil {
		return "", err
	}
	now := s.now()
	flow := store.Flow{
		StateHash: s.keyring.Fingerprint("state", state.Reveal()), SessionHash: s.keyring.Fingerprint("session", session),
		Workspace: workspace, Platform: platformID, Scopes: scopes, Phase: store.FlowOpen, ExpiresAt: now.Add(flowTime),
	}
	if flow.Verifier, err = s.keyring.Seal(flowBinding(flow, "verifier"), []byte(verifier.Reveal())); err != nil {
		return "", err
	}
	return address, s.db.Write(ctx, func(tx store.Queries) error {
		if err := tx.DeleteFlows(ctx, now.Add(-flowMemory)); err != nil {
			return err
		}
		return tx.PutFlow(ctx, flow)
	})
}

// secretText is 256 random bits in 43 unreserved characters, good for state
// (RFC 6749 section 10.10) and for a code verifier (RFC 7636 section 4.1).
func secretText() platform.Secret {
	random := make([]byte, 32)
	_, _ = rand.Read(random) // never fails
	return platform.Secret(base64.RawURLEncoding.EncodeToString(random))
}

// FinishConnect takes the authorization response once. Problems of the flow
// are an Outcome; an error is MINT's own. The code is presented at most once,
// and goes on being exchanged when the request that brought it ends.
func (s *Service) FinishConnect(ctx context.Context, workspace, session string, callback Callback) (Outcome, error) {
	detached, done, err := s.work.detach(ctx, connectTimeout)
	if err != nil {
		return Outcome{}, err
	}
	defer done()
	// An empty state must not find anything, nor may one that comes twice.
	if callback.State == "" || workspace == "" || session == "" || slices.Contains(callback.Repeated, "state") {
		return unknownFlow(), nil
	}
	hash := s.keyring.Fingerprint("state", callback.State)
	sessionHash := s.keyring.Fingerprint("session", session)
	consumed, err := s.db.ConsumeFlow(detached, hash, workspace, sessionHash, s.now())
	if err != nil {
		return Outcome{}, err
	}
	flow, found, err := s.db.Flow(detached, hash)
	switch {
	case err != nil:
		return Outcome{}, err
	case !found:
		return unknownFlow(), nil
	case !consumed:
		return s.refusedFlow(detached, flow, workspace, sessionHash)
	}
	outcome, err := s.exchange(detached, flow, callback)
	if err != nil || outcome.Kind != Connected {
		flow.Phase, flow.Verifier, flow.Answer = store.FlowFailed, nil, nil
		if failed := s.db.PutFlow(detached, flow); failed != nil && err == nil {
			err = failed
		}
	}
	return outcome, err
}

func unknownFlow() Outcome {
	return Outcome{Kind: Failed, Sentence: "This link belongs to no connection that was started here. Please start again."}
}

// refusedFlow explains why a known flow could not be consumed. Nothing about
// it is told to anybody but its owner.
func (s *Service) refusedFlow(ctx context.Context, flow store.Flow, workspace, sessionHash string) (Outcome, error) {
	if flow.Workspace != workspace || flow.SessionHash != sessionHash {
		return Outcome{Kind: Failed, Sentence: "This link was made for another browser session. Please start again here."}, nil
	}
	outcome := Outcome{PlatformID: flow.Platform, Title: s.title(flow.Platform)}
	if flow.Phase == store.FlowOpen {
		outcome.Kind = Failed
		outcome.Sentence = fmt.Sprintf("%s was not connected: it took too long. Please try again.", outcome.Title)
		return outcome, nil
	}
	deadline := s.machine().Add(doubleWait)
	for flow.Phase == store.FlowConsumed || flow.Phase == store.FlowAnswered {
		if s.machine().After(deadline) || !pause(ctx, jitter(40*time.Millisecond)) {
			break
		}
		var err error
		if flow, _, err = s.db.Flow(ctx, flow.StateHash); err != nil {
			return Outcome{}, err
		}
	}
	outcome.Kind = AlreadyUsed
	outcome.Sentence = fmt.Sprintf("This link was already used. To connect %s, please start again.", outcome.Title)
	rows, err := s.db.Connections(ctx, workspace)
	if err != nil {
		return Outcome{}, err
	}
	if row, found := currentRow(rows, flow.Platform); found && row.State != store.Disconnected {
		outcome.ConnectionID = row.ID
		outcome.Sentence = fmt.Sprintf("This link was already used. %s is connected.", outcome.Title)
	}
	return outcome, nil
}

// exchange judges the response of a consumed flow, exchanges the code and
// stores what comes.
func (s *Service) exchange(ctx context.Context, flow store.Flow, callback Callback) (Outcome, error) {
	client, err := s.client(flow.Platform)
	if err != nil {
		return unknownFlow(), nil // no longer configured
	}
	if outcome, refused := judge(client.Integration(), callback); refused {
		s.log.WarnContext(ctx, "authorization response refused", "platform", flow.Platform, "outcome", outcome.Kind)
		return outcome, nil
	}
	verifier, err := s.keyring.Open(flowBinding(flow, "verifier"), flow.Verifier)
	if err != nil {
		return Outcome{}, err
	}
	flow.Verifier, flow.SentAt = nil, s.now()
	body, err := client.Exchange(ctx, platform.Secret(callback.Code), platform.Secret(verifier))
	if err != nil {
		return s.failedExchange(ctx, client, err)
	}
	return s.arrived(ctx, client, flow, body)
}

// failedExchange is the end of a flow whose code was not taken. A code is not
// presented again, whatever happened (RFC 6749 section 4.1.2).
func (s *Service) failedExchange(ctx context.Context, client *platform.Client, err error) (Outcome, error) {
	integration := client.Integration()
	outcome := Outcome{
		Kind: Failed, PlatformID: integration.ID, Title: integration.Title,
		Sentence: fmt.Sprintf("%s was not connected. Please try again.", integration.Title),
	}
	failure := platform.FailureOf(err)
	if failure == nil {
		return Outcome{}, err
	}
	s.log.WarnContext(ctx, "connecting failed", "platform", integration.ID, "class", failure.Class,
		"status", failure.Status, "code", failure.Code)
	if failure.Class == platform.ClassConfiguration {
		outcome.Sentence = fmt.Sprintf("%s was not connected: it does not accept MINT itself. MINT's operator has to mend this.", integration.Title)
		return outcome, s.db.Write(ctx, func(tx store.Queries) error {
			return s.noteRefusal(ctx, tx, integration.ID, failure, s.now())
		})
	}
	return outcome, nil
}
