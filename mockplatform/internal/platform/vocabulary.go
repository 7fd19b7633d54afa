package platform

import (
	"github.com/mint-conformance/mint/mockplatform/internal/journal"
	"github.com/mint-conformance/mint/mockplatform/internal/profile"
)

// vocabulary tells the journal which values of requests are names of this
// Platform and which are secrets that must not be read, wherever they stand.
func (p *Platform) vocabulary() journal.Vocabulary {
	names := map[string]bool{p.name: true}
	for scope := range p.profile.Scopes {
		names[scope] = true
	}
	for key, customer := range p.profile.Customers {
		names[key], names[customer.Username] = true, true
	}
	secrets := secretsOf(p.profile)
	applications := p.auth.Applications()
	return journal.Vocabulary{
		Name: func(value string) bool {
			if names[value] {
				return true
			}
			_, registered := applications.Lookup(value)
			return registered
		},
		Secret: func(value string) bool { return secrets[value] },
	}
}

// secretsOf collects the secrets that a profile declares. They are words that
// people chose, so that their look tells nothing.
func secretsOf(p *profile.Profile) map[string]bool {
	secrets := map[string]bool{}
	for _, customer := range p.Customers {
		secrets[customer.Password] = true
	}
	for _, client := range p.Clients {
		secrets[client.Secret] = true
	}
	secrets[p.AccessToken.Key] = true
	secrets[p.Registration.InitialToken] = true
	delete(secrets, "")
	return secrets
}
