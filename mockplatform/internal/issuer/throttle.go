package issuer

import (
	"net/http"
	"time"

	"github.com/mint-conformance/mint/mockplatform/internal/oauth"
	"github.com/mint-conformance/mint/mockplatform/internal/throttle"
)

// Passwords counts wrong passwords of customers; the login page and the
// password grant share it.
func (i *Issuer) Passwords() *throttle.Throttle { return i.passwords }

// paused refuses a name that must wait, before its secret is even looked at;
// nil where it need not.
func paused(watch *throttle.Throttle, now time.Time, name, what string) *oauth.Error {
	wait := watch.Paused(now, name)
	if wait <= 0 {
		return nil
	}
	e := oauth.NewError(oauth.TemporarilyUnavailable, "there were too many wrong "+what+": wait as long as Retry-After says").
		WithStatus(http.StatusTooManyRequests)
	e.RetryAfter = int((wait + time.Second - 1) / time.Second) // rounded up, so that waiting as long as told is enough
	return e
}
