package profile

import (
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/mint-conformance/mint/mockplatform/internal/oauth"
)

// Leniencies names every switch that is weaker than RFC 6749, 6750, 7636, 8414,
// 9207 and 9700 ask, in the profile's own key notation, sorted. An empty list
// means strict.
func (p *Profile) Leniencies() []string {
	var out []string
	add := func(is bool, what string) {
		if is {
			out = append(out, what)
		}
	}
	add(p.Offers(oauth.Password), "grants=password") // RFC 9700 section 2.4
	add(!p.Metadata, "metadata=false")               // RFC 9700 section 2.6

	t := p.Token
	add(t.ParamCase == "fold", "token.param_case=fold")
	add(t.InvalidGrantStatus != 400, "token.invalid_grant_status=401")
	add(!strings.EqualFold(t.TokenType, "Bearer"), "token.token_type="+t.TokenType)
	add(slices.Contains(t.CredentialsIn, oauth.AuthQuery), "token.credentials_in=query") // RFC 6749 section 2.3.1
	add(!t.ClientIDRequired, "token.client_id_required=false")                           // RFC 6749 section 4.1.3
	add(p.Registration.RedirectChange == "drain", "registration.redirect_change=drain")  // RFC 6749 section 3.1.2.3
	add(p.AccessToken.Lifetime.Std() > time.Hour, "access_token.lifetime="+p.AccessToken.Lifetime.String())

	out = append(out, p.authorizeLeniencies()...)
	out = append(out, p.tokenLeniencies()...)
	out = append(out, p.refreshLeniencies()...)
	for _, name := range p.Break {
		out = append(out, "break."+name)
	}
	slices.Sort(out)
	return out
}

func (p *Profile) tokenLeniencies() (out []string) {
	if form := p.Token.ExpiresIn; form != "exact" && form != "minus_one" { // RFC 6749 section 5.1
		out = append(out, "token.expires_in="+form)
	}
	if p.Revocation && p.RevocationReach == "token" { // RFC 7009 section 2.1
		out = append(out, "revocation_reach=token")
	}
	if p.ResourceServer.Validation == "local" { // sees no revocation
		out = append(out, "resource_server.validation=local")
	}
	switch { // a right to read changes campaigns (S000-03)
	case !p.ResourceServer.Mutates(UpdateCampaign):
		out = append(out, "resource_server.mutating_operations lacks "+UpdateCampaign)
	case len(p.Scopes) > 0 && !slices.ContainsFunc(slices.Collect(maps.Values(p.Scopes)), Scope.Writes):
		out = append(out, "scopes lacks one that changes")
	}
	return out
}

func (p *Profile) refreshLeniencies() []string {
	r := p.RefreshToken
	if !r.Issued {
		return nil
	}
	var out []string
	if r.IdleLifetime == 0 && r.AbsoluteLifetime == 0 {
		out = append(out, "refresh_token.idle_lifetime=0")
	}
	if r.Format == "hex32" { // 128 bits where RFC 6749 section 10.10 recommends 160
		out = append(out, "refresh_token.format=hex32")
	}
	if r.Rotates && r.OnReuse == "reject" { // RFC 9700 section 4.14.2
		out = append(out, "refresh_token.on_reuse="+r.OnReuse)
	}
	if r.Grace.Shape != "none" {
		out = append(out, "refresh_token.grace.shape="+r.Grace.Shape)
	}
	if r.ScopeRule != "narrow_access" { // RFC 6749 section 6
		out = append(out, "refresh_token.scope_rule="+r.ScopeRule)
	}
	out = append(out, r.errorLeniencies()...)
	if !r.Rotates {
		for _, id := range slices.Sorted(maps.Keys(p.Clients)) {
			if p.Clients[id].Type == "public" { // RFC 9700 section 2.2.2
				out = append(out, "refresh_token.rotates=false for public client "+id)
			}
		}
	}
	return out
}

// errorLeniencies: RFC 6749 section 5.2 knows one answer to a refresh token
// that is not good.
func (r RefreshToken) errorLeniencies() []string {
	var out []string
	if r.ErrorStatus != 0 && r.ErrorStatus != 400 {
		out = append(out, "refresh_token.error_status="+strconv.Itoa(r.ErrorStatus))
	}
	if r.ErrorExpired != oauth.InvalidGrant {
		out = append(out, "refresh_token.error_expired="+r.ErrorExpired)
	}
	if r.ErrorReused != oauth.InvalidGrant {
		out = append(out, "refresh_token.error_reused="+r.ErrorReused)
	}
	if r.ErrorUnknown != oauth.InvalidGrant {
		out = append(out, "refresh_token.error_unknown="+r.ErrorUnknown)
	}
	return out
}
