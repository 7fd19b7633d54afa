package issuer

import (
	"strings"
	"time"

	"github.com/mint-conformance/mint/mockplatform/internal/application"
	"github.com/mint-conformance/mint/mockplatform/internal/deviation"
	"github.com/mint-conformance/mint/mockplatform/internal/oauth"
	"github.com/mint-conformance/mint/mockplatform/internal/profile"
	"github.com/mint-conformance/mint/mockplatform/internal/token"
)

// withDefects adds to a refresh policy what the profile breaks on purpose.
func withDefects(p token.RefreshPolicy, of *profile.Profile) token.RefreshPolicy {
	p.Defects = token.Defects{
		Widens:          of.Breaks(deviation.RefreshWidens),
		FirstForEver:    of.Breaks(deviation.RefreshFirstForEver),
		SpentAlive:      of.Breaks(deviation.RotationOldAlive),
		Races:           of.Breaks(deviation.RotationRaces),
		Shrinks:         of.Breaks(deviation.RotationShrinks),
		HalvesSuccessor: of.Breaks(deviation.RotationHalvesLife),
		Stands:          of.Breaks(deviation.SlidingStands),
		AddsToken:       !p.Rotates && of.Breaks(deviation.SlidingAnswersNew),
		CodeReusable:    of.Breaks(deviation.CodeReusable),
		CodeRaces:       of.Breaks(deviation.CodeRaces),
		ReplayForgiven:  of.Breaks(deviation.CodeReplayForgiven),
	}
	if !p.Rotates && of.Breaks(deviation.SlidingFourUses) {
		p.MaxUses = 4
	}
	return p
}

// policyFor is the policy that a client's refresh tokens are used by.
func (i *Issuer) policyFor(app application.Application) token.RefreshPolicy {
	p := i.policy
	if !app.Public && i.profile.Breaks(deviation.RotationWithoutNew) {
		p.Rotates, p.Returned = false, false
	}
	return p
}

// mayUse reports whether the client is registered for the grant type.
func (i *Issuer) mayUse(app application.Application, g oauth.GrantType) bool {
	return app.MayUse(g) || app.Public && g == oauth.RefreshToken && i.profile.Breaks(deviation.RefreshPublicClient) ||
		!app.Public && i.profile.Breaks(deviation.TokenAnyGrant)
}

// defective gets hold of a valid request before its grant is judged: the
// answer of a grant that fails on purpose, and a refresh token completed.
func (i *Issuer) defective(t *tokenRequest) *oauth.Error {
	if len(i.profile.Break) == 0 {
		return nil
	}
	if t.grant == oauth.RefreshToken && i.profile.Breaks(deviation.RefreshByPrefix) {
		t.params.values.Set("refresh_token", i.completed(t.now, t.params.get("refresh_token")))
	}
	if i.profile.Breaks(failing[t.grant]) {
		return oauth.NewError(oauth.ServerError, "the Platform could not work on the request")
	}
	return nil
}

// failing are the defects by which a grant does not work at all.
var failing = map[oauth.GrantType]deviation.Deviation{
	oauth.RefreshToken:      deviation.RefreshFails,
	oauth.ClientCredentials: deviation.MachineFails,
	oauth.Password:          deviation.PasswordFails,
}

// comparedPrefix is how much of a refresh token counts where only its
// beginning is compared, in characters.
const comparedPrefix = 16

// completed is the refresh token that begins like a value.
func (i *Issuer) completed(now time.Time, value string) string {
	if len(value) < comparedPrefix {
		return value
	}
	for _, f := range i.store.Families(now) {
		for _, m := range f.Tokens {
			if m.Kind == oauth.KindRefreshToken && m.State == token.StateLive && strings.HasPrefix(m.Value, value[:comparedPrefix]) {
				return m.Value
			}
		}
	}
	return value
}

// pardons says whether a request goes on although its client has not
// authenticated.
func (i *Issuer) pardons(now time.Time, app application.Application, p parameters) bool {
	if oauth.GrantType(p.get("grant_type")) != oauth.RefreshToken {
		return false
	}
	if !i.policy.Rotates && i.profile.Breaks(deviation.SlidingExtendsFailures) {
		i.store.Prolong(p.get("refresh_token"), now, i.policy)
	}
	return app.ID != "" && i.profile.Breaks(deviation.RefreshAnyClient)
}

// touchy says whether a refresh is refused because the access token has ended
// a moment ago.
func (i *Issuer) touchy(end, now time.Time) bool {
	return i.profile.Breaks(deviation.RefreshTouchy) && !now.Before(end) && now.Before(end.Add(time.Minute))
}
