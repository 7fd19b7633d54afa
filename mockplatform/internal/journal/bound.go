package journal

import "github.com/mint-conformance/mint/mockplatform/control"

// bound cuts what a client chose and what is not cut elsewhere, so that a
// journal has a largest size.
func bound(e *control.Exchange) {
	for _, text := range []*string{&e.Method, &e.Path, &e.ClientID, &e.GrantType, &e.Scope, &e.Error, &e.Reason} {
		*text = cut(*text, maxValue)
	}
}
