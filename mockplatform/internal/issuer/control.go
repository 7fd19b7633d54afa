package issuer

import (
	"time"

	"github.com/mint-conformance/mint/mockplatform/control"
	"github.com/mint-conformance/mint/mockplatform/internal/oauth"
	"github.com/mint-conformance/mint/mockplatform/internal/token"
)

// SelectorError says which field of a token selector is wrong and how to mend
// it.
type SelectorError struct{ Field, Problem string }

// Error is one sentence.
func (e *SelectorError) Error() string { return e.Field + ": " + e.Problem }

// Grants lists all token families in the order of their birth, with
// fingerprints in place of values.
func (i *Issuer) Grants(now time.Time) []control.Family {
	families := i.store.Families(now)
	out := make([]control.Family, 0, len(families))
	for _, f := range families {
		v := control.Family{
			ID: f.Grant.ID, ClientID: f.Grant.ClientID, Customer: f.Grant.Customer,
			GrantType: string(f.Grant.GrantType), Scope: f.Grant.Scope.String(), BornAt: f.Grant.BornAt.UTC(),
			Revoked: f.Revoked, Reason: f.Reason, Tokens: make([]control.Token, 0, len(f.Tokens)),
		}
		for _, m := range f.Tokens {
			t := control.Token{
				Kind: m.Kind, Fingerprint: i.fingerprints.Fingerprint(m.Value), Parent: i.fingerprints.Fingerprint(m.Parent),
				Children: i.children(f.Tokens, m.Value),
				IssuedAt: m.IssuedAt.UTC(), ExpiresAt: m.ExpiresAt.UTC(), State: m.State,
			}
			if !m.SpentAt.IsZero() {
				spent := m.SpentAt.UTC()
				t.SpentAt = &spent
			}
			v.Tokens = append(v.Tokens, t)
		}
		out = append(out, v)
	}
	return out
}

// children are the fingerprints of the tokens that came from this one.
func (i *Issuer) children(tokens []token.Member, value string) []string {
	var out []string
	for _, m := range tokens {
		if m.Parent == value {
			out = append(out, i.fingerprints.Fingerprint(m.Value))
		}
	}
	return out
}

// Expire lets the selected live tokens expire now and answers how many. The
// error is a *SelectorError.
func (i *Issuer) Expire(now time.Time, sel control.TokenSelector) (control.Affected, error) {
	s, err := i.selector(sel)
	if err != nil {
		return control.Affected{}, err
	}
	return control.Affected{Tokens: i.store.Expire(now, s)}, nil
}

// RevokeTokens revokes the selected live tokens and answers how many; without
// a Kind their families end too. The error is a *SelectorError.
func (i *Issuer) RevokeTokens(now time.Time, sel control.TokenSelector) (control.Affected, error) {
	s, err := i.selector(sel)
	if err != nil {
		return control.Affected{}, err
	}
	return control.Affected{Tokens: i.store.Revoke(now, s, token.ReasonByControl)}, nil
}

// selector refuses what can only be a slip: nothing chosen, or a name that
// nobody has.
func (i *Issuer) selector(sel control.TokenSelector) (token.Selector, error) {
	s := token.Selector{Kind: sel.Kind, Client: sel.Client, Customer: sel.Customer, Family: sel.Family}
	if s == (token.Selector{}) && !sel.All {
		return s, &SelectorError{"all", "the selector is empty: choose kind, client, customer or family, or set all to true"}
	}
	if s.Kind != "" && s.Kind != oauth.KindAccessToken && s.Kind != oauth.KindRefreshToken {
		return s, &SelectorError{"kind", "use access_token or refresh_token, or leave it out for both"}
	}
	if _, known := i.applications.Lookup(s.Client); s.Client != "" && !known {
		return s, &SelectorError{"client", "no client has this client_id"}
	}
	if _, known := i.profile.Customer(s.Customer); s.Customer != "" && !known {
		return s, &SelectorError{"customer", "no customer has this key: use one such as maya"}
	}
	return s, nil
}
