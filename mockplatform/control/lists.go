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

// Dialect says how a known family of servers treats tokens. "PROFILE+DIALECT"
// lays it over any profile wherever a profile is named.
type Dialect struct {
	Name    string   `json:"name"`
	Title   string   `json:"title"`
	Summary string   `json:"summary"`
	Sources []string `json:"sources"` // public addresses that say so, a remark behind those that are weak
}

// Profiles is the answer of GET /v1/profiles.
type Profiles struct {
	Profiles []Profile `json:"profiles"`
	Dialects []Dialect `json:"dialects"`
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
