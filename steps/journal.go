package steps

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/mint-conformance/mint/mockplatform/control"
)

// patience bounds the wait for something that follows on an act of a person.
const patience = 5 * time.Second

// journal is everything the Platform has answered so far.
func (p *platform) journal(ctx context.Context) ([]exchange, error) {
	j, err := p.control.Journal(ctx, p.Name, 0, 0)
	if err != nil {
		return nil, fmt.Errorf("reading the journal of the %s platform: %w", p.profile, err)
	}
	return j.Exchanges, nil
}

// exchange is one entry of a journal.
type exchange = control.Exchange

// kind is a question to one journal entry, with its name in words.
type kind struct {
	name  string
	match func(exchange) bool
}

var (
	refreshes = kind{"renewals tried", func(e exchange) bool {
		return e.Endpoint == "token" && e.GrantType == "refresh_token"
	}}
	renewals = kind{"renewals", func(e exchange) bool {
		return refreshes.match(e) && len(e.Issued) > 0 && e.Status == http.StatusOK
	}}
	tokenRequests = kind{"token requests", func(e exchange) bool { return e.Endpoint == "token" }}
	exchanges     = kind{"exchanges of a code", func(e exchange) bool {
		return e.Endpoint == "token" && e.GrantType == "authorization_code"
	}}
	passwordGrants = kind{"requests with a password", func(e exchange) bool {
		return e.Endpoint == "token" && e.GrantType == "password"
	}}
	calls   = kind{"calls of the API", func(e exchange) bool { return e.Endpoint == "api" }}
	refused = kind{"refused calls of the API", func(e exchange) bool {
		return e.Endpoint == "api" && e.Status == http.StatusUnauthorized
	}}
	changeRequests = kind{"changes asked for", func(e exchange) bool {
		return e.Endpoint == "api" && e.Method == http.MethodPatch && strings.Contains(e.Path, "/campaigns/")
	}}
	changes = kind{"changes", func(e exchange) bool {
		return changeRequests.match(e) && e.Status >= 200 && e.Status < 300
	}}
	noted       = kind{"changes noted", func(e exchange) bool { return e.Changed }}
	codesIssued = kind{"codes issued", func(e exchange) bool { return e.Issued["code"] != "" }}
	issued      = kind{"tokens issued", func(e exchange) bool {
		return e.Issued["access_token"] != "" || e.Issued["refresh_token"] != ""
	}}
	logins = kind{"logins", func(e exchange) bool {
		return e.Endpoint == "login" && e.Method == http.MethodPost
	}}
)

// all returns the entries of a kind.
func (p *platform) all(ctx context.Context, k kind) ([]exchange, error) {
	journal, err := p.journal(ctx)
	var some []exchange
	for _, e := range journal {
		if k.match(e) {
			some = append(some, e)
		}
	}
	return some, err
}

// expect waits until there are exactly want entries of a kind. More than want
// is an error at once, fewer one when patience ends.
func (p *platform) expect(ctx context.Context, k kind, want int) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	var got []exchange
	var after int64
	for wait := time.Duration(0); ; wait = patience {
		j, err := p.control.Journal(ctx, p.Name, after, wait)
		if err != nil && !errors.Is(err, context.DeadlineExceeded) {
			return fmt.Errorf("reading the journal of the %s platform: %w", p.profile, err)
		}
		for _, e := range j.Exchanges {
			if k.match(e) {
				got = append(got, e)
			}
		}
		switch {
		case len(got) == want:
			return nil
		case len(got) > want || ctx.Err() != nil:
			return fmt.Errorf("expected %d %s at the %s platform, got %d%s", want, k.name, p.profile, len(got), lines(got))
		}
		after = max(after, j.Last)
	}
}

// eventually repeats check whenever the journal has grown, until it succeeds or
// patience ends.
func (p *platform) eventually(ctx context.Context, check func() error) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	var after int64
	for wait := time.Duration(0); ; wait = patience {
		j, err := p.control.Journal(ctx, p.Name, after, wait)
		if err != nil && ctx.Err() == nil {
			return fmt.Errorf("reading the journal of the %s platform: %w", p.profile, err)
		}
		after = max(after, j.Last)
		failure := check()
		if failure == nil || ctx.Err() != nil {
			return failure
		}
	}
}

// atMost says at once whether there are more than limit entries of a kind.
func (p *platform) atMost(ctx context.Context, k kind, limit int) error {
	got, err := p.all(ctx, k)
	if err != nil {
		return err
	}
	if len(got) > limit {
		return fmt.Errorf("expected at most %d %s at the %s platform, got %d%s", limit, k.name, p.profile, len(got), lines(got))
	}
	return nil
}

// distinct counts the different values (fingerprints) of a member in the
// entries; from is Presented or Issued.
func distinct(entries []exchange, member string, from func(exchange) map[string]string) int {
	values := map[string]bool{}
	for _, e := range entries {
		if v := from(e)[member]; v != "" {
			values[v] = true
		}
	}
	return len(values)
}

func presented(e exchange) map[string]string { return e.Presented }

// lines lists journal entries for an error.
func lines(entries []exchange) string {
	var b strings.Builder
	for _, e := range entries {
		fmt.Fprintf(&b, "\n  #%d %s %s -> %d %s %s", e.Seq, e.Method, e.Path, e.Status, e.Error, e.Reason)
	}
	return b.String()
}
