package connection

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"

	"github.com/mint-conformance/mint/client/internal/connection/store"
	"github.com/mint-conformance/mint/client/internal/platform"
)

// Apply makes the suggested change at the platform, once: double clicks share
// one call, a suggestion that was applied is not sent again, and a change whose
// outcome is unclear is looked up before it is repeated, under the same
// idempotency key. It goes on when the request that asked for it ends.
func (s *Service) Apply(ctx context.Context, workspace, id, suggestionID string) (ApplyOutcome, error) {
	row, err := s.owned(ctx, workspace, id)
	if err != nil {
		return ApplyOutcome{}, err
	}
	flight := s.flights.DoChan("apply/"+id+"/"+suggestionID, func() (any, error) {
		detached, done, err := s.work.detach(ctx, flightTimeout)
		if err != nil {
			return ApplyOutcome{}, err
		}
		defer done()
		return s.apply(detached, row, suggestionID)
	})
	select {
	case result := <-flight:
		outcome, _ := result.Val.(ApplyOutcome)
		return outcome, result.Err
	case <-ctx.Done():
		return ApplyOutcome{}, ctx.Err()
	}
}

func (s *Service) apply(ctx context.Context, row store.Connection, suggestionID string) (ApplyOutcome, error) {
	found, decision, err := s.find(ctx, row, suggestionID)
	if err != nil {
		return ApplyOutcome{}, err
	}
	switch decision.Status {
	case store.Applied:
		return ApplyOutcome{Suggestion: found, Applied: true, Already: true, Sentence: "This was applied before; nothing was sent again."}, nil
	case store.Dismissed:
		return ApplyOutcome{}, &Problem{Kind: ErrNotFound, Sentence: "You dismissed this suggestion."}
	}
	if reason := s.blocked(row); reason != "" {
		kind := ErrForbiddenScope
		if state := State(row.State); state != StateConnected && state != StateDegraded {
			kind = ErrNeedsReconnect
		}
		return ApplyOutcome{}, &Problem{Kind: kind, Sentence: reason}
	}
	if err := s.apiPaused(row, s.now()); err != nil {
		return ApplyOutcome{}, err
	}
	client, err := s.client(row.Platform)
	if err != nil {
		return ApplyOutcome{}, err
	}
	resumed := decision.Status == store.Applying
	key := decision.IdempotencyKey
	found.Status, found.DecidedAt = store.Applying, s.now()
	if !resumed {
		key = rand.Text()
		if err := s.decide(ctx, row, found, key); err != nil {
			return ApplyOutcome{}, err
		}
	}
	changed, err := s.change(ctx, client, row, found, key, resumed)
	if err != nil {
		return s.notApplied(ctx, row, found, err)
	}
	found.Status, found.DecidedAt = SuggestionApplied, s.now()
	if err := s.decide(ctx, row, found, key); err != nil {
		return ApplyOutcome{}, err
	}
	if err := s.showChange(ctx, row, changed); err != nil {
		return ApplyOutcome{}, err
	}
	return ApplyOutcome{Suggestion: found, Applied: true, Sentence: found.Title + ": done."}, nil
}

// change sends the change and returns the campaign as it then is. When the
// outcome is unclear it looks first and repeats at most once.
func (s *Service) change(ctx context.Context, client *platform.Client, row store.Connection, wanted Suggestion, key string, resumed bool) (platform.Campaign, error) {
	bearer := s.bearer(row.ID)
	if resumed {
		if campaign, err := client.Campaign(ctx, bearer, wanted.CampaignID); err != nil || wanted.Change.Holds(campaign) {
			return campaign, err
		}
	}
	for attempt := 0; ; attempt++ {
		changed, err := client.ChangeCampaign(ctx, bearer, wanted.CampaignID, wanted.Change, key)
		if err == nil && changed != nil && wanted.Change.Holds(*changed) {
			return *changed, nil
		}
		failure := platform.FailureOf(err)
		if err != nil && (failure == nil || failure.Class != platform.ClassAmbiguous) {
			return platform.Campaign{}, err
		}
		campaign, lookErr := client.Campaign(ctx, bearer, wanted.CampaignID)
		switch {
		case lookErr != nil && err == nil:
			return wanted.applied(campaign), nil // the success had no content, and cannot be seen now
		case lookErr != nil:
			return campaign, err // sent, unclear, and nothing to be seen
		case wanted.Change.Holds(campaign):
			return campaign, nil
		case err == nil:
			return campaign, &platform.Failure{Class: platform.ClassRefused, Call: "change"}
		case attempt > 0:
			return campaign, err
		}
	}
}

// applied is the campaign as the suggestion wanted it.
func (s Suggestion) applied(campaign platform.Campaign) platform.Campaign {
	campaign.ID, campaign.Name = s.CampaignID, s.CampaignName
	if s.Change.Status != nil {
		campaign.Status = *s.Change.Status
	}
	if s.Change.DailyBudgetCents != nil {
		campaign.DailyBudgetCents = *s.Change.DailyBudgetCents
	}
	return campaign
}

// notApplied keeps an unclear outcome as "applying" and reopens a clear one.
func (s *Service) notApplied(ctx context.Context, row store.Connection, found Suggestion, failed error) (ApplyOutcome, error) {
	failure := platform.FailureOf(failed)
	if failure != nil && failure.Class == platform.ClassAmbiguous {
		return ApplyOutcome{}, &Problem{Kind: ErrUnclear, Cause: failure, Sentence: fmt.Sprintf(
			"%s did not say whether the change was made. Apply again: MINT looks first and never makes it twice.", s.title(row.Platform))}
	}
	if err := s.db.DeleteDecision(ctx, row.ID, found.ID); err != nil {
		return ApplyOutcome{}, err
	}
	problem, err := s.apiProblem(ctx, row, failed)
	if err != nil {
		return ApplyOutcome{}, err
	}
	if errors.Is(problem, ErrForbiddenScope) {
		problem.Sentence = "The change was not made. " + readOnly(s.title(row.Platform))
		return ApplyOutcome{}, errors.Join(problem, s.shrinkScope(ctx, row))
	}
	problem.Sentence = "The change was not made. " + problem.Sentence
	return ApplyOutcome{}, problem
}

// shrinkScope notes that the platform does not (or no longer) let this
// connection change anything, so that Apply is not offered in vain.
func (s *Service) shrinkScope(ctx context.Context, seen store.Connection) error {
	return s.db.Write(ctx, func(tx store.Queries) error {
		row, found, err := tx.Connection(ctx, seen.ID)
		if err != nil || !found || row.Generation != seen.Generation || !slices.Contains(row.Scopes, platform.ScopeChange) {
			return err
		}
		row.Scopes = slices.DeleteFunc(row.Scopes, func(scope string) bool { return scope == platform.ScopeChange })
		if err := tx.AddAudit(ctx, s.audit(row, s.now(), "scope_changed", "the platform refused a change")); err != nil {
			return err
		}
		return tx.PutConnection(ctx, row)
	})
}
