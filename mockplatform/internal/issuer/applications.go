package issuer

import (
	"errors"
	"time"

	"github.com/mint-conformance/mint/mockplatform/internal/application"
	"github.com/mint-conformance/mint/mockplatform/internal/token"
)

// Applications are the registered clients.
func (i *Issuer) Applications() *application.Registry { return i.applications }

// ErrUnregistered answers what was asked for a client that deleted itself
// meanwhile (RFC 7592 section 2.3).
var ErrUnregistered = errors.New("the client has deleted its registration meanwhile")

// Unregister forgets a client and ends all that was granted to it (RFC 7592
// section 2.3). It reports whether the client was there. The client is gone
// before its grants end, so that whoever issues something to it at this very
// moment learns by left that it was too late.
func (i *Issuer) Unregister(now time.Time, id string) bool {
	known := i.applications.Remove(id)
	i.store.Revoke(now, token.Selector{Client: id}, token.ReasonUnregistered)
	return known
}

// left reports whether a client went away while its request was worked on, and
// ends what was issued to it too late. It is asked after the issue: of an issue
// and a deletion at the same moment at least one then sees the other. Only a
// client that registered itself can go.
func (i *Issuer) left(now time.Time, app application.Application) bool {
	if !app.Self() {
		return false
	}
	if _, known := i.applications.Lookup(app.ID); known {
		return false
	}
	i.store.Revoke(now, token.Selector{Client: app.ID}, token.ReasonUnregistered)
	return true
}
