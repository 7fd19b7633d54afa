package connection

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/mint-conformance/mint/client/internal/connection/store"
	"github.com/mint-conformance/mint/client/internal/platform"
	"github.com/mint-conformance/mint/client/internal/suggestion"
)

// Suggestions returns the proposals about the stored figures (fetching them
// first when there are none), followed by those already decided, the latest
// first.
func (s *Service) Suggestions(ctx context.Context, workspace, id string) ([]Suggestion, error) {
	row, err := s.owned(ctx, workspace, id)
	if err != nil {
		return nil, err
	}
	snapshot, found, err := s.storedFigures(ctx, id)
	if err != nil {
		return nil, err
	}
	if !found {
		if snapshot, err = s.Campaigns(ctx, workspace, id); err != nil {
			return nil, err
		}
	}
	decisions, err := s.db.Decisions(ctx, id)
	if err != nil {
		return nil, err
	}
	blocked := s.blocked(row)
	decided := map[string]bool{}
	var closed []Suggestion
	for _, decision := range decisions {
		if decision.Status == store.Applying {
			continue // its outcome is unclear: still open
		}
		one, err := fromDecision(decision)
		if err != nil {
			return nil, err
		}
		decided[decision.Suggestion] = true
		closed = append(closed, one)
	}
	var open []Suggestion
	for _, proposal := range proposals(snapshot) {
		if !decided[proposal.ID] {
			open = append(open, Suggestion{Suggestion: proposal, Status: SuggestionOpen, Blocked: blocked})
		}
	}
	return append(open, closed...), nil
}

func proposals(snapshot Snapshot) []suggestion.Suggestion {
	account := make([]suggestion.Figures, len(snapshot.Campaigns))
	for i, figures := range snapshot.Campaigns {
		account[i] = suggestion.Figures(figures)
	}
	return suggestion.Compute(account)
}

// blocked says why nothing can be applied now; empty when it can.
func (s *Service) blocked(row store.Connection) string {
	switch State(row.State) {
	case StateConnected, StateDegraded:
	default:
		return s.problemOf(row, nil, s.now()).Sentence
	}
	client, configured := s.clients[row.Platform]
	if configured && client.Integration().AllowsChanges(row.Scopes) {
		return ""
	}
	return readOnly(s.title(row.Platform))
}

func readOnly(title string) string {
	return fmt.Sprintf("You allowed MINT to read at %s, but not to make changes.", title)
}

func fromDecision(decision store.Decision) (Suggestion, error) {
	one := Suggestion{Status: decision.Status, DecidedAt: decision.DecidedAt}
	if err := json.Unmarshal([]byte(decision.Content), &one.Suggestion); err != nil {
		return Suggestion{}, fmt.Errorf("database: a stored suggestion is not readable: %w", err)
	}
	return one, nil
}

// find returns a suggestion that is open or decided.
func (s *Service) find(ctx context.Context, row store.Connection, suggestionID string) (Suggestion, store.Decision, error) {
	decision, found, err := s.db.Decision(ctx, row.ID, suggestionID)
	if err != nil {
		return Suggestion{}, decision, err
	}
	if found {
		one, err := fromDecision(decision)
		return one, decision, err
	}
	snapshot, _, err := s.storedFigures(ctx, row.ID)
	if err != nil {
		return Suggestion{}, decision, err
	}
	for _, proposal := range proposals(snapshot) {
		if proposal.ID == suggestionID {
			return Suggestion{Suggestion: proposal, Status: SuggestionOpen}, decision, nil
		}
	}
	return Suggestion{}, decision, &Problem{Kind: ErrNotFound,
		Sentence: "This suggestion is no longer there: the campaign has changed meanwhile."}
}

// Dismiss puts a suggestion aside. One that was applied stays applied.
func (s *Service) Dismiss(ctx context.Context, workspace, id, suggestionID string) (Suggestion, error) {
	row, err := s.owned(ctx, workspace, id)
	if err != nil {
		return Suggestion{}, err
	}
	found, decision, err := s.find(ctx, row, suggestionID)
	if err != nil {
		return Suggestion{}, err
	}
	if decision.Status == store.Applied || decision.Status == store.Dismissed {
		return found, nil
	}
	found.Status, found.DecidedAt = SuggestionDismissed, s.now()
	return found, s.decide(ctx, row, found, "")
}

// decide stores a decision with its audit row.
func (s *Service) decide(ctx context.Context, row store.Connection, decided Suggestion, idempotencyKey string) error {
	content, err := json.Marshal(decided.Suggestion)
	if err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx store.Queries) error {
		present, found, err := tx.Connection(ctx, row.ID)
		if err != nil || !found || present.Generation != row.Generation && present.State == store.Disconnected {
			return err
		}
		err = tx.PutDecision(ctx, store.Decision{
			Connection: row.ID, Suggestion: decided.ID, Status: decided.Status, Content: string(content),
			IdempotencyKey: idempotencyKey, DecidedAt: decided.DecidedAt,
		})
		if err != nil {
			return err
		}
		return tx.AddAudit(ctx, s.audit(present, decided.DecidedAt, "suggestion_"+decided.Status, decided.Title))
	})
}

// showChange puts a change that was made into the stored figures, so that the
// next look shows it even when fetching fails.
func (s *Service) showChange(ctx context.Context, row store.Connection, changed platform.Campaign) error {
	snapshot, found, err := s.storedFigures(ctx, row.ID)
	if err != nil || !found {
		return err
	}
	for i := range snapshot.Campaigns {
		if snapshot.Campaigns[i].Campaign.ID == changed.ID {
			snapshot.Campaigns[i].Campaign = changed
		}
	}
	return s.keepFigures(ctx, row, snapshot)
}
