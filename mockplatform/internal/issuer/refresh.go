package issuer

import (
	"github.com/mint-conformance/mint/mockplatform/internal/deviation"
	"github.com/mint-conformance/mint/mockplatform/internal/oauth"
	"github.com/mint-conformance/mint/mockplatform/internal/profile"
	"github.com/mint-conformance/mint/mockplatform/internal/token"
)

// policyOf is the profile's refresh section as the policy that judges.
func policyOf(r profile.RefreshToken) token.RefreshPolicy {
	p := token.RefreshPolicy{
		Issued: r.Issued, Rotates: r.Rotates, Returned: r.Returned,
		IdleLifetime: r.IdleLifetime.Std(), AbsoluteLifetime: r.AbsoluteLifetime.Std(),
		SlidingStep: r.SlidingStep.Std(), InheritsEnd: r.RotationLifetime == "inherited",
		MaxUses: r.MaxUses, MaxLive: r.MaxLive, GraceWindow: r.Grace.Window.Std(),
		EarliestRefresh: r.EarliestRefresh.Std(), AfterExpiryOnly: r.Allowed == "after_expiry",
		KillsPrevious: r.PreviousAccessToken == "kill", NarrowsGrant: r.ScopeRule == "narrow_grant",
	}
	switch r.OnReuse {
	case "revoke_family":
		p.Reuse = token.ReuseEndsFamily
	case "revoke_customer":
		p.Reuse = token.ReuseEndsAllGrants
	}
	switch r.Grace.Shape {
	case "same_pair":
		p.Grace = token.GraceSamePair
	case "new_sibling":
		p.Grace = token.GraceNewSibling
	case "until_successor_used":
		p.Grace = token.GraceUntilSuccessorUsed
	}
	return p
}

// validateRefresh follows RFC 6749 section 6.
func (i *Issuer) validateRefresh(t *tokenRequest) *oauth.Error {
	value := t.params.get("refresh_token")
	i.notePresented(t.exchange, oauth.KindRefreshToken, value)
	r, known := i.store.Refresh(value)
	if !known {
		return i.unknownRefresh(value)
	}
	i.noteGrant(t, r.Grant)
	t.born = r.IssuedAt
	if r.Grant.ClientID != t.app.ID && !i.profile.Breaks(deviation.RefreshForeignClient) {
		return i.refusal(oauth.InvalidGrant, "the refresh token was issued to another client")
	}
	if i.touchy(r.State.AccessExpiresAt, t.now) {
		return i.refusal(oauth.InvalidGrant, "the access token has expired a moment ago")
	}
	if i.policy.Defects.Widens {
		r.Scope = t.app.Scope
	}
	scope, err := i.refreshedScope(t, r.Scope)
	if err != nil {
		return err
	}
	t.scope = scope
	verdict := i.policy.Judge(r.State, t.now)
	if verdict.Accepted() {
		return nil
	}
	if verdict == token.Expired && !i.policy.Rotates && i.profile.Breaks(deviation.SlidingRevives) {
		i.store.Prolong(value, t.now, i.policy)
	}
	if verdict.Ends() {
		_, verdict = i.store.UseRefresh(value, t.now, i.policy, token.Pair{})
	}
	return i.refusedRefresh(verdict)
}

// refreshedScope is what the new access token gets, by the profile's
// scope_rule.
func (i *Issuer) refreshedScope(t *tokenRequest, granted oauth.Scope) (oauth.Scope, *oauth.Error) {
	scope, err := i.narrowed(t, granted)
	if err == nil && i.profile.RefreshToken.ScopeRule == "same_only" && !granted.Within(scope) {
		return nil, oauth.NewError(oauth.InvalidScope, "scope must be the one that was granted: this Platform does not narrow it at a refresh")
	}
	return scope, err
}

func (i *Issuer) unknownRefresh(value string) *oauth.Error {
	e := i.refusedRefresh(token.Unknown)
	if _, is := i.store.Access(value); is {
		return e.WithReason("an access token was presented as refresh token")
	}
	return e
}

// refusedRefresh answers a refused refresh token with the code that the
// profile has for the case.
func (i *Issuer) refusedRefresh(v token.Verdict) *oauth.Error {
	code := oauth.InvalidGrant
	switch v {
	case token.Expired:
		code = i.profile.RefreshToken.ErrorExpired
	case token.Spent, token.Reused, token.ReusedWidely:
		code = i.profile.RefreshToken.ErrorReused
	case token.Unknown, token.Revoked, token.Displaced:
		code = i.profile.RefreshToken.ErrorUnknown
	}
	return i.refusal(code, v.String())
}

// refusal has the status that the profile gives a refused refresh.
func (i *Issuer) refusal(code, description string) *oauth.Error {
	status := i.profile.RefreshToken.ErrorStatus
	if status == 0 {
		status = i.profile.Token.InvalidGrantStatus
	}
	return oauth.NewError(code, description).WithStatus(status)
}
