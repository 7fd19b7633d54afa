package issuer

import (
	"strings"

	"github.com/mint-conformance/mint/mockplatform/internal/deviation"
	"github.com/mint-conformance/mint/mockplatform/internal/oauth"
)

// acceptable judges the resource that a token is asked for: there is only this
// Platform's own API (RFC 8707 section 2). Nothing asked means that one.
func (i *Issuer) acceptable(resource string) *oauth.Error {
	if resource == "" || i.profile.Breaks(deviation.AudienceUnchecked) {
		return nil
	}
	for _, own := range []string{i.audience, i.issuer, i.endpoints.Campaigns} {
		if strings.TrimSuffix(resource, "/") == strings.TrimSuffix(own, "/") {
			return nil
		}
	}
	return oauth.NewError(oauth.InvalidTarget, "resource is none that this Platform issues tokens for")
}
