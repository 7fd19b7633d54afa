package connection

import (
	"time"

	"github.com/mint-conformance/mint/client/internal/connection/store"
	"github.com/mint-conformance/mint/client/internal/platform"
)

// replayPauses are the waits before the first, second, … repetition within a
// grace window, in machine time.
var replayPauses = []time.Duration{0, 150 * time.Millisecond, 600 * time.Millisecond}

// replay decides whether a refresh token whose answer was lost is sent again
// now, and after which pause. The platform's rule decides:
//
//	same_pair, new_pair  at once, a few times, within the window
//	unknown              once at once
//	none                 not while the access token lives: a platform that ends
//	                     the grant on reuse would take that one away as well
//
// Once the access token is of no use there is nothing left to lose, and one
// flight makes one more attempt.
func replay(work *renewal, now time.Time) (time.Duration, bool) {
	rule := work.client.Integration().Refresh
	switch rule.Replay {
	case platform.ReplaySamePair, platform.ReplayNewPair:
		end := work.attempt.FirstSentAt.Add(rule.Window - min(2*time.Second, rule.Window/4))
		repetition := work.sends
		if !work.resumed {
			repetition--
		}
		if now.Before(end) && repetition < len(replayPauses) {
			return jitter(replayPauses[repetition]), true
		}
	case platform.ReplayUnknown:
		if work.attempt.Sends < 2 {
			return 0, true
		}
	}
	budget := 2 // the sending itself and one repetition
	if work.resumed {
		budget = 1
	}
	return 0, useless(work.row, work.need, now) && work.sends < budget
}

// useless reports whether the access token has ended or was rejected.
func useless(row store.Connection, need need, now time.Time) bool {
	return row.AccessToken == nil || row.Version <= need.rejected && !need.manual || !now.Before(row.AccessExpiresAt)
}

// backoff is MINT's own pause after the nth failure in a row: it doubles, and
// is spread by the connection's id so that not all come back at once.
func backoff(first time.Duration, failures int, id string) time.Duration {
	const longest = 5 * time.Minute
	wait := longest
	if failures < 16 {
		wait = min(longest, first<<max(0, failures-1))
	}
	spread := 0
	for _, r := range id {
		spread = (spread*31 + int(r)) % 256
	}
	return wait - wait*time.Duration(spread)/1024 // at most a quarter less
}
