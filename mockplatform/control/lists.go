package control

// Profile introduces an embedded profile (GET /v1/profiles).
type Profile struct {
	Name    string `json:"name"`
	Title   string `json:"title"`
	Summary string `json:"summary"`
	// Leniencies names every switch that is weaker than the RFCs ask, in the
	// profile's own key notation.
	Leniencies []string `json:"leniencies"`
}

// Profiles is the answer of GET /v1/profiles.
type Profiles struct {
	Profiles []Profile `json:"profiles"`
}

// Platforms is the answer of GET /v1/platforms.
type Platforms struct {
	Platforms []Platform `json:"platforms"`
}

// Faults is the answer of GET /v1/platforms/{platform}/faults.
type Faults struct {
	Faults []Fault `json:"faults"`
}

// Families is the answer of GET /v1/platforms/{platform}/grants.
type Families struct {
	Families []Family `json:"families"`
}
