package report

import "time"

// Timing sums up one kind of duration.
type Timing struct {
	Kind   string        `json:"kind"`
	Count  int           `json:"count"`
	Median time.Duration `json:"median_ns"`
	Max    time.Duration `json:"max_ns"`
}

// Lenient names the switches of a profile that are weaker than the RFCs ask.
type Lenient struct {
	Profile  string   `json:"profile"`
	Switches []string `json:"switches"`
}
