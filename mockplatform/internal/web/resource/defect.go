package resource

import (
	"maps"
	"slices"
	"strings"

	"github.com/mint-conformance/mint/mockplatform/internal/deviation"
	"github.com/mint-conformance/mint/mockplatform/internal/profile"
	"github.com/mint-conformance/mint/mockplatform/internal/web/wire"
)

// defective makes of a request what a Platform with defects in reading access
// tokens takes it for.
func (a *API) defective(e *wire.Exchange) {
	breaks := a.platform.Profile().Breaks
	header, query := e.Header.Get("Authorization"), e.URL.Query()
	if breaks(deviation.SchemeCaseSensitive) && !strings.HasPrefix(header, "Bearer ") {
		e.Header.Del("Authorization")
	}
	token := query.Get("access_token")
	if token == "" {
		return
	}
	query.Del("access_token")
	switch {
	case header == "" && breaks(deviation.QueryToken):
		e.Header.Set("Authorization", "Bearer "+token)
		e.URL.RawQuery = query.Encode()
	case header != "" && breaks(deviation.DoubleToken):
		e.URL.RawQuery = query.Encode()
	}
}

// anybody is the first customer who has an advertising account.
func (a *API) anybody() (profile.Customer, string) {
	all := a.platform.Profile().Customers
	for _, key := range slices.Sorted(maps.Keys(all)) {
		if all[key].Account != "" {
			return all[key], key
		}
	}
	return profile.Customer{}, ""
}

// ownerOf is the account that a campaign belongs to, "" for none.
func (a *API) ownerOf(campaign string) string {
	for _, c := range a.platform.Profile().Customers {
		if _, err := a.platform.Ads().Campaign(c.Account, campaign); err == nil {
			return c.Account
		}
	}
	return ""
}
