package issuer

import (
	"time"

	"github.com/mint-conformance/mint/mockplatform/internal/application"
	"github.com/mint-conformance/mint/mockplatform/internal/token"
)

// Applications are the registered clients.
func (i *Issuer) Applications() *application.Registry { return i.applications }

// Unregister forgets a client and ends all that was granted to it (RFC 7592
// section 2.3). It reports whether the client was there.
func (i *Issuer) Unregister(now time.Time, id string) bool {
	known := i.applications.Remove(id)
	i.store.Revoke(now, token.Selector{Client: id}, token.ReasonUnregistered)
	return known
}
