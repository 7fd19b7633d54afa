package connection

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/mint-conformance/mint/client/internal/connection/store"
	"github.com/mint-conformance/mint/client/internal/platform"
	"github.com/mint-conformance/mint/client/internal/vault"
)

// Application reads MINT's own registration at a platform (RFC 6749 section
// 4.4).
func (s *Service) Application(ctx context.Context, platformID string) (Application, error) {
	client, err := s.applicationClient(platformID)
	if err != nil {
		return Application{}, err
	}
	application, err := client.Application(ctx, s.ownBearer(client))
	return application, s.ownProblem(ctx, client, err)
}

// UpdateApplication changes it and returns it as it then is.
func (s *Service) UpdateApplication(ctx context.Context, platformID string, change ApplicationChange) (Application, error) {
	client, err := s.applicationClient(platformID)
	if err != nil {
		return Application{}, err
	}
	if err := client.ChangeApplication(ctx, s.ownBearer(client), change); err != nil {
		return Application{}, s.ownProblem(ctx, client, err)
	}
	return s.Application(ctx, platformID)
}

func (s *Service) applicationClient(platformID string) (*platform.Client, error) {
	client, err := s.client(platformID)
	if err != nil {
		return nil, err
	}
	if !client.Integration().Has(platform.GrantClientCredentials) {
		return nil, &Problem{Kind: ErrNotFound, Sentence: "MINT has no account of its own at " + client.Integration().Title + "."}
	}
	return client, nil
}

// ownBearer uses MINT's own token; a rejected one is replaced once, by the
// same grant.
func (s *Service) ownBearer(client *platform.Client) platform.Bearer {
	return func(ctx context.Context, send func(context.Context, platform.Secret) error) error {
		token, err := s.ownToken(ctx, client, "")
		if err != nil {
			return err
		}
		err = send(ctx, token)
		if !rejected(err) {
			return err
		}
		if token, err = s.ownToken(ctx, client, token); err != nil {
			return err
		}
		return send(ctx, token)
	}
}

// ownToken returns the stored token while it lives, or asks for another: one
// per life, however many callers. A refresh token in the answer is ignored,
// since the grant itself can be repeated (RFC 6749 section 4.4.3).
func (s *Service) ownToken(ctx context.Context, client *platform.Client, rejected platform.Secret) (platform.Secret, error) {
	platformID := client.Integration().ID
	// Who was rejected does not share a flight with those who were not.
	key := fmt.Sprintf("own/%s/%t", platformID, rejected != "")
	flight := s.flights.DoChan(key, func() (any, error) {
		detached, done, err := s.work.detach(ctx, connectTimeout)
		if err != nil {
			return platform.Secret(""), err
		}
		defer done()
		token, err := s.storedOwnToken(detached, platformID)
		if err != nil || token != "" && token != rejected {
			return token, err
		}
		return s.freshOwnToken(detached, client)
	})
	select {
	case result := <-flight:
		token, _ := result.Val.(platform.Secret)
		return token, result.Err
	case <-ctx.Done():
		return "", ctx.Err()
	}
}

func (s *Service) storedOwnToken(ctx context.Context, platformID string) (platform.Secret, error) {
	row, found, err := s.db.ApplicationToken(ctx, platformID)
	if err != nil || !found || !s.now().Before(row.ExpiresAt.Add(-min(s.margin, row.Lifetime/4))) {
		return "", err
	}
	token, err := s.keyring.Open(applicationBinding(platformID), row.Token)
	if errors.Is(err, vault.ErrUnreadable) {
		return "", nil // the grant can be repeated
	}
	return platform.Secret(token), err
}

func (s *Service) freshOwnToken(ctx context.Context, client *platform.Client) (platform.Secret, error) {
	platformID := client.Integration().ID
	now := s.now()
	if refusal, err := s.refusal(ctx, platformID); err != nil {
		return "", err
	} else if refusal != nil && now.Before(refusal.RetryAt) {
		return "", s.refusedProblem(client, refusal.RetryAt, nil)
	}
	if until := s.ownHolds.until(platformID); now.Before(until) {
		return "", s.holdProblem(client, until, nil)
	}
	body, err := client.ClientCredentials(ctx)
	if failure := platform.FailureOf(err); failure != nil && failure.RetryAfter > 0 {
		s.ownHolds.hold(platformID, now.Add(failure.RetryAfter))
	}
	if err != nil {
		return "", err
	}
	answer, err := platform.ParseTokenAnswer("client_credentials", body)
	if err != nil {
		return "", err
	}
	sealed, err := s.keyring.Seal(applicationBinding(platformID), []byte(answer.AccessToken.Reveal()))
	if err != nil {
		return "", err
	}
	err = s.db.Write(ctx, func(tx store.Queries) error {
		if _, err := tx.DeleteRefusal(ctx, platformID); err != nil {
			return err
		}
		return tx.PutApplicationToken(ctx, store.ApplicationToken{
			Platform: platformID, Token: sealed, Lifetime: answer.Lifetime, ExpiresAt: now.Add(answer.Lifetime),
		})
	})
	return answer.AccessToken, err
}

func (s *Service) refusedProblem(client *platform.Client, retryAt time.Time, cause error) *Problem {
	return &Problem{Kind: ErrUnavailable, RetryAt: retryAt, Cause: cause, Sentence: fmt.Sprintf(
		"%s does not accept MINT itself at the moment. MINT's operator has to mend this.", client.Integration().Title)}
}

func (s *Service) holdProblem(client *platform.Client, until time.Time, cause error) *Problem {
	return &Problem{Kind: ErrThrottled, RetryAt: until, Cause: cause,
		Sentence: fmt.Sprintf("%s asks MINT to wait until %s.", client.Integration().Title, spoken(until))}
}

// holds remembers how long platforms asked MINT's own account to wait.
type holds struct {
	mutex sync.Mutex
	ends  map[string]time.Time
}

func (h *holds) hold(platformID string, until time.Time) {
	h.mutex.Lock()
	defer h.mutex.Unlock()
	if h.ends == nil {
		h.ends = map[string]time.Time{}
	}
	h.ends[platformID] = until
}

func (h *holds) until(platformID string) time.Time {
	h.mutex.Lock()
	defer h.mutex.Unlock()
	return h.ends[platformID]
}

// ownProblem explains a failure of MINT's own account.
func (s *Service) ownProblem(ctx context.Context, client *platform.Client, err error) error {
	failure := platform.FailureOf(err)
	var problem *Problem
	if err == nil || errors.As(err, &problem) || failure == nil {
		return err
	}
	title := client.Integration().Title
	s.log.WarnContext(ctx, "application account call failed", "platform", client.Integration().ID, "call", failure.Call,
		"class", failure.Class, "status", failure.Status, "code", failure.Code)
	switch failure.Class {
	case platform.ClassConfiguration:
		noted := s.db.Write(ctx, func(tx store.Queries) error {
			return s.noteRefusal(ctx, tx, client.Integration().ID, failure, s.now())
		})
		return errors.Join(s.refusedProblem(client, time.Time{}, failure), noted)
	case platform.ClassRefused:
		return &Problem{Kind: ErrRefused, Cause: failure, Sentence: refusedSentence(title, failure)}
	case platform.ClassForbidden, platform.ClassScope, platform.ClassNotFound, platform.ClassGrant:
		return &Problem{Kind: ErrRefused, Cause: failure, Sentence: title + " does not let MINT see its own account."}
	case platform.ClassThrottled:
		return s.holdProblem(client, s.now().Add(failure.RetryAfter), failure)
	}
	return &Problem{Kind: ErrUnavailable, Cause: failure, Sentence: title + " cannot be reached at the moment. Please try again."}
}
