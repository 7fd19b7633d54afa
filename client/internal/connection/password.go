package connection

import (
	"context"
	"fmt"

	"github.com/mint-conformance/mint/client/internal/connection/store"
	"github.com/mint-conformance/mint/client/internal/platform"
)

// ConnectWithPassword uses an API account's credentials once (RFC 6749 section
// 4.3). They are neither stored nor logged: when the grant ends, they are asked
// for again.
func (s *Service) ConnectWithPassword(ctx context.Context, workspace, platformID, username string, password platform.Secret) (Outcome, error) {
	client, err := s.client(platformID)
	if err != nil {
		return Outcome{}, err
	}
	integration := client.Integration()
	if !integration.Has(platform.GrantPassword) || workspace == "" {
		return Outcome{}, &Problem{Kind: ErrNotFound, Sentence: integration.Title + " is not connected by password."}
	}
	if username == "" || password == "" {
		return Outcome{Kind: Failed, PlatformID: platformID, Title: integration.Title,
			Sentence: "Please enter the API login and the API password."}, nil
	}
	detached, done, err := s.work.detach(ctx, connectTimeout)
	if err != nil {
		return Outcome{}, err
	}
	defer done()
	now := s.now()
	flow := store.Flow{
		StateHash: s.keyring.Fingerprint("state", secretText().Reveal()), Workspace: workspace, Platform: platformID,
		Scopes: integration.Scopes, Phase: store.FlowConsumed, ExpiresAt: now.Add(flowTime), SentAt: now,
	}
	body, err := client.Password(detached, username, password)
	if failure := platform.FailureOf(err); failure != nil && failure.Class == platform.ClassGrant {
		return refusedPassword(integration, failure), nil
	}
	if err != nil {
		return s.failedExchange(detached, client, err)
	}
	outcome, err := s.arrived(detached, client, flow, body)
	if err != nil || outcome.Kind != Connected {
		flow.Phase = store.FlowFailed
		if failed := s.db.PutFlow(detached, flow); failed != nil && err == nil {
			err = failed
		}
	}
	return outcome, err
}

// refusedPassword repeats the platform's own words, because they alone tell a
// wrong password from a missing permission (S000-24). They came from the
// platform itself, not through a browser.
func refusedPassword(integration platform.Integration, failure *platform.Failure) Outcome {
	outcome := Outcome{Kind: Failed, PlatformID: integration.ID, Title: integration.Title,
		Sentence: fmt.Sprintf("%s was not connected: it did not accept the API login and password.", integration.Title)}
	if failure.Description != "" {
		outcome.Sentence = fmt.Sprintf("%s was not connected. It says: %s", integration.Title, failure.Description)
	}
	return outcome
}
