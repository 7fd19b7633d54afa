package profile

import (
	"maps"
	"slices"
	"strings"

	"github.com/mint-conformance/mint/mockplatform/internal/oauth"
)

func (c *checker) token() {
	t := c.p.Token
	if strings.TrimSpace(t.TokenType) == "" {
		c.fault("token.token_type", "is missing: write Bearer")
	}
	if len(t.CredentialsIn) == 0 {
		c.fault("token.credentials_in", "is empty: say where clients put their credentials")
	}
	if public := c.p.publicClients(); !t.ClientIDRequired && len(public) != 1 {
		c.fault("token.client_id_required", "false needs exactly one public client to stand in, and there are %d: add one, keep one, or write true", len(public))
	}
}

// publicClients are the ids of the profile's public clients, sorted.
func (p *Profile) publicClients() []string {
	return slices.DeleteFunc(slices.Sorted(maps.Keys(p.Clients)), func(id string) bool {
		return p.Clients[id].Type != "public"
	})
}

// Assumed is the client that a token request without any client comes from
// (S004-33); "" where token.client_id_required is true.
func (p *Profile) Assumed() string {
	if public := p.publicClients(); !p.Token.ClientIDRequired && len(public) == 1 {
		return public[0]
	}
	return ""
}

// accountAPI is the application's own account (S003-22), which opens with a
// token that stands for the application itself.
func (c *checker) accountAPI() {
	if c.p.AccountAPI && !c.offers(oauth.ClientCredentials) {
		c.fault("account_api", "needs the grant client_credentials: add it to grants, or set account_api to false")
	}
}
