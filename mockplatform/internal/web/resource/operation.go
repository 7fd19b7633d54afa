package resource

import (
	"github.com/mint-conformance/mint/mockplatform/internal/profile"
	"github.com/mint-conformance/mint/mockplatform/internal/web/wire"
)

// right is what an operation needs of an access token.
type right int

const (
	anyCustomer right = iota // a customer's token
	readAds                  // … with a reading scope
	writeAds                 // … with a writing scope
	ownAccount               // a token of the application itself
)

// operation is one operation of the API.
type operation struct {
	word string // in the journal, and for those on a customer's data in the profile
	need right  // unless the profile lists the operation among those that change something
	// changes says that its work changes something here, and notes so in the
	// journal itself.
	changes bool
}

var (
	readMe            = operation{word: "read_me", need: anyCustomer}
	listCampaigns     = operation{word: profile.ListCampaigns, need: readAds}
	readCampaign      = operation{word: profile.ReadCampaign, need: readAds}
	updateCampaign    = operation{word: profile.UpdateCampaign, need: readAds, changes: true}
	readMetrics       = operation{word: profile.ReadMetrics, need: readAds}
	queryMetrics      = operation{word: profile.QueryMetrics, need: readAds}
	readApplication   = operation{word: "read_application", need: ownAccount}
	updateApplication = operation{word: "update_application", need: ownAccount, changes: true}
)

// needs is the right that the operation needs on this Platform: a writing scope
// for what its profile lists (S000-12).
func (a *API) needs(op operation) right {
	if a.platform.Profile().ResourceServer.Mutates(op.word) {
		return writeAds
	}
	return op.need
}

// marked notes that the work, once done, is a change: the Platform says that it
// is one, although nothing is different here afterwards.
func marked(e *wire.Exchange, work act) act {
	return func() wire.Answer {
		e.Entry.Changed = true
		return work()
	}
}
