package suggestion

import "github.com/mint-conformance/mint/client/internal/platform"

// Kinds of suggestions.
const (
	KindPause  = "pause"
	KindRaise  = "raise_budget"
	KindResume = "resume"
)

// Suggestion is one change that MINT proposes and a customer may apply.
type Suggestion struct {
	// ID is the same for the same proposal about the same state of a campaign.
	ID   string
	Kind string // one of the Kind constants

	CampaignID   string
	CampaignName string
	// Title says what would happen: "Pause Spring sale".
	Title string
	// Reason says why, with the figures it rests on.
	Reason string
	Change platform.CampaignChange
}
