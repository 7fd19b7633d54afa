package steps

import (
	"context"
	"fmt"
	"time"
)

var accessSteps = []definition{
	then(`MINT has renewed access {times}`, (*world).renewed),
	then(`MINT has tried to renew access {times}`, (*world).triedToRenew),
	then(`MINT has tried to renew access at most {times}`, (*world).triedToRenewAtMost),
	then(`MINT has renewed access with one refresh token`, (*world).renewedWithOne),
	then(`MINT has renewed access with {number} different refresh tokens`, (*world).renewedWith),
	then(`MINT has presented each (code|refresh token) once`, (*world).presentedOnce),
	then(`MINT has exchanged one code within {number} seconds`, (*world).exchangedWithin),
	then(`MINT has asked for no tokens`, (*world).askedForNoTokens),
	then(`MINT has sent the password {times}`, (*world).sentPassword),
	then(`MINT has sent nothing to {the platform} since`, (*world).sentNothingSince),
	then(`{the platform} has refused no call`, (*world).refusedNoCall),
	then(`{the platform} has refused {number} calls?`, (*world).refusedCalls),
	then(`{the platform} has noted no change`, (*world).notedNoChange),
	then(`{the platform} has issued no (code|token)`, (*world).issuedNo),
	then(`{the platform} holds no live token of {who}`, (*world).holdsNoLiveToken),
	then(`{the platform} holds {number} live grants? of {who}`, (*world).holdsGrants),
}

// mark remembers how far the journal was, for "since".
func (p *platform) mark(ctx context.Context) error {
	j, err := p.control.Journal(ctx, p.Name, 0, 0)
	p.marked = j.Last
	return err
}

func (w *world) count(ctx context.Context, of profile, k kind, want int) error {
	p, err := w.platform(ctx, of)
	if err != nil {
		return err
	}
	return p.expect(ctx, k, want)
}

func (w *world) renewed(ctx context.Context, n times) error {
	return w.count(ctx, "", renewals, int(n))
}

func (w *world) triedToRenew(ctx context.Context, n times) error {
	return w.count(ctx, "", refreshes, int(n))
}

func (w *world) triedToRenewAtMost(ctx context.Context, n times) error {
	p, err := w.platform(ctx, "")
	if err != nil {
		return err
	}
	return p.atMost(ctx, refreshes, int(n))
}

func (w *world) renewedWithOne(ctx context.Context) error { return w.expectRefreshTokens(ctx, 1) }

func (w *world) renewedWith(ctx context.Context, want int) error {
	return w.expectRefreshTokens(ctx, want)
}

// expectRefreshTokens counts the different refresh tokens that MINT presented.
func (w *world) expectRefreshTokens(ctx context.Context, want int) error {
	p, err := w.platform(ctx, "")
	if err != nil {
		return err
	}
	tried, err := p.all(ctx, refreshes)
	if err != nil {
		return err
	}
	return expectEqual("the number of different refresh tokens presented", distinct(tried, "refresh_token", presented), want)
}

// secretKind is something that is presented at the token endpoint.
type secretKind string

func (w *world) presentedOnce(ctx context.Context, what secretKind) error {
	p, err := w.platform(ctx, "")
	if err != nil {
		return err
	}
	asked, member := exchanges, "code"
	if what == "refresh token" {
		asked, member = refreshes, "refresh_token"
	}
	tried, err := p.all(ctx, asked)
	if err != nil {
		return err
	}
	if n := distinct(tried, member, presented); n == 0 || n != len(tried) {
		return fmt.Errorf("expected each %s to be presented once, got %d presented in %d requests%s", what, n, len(tried), lines(tried))
	}
	return nil
}

func (w *world) exchangedWithin(ctx context.Context, seconds int) error {
	p, err := w.platform(ctx, "")
	if err != nil {
		return err
	}
	codes, err := p.all(ctx, codesIssued)
	if err != nil {
		return err
	}
	used, err := p.all(ctx, exchanges)
	if err != nil {
		return err
	}
	if len(codes) != 1 || len(used) != 1 {
		return fmt.Errorf("expected one code and one exchange, got %d and %d", len(codes), len(used))
	}
	if took := used[0].RealAt.Sub(codes[0].RealAt); took > time.Duration(seconds)*time.Second {
		return fmt.Errorf("expected the exchange within %d s of the code, got it after %v", seconds, took)
	}
	return nil
}

func (w *world) askedForNoTokens(ctx context.Context) error {
	return w.count(ctx, "", tokenRequests, 0)
}

func (w *world) sentPassword(ctx context.Context, n times) error {
	return w.count(ctx, "", passwordGrants, int(n))
}

func (w *world) sentNothingSince(ctx context.Context, of profile) error {
	p, err := w.platform(ctx, of)
	if err != nil {
		return err
	}
	return p.expect(ctx, kind{"requests of MINT since", func(e exchange) bool {
		return e.Seq > p.marked && (calls.match(e) || tokenRequests.match(e))
	}}, 0)
}

func (w *world) refusedNoCall(ctx context.Context, of profile) error {
	return w.count(ctx, of, refused, 0)
}

func (w *world) refusedCalls(ctx context.Context, of profile, want int) error {
	return w.count(ctx, of, refused, want)
}

func (w *world) notedNoChange(ctx context.Context, of profile) error {
	return w.count(ctx, of, noted, 0)
}

func (w *world) issuedNo(ctx context.Context, of profile, what secretKind) error {
	if what == "code" {
		return w.count(ctx, of, codesIssued, 0)
	}
	return w.count(ctx, of, issued, 0)
}

// holdsNoLiveToken waits, because MINT gives tokens back behind the scenes.
func (w *world) holdsNoLiveToken(ctx context.Context, of profile, who person) error {
	p, err := w.platform(ctx, of)
	if err != nil {
		return err
	}
	return p.eventually(ctx, func() error {
		n, err := p.liveTokens(ctx, who)
		if err != nil {
			return err
		}
		return expectEqual(fmt.Sprintf("the number of live tokens of %s", who), n, 0)
	})
}

func (w *world) holdsGrants(ctx context.Context, of profile, want int, who person) error {
	p, err := w.platform(ctx, of)
	if err != nil {
		return err
	}
	return p.eventually(ctx, func() error {
		families, err := p.families(ctx, who)
		if err != nil {
			return err
		}
		n := 0
		for _, f := range families {
			if live(f) > 0 {
				n++
			}
		}
		return expectEqual(fmt.Sprintf("the number of live grants of %s", who), n, want)
	})
}
