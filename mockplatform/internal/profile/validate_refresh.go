package profile

import (
	"regexp"

	"github.com/mint-conformance/mint/mockplatform/internal/oauth"
)

func (c *checker) refreshToken() {
	r := c.p.RefreshToken
	if r.Issued && !c.offers(oauth.RefreshToken) {
		c.fault("refresh_token.issued", "needs the grant refresh_token: add it to grants, or set issued to false")
	}
	if r.Rotates && !r.Issued {
		c.fault("refresh_token.rotates", "no refresh token is issued: set issued to true, or rotates to false")
	}
	if r.Rotates && !r.Returned {
		c.fault("refresh_token.rotates", "a rotating refresh token must be returned on refresh: set returned to true, or rotates to false")
	}
	if r.Returned && !r.Issued {
		c.fault("refresh_token.returned", "no refresh token is issued: set issued to true, or returned to false")
	}
	c.refreshLifetime(r)
	c.refreshLimits(r)
	c.grace(r)
	for _, e := range []struct{ at, code string }{
		{"refresh_token.error_expired", r.ErrorExpired}, {"refresh_token.error_reused", r.ErrorReused},
		{"refresh_token.error_unknown", r.ErrorUnknown}, {"consent.deny_error", c.p.Consent.DenyError},
	} {
		if !errorForm.MatchString(e.code) {
			c.fault(e.at, "%s is no error code: use printable ASCII without space, quotation mark and backslash, for example invalid_grant", quoted(e.code))
		}
	}
}

// errorForm is RFC 6749 section 5.2 without the space, which no code has.
var errorForm = regexp.MustCompile(`^[\x21\x23-\x5B\x5D-\x7E]+$`)

func (c *checker) refreshLifetime(r RefreshToken) {
	if r.SlidingStep > 0 && r.Rotates {
		c.fault("refresh_token.sliding_step", "only a token that keeps its value slides: set rotates to false, or remove the step")
	}
	if r.SlidingStep > 0 && r.IdleLifetime == 0 {
		c.fault("refresh_token.sliding_step", "needs an end to add to: set idle_lifetime, or remove the step")
	}
	if r.RotationLifetime == "inherited" && !r.Rotates {
		c.fault("refresh_token.rotation_lifetime", "only a rotating refresh token has successors: set rotates to true, or write fresh")
	}
	if r.RotationLifetime == "inherited" && r.IdleLifetime == 0 && r.AbsoluteLifetime == 0 {
		c.fault("refresh_token.rotation_lifetime", "there is no end to inherit: set idle_lifetime, or write fresh")
	}
	if r.AbsoluteLifetime > 0 && r.IdleLifetime > r.AbsoluteLifetime {
		c.fault("refresh_token.idle_lifetime", "%s is never reached, since absolute_lifetime ends the token after %s: shorten it, or set it to 0", r.IdleLifetime, r.AbsoluteLifetime)
	}
}

func (c *checker) refreshLimits(r RefreshToken) {
	if r.MaxUses < 0 {
		c.fault("refresh_token.max_uses", "%d is negative: use 0 for no limit", r.MaxUses)
	}
	if r.MaxLive < 0 {
		c.fault("refresh_token.max_live", "%d is negative: use 0 for no limit", r.MaxLive)
	}
	for _, end := range []struct {
		key string
		is  Duration
	}{{"idle_lifetime", r.IdleLifetime}, {"absolute_lifetime", r.AbsoluteLifetime}} {
		if end.is > 0 && r.EarliestRefresh >= end.is {
			c.fault("refresh_token.earliest_refresh", "%s leaves no time for a refresh before %s (%s): shorten it", r.EarliestRefresh, end.key, end.is)
		}
	}
}

func (c *checker) grace(r RefreshToken) {
	g := r.Grace
	if g.Shape != "none" && !r.Rotates {
		c.fault("refresh_token.grace.shape", "only a rotating refresh token is spent: set rotates to true, or shape to none")
	}
	if (g.Shape == "same_pair" || g.Shape == "new_sibling") && g.Window == 0 {
		c.fault("refresh_token.grace.window", "is missing: say how long the grace lasts, for example 30s")
	}
	if g.Shape == "none" && g.Window != 0 {
		c.fault("refresh_token.grace.window", "needs a shape: choose same_pair, new_sibling or until_successor_used, or remove the window")
	}
}
