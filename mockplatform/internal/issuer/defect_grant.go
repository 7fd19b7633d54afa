package issuer

import (
	"maps"
	"slices"
	"time"

	"github.com/mint-conformance/mint/mockplatform/internal/application"
	"github.com/mint-conformance/mint/mockplatform/internal/deviation"
	"github.com/mint-conformance/mint/mockplatform/internal/oauth"
	"github.com/mint-conformance/mint/mockplatform/internal/profile"
)

// serves says whether the Platform gives the grant although it is not offered,
// or the client not registered for it.
func (i *Issuer) serves(app application.Application, g oauth.GrantType) bool {
	switch g {
	case oauth.Password:
		return i.profile.Breaks(deviation.PasswordUndeclared)
	case oauth.ClientCredentials:
		return app.Public && i.profile.Breaks(deviation.MachinePublic)
	}
	return false
}

// logIn finds the customer of a password request.
func (i *Issuer) logIn(now time.Time, username, password string) (profile.Customer, *oauth.Error) {
	unlimited := i.profile.Breaks(deviation.PasswordUnlimited)
	if err := paused(i.passwords, now, username, "passwords for this username"); err != nil && !unlimited {
		return profile.Customer{}, err
	}
	customer, ok := i.profile.Login(username, password)
	if !ok && i.profile.Breaks(deviation.PasswordAnything) {
		customer, ok = i.profile.CustomerByUsername(username)
	}
	if !ok {
		i.passwords.Failed(now, username)
		return customer, i.invalidGrant("the user name or password is not right")
	}
	i.passwords.Succeeded(now, username)
	return customer, nil
}

// stands is the public client that a password request of an unknown client is
// taken to come from.
func (i *Issuer) stands(p parameters) (app application.Application, is bool) {
	if oauth.GrantType(p.get("grant_type")) != oauth.Password || !i.profile.Breaks(deviation.PasswordAnyClient) {
		return app, false
	}
	for _, id := range slices.Sorted(maps.Keys(i.profile.Clients)) {
		if app, is = i.applications.Lookup(id); is && app.Public {
			return app, true
		}
	}
	return app, false
}
