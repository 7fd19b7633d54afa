package topology

import (
	"encoding/json"
	"fmt"

	"github.com/mint-conformance/mint/client"
)

// integration is a client.Integration as MINT's --integrations file spells it.
// The keys are written out here, secret included, since a Secret rightly
// refuses to marshal itself.
type integration struct {
	ID                    string      `json:"id"`
	Title                 string      `json:"title"`
	Issuer                string      `json:"issuer"`
	Grants                []string    `json:"grants"`
	AuthorizationEndpoint string      `json:"authorization_endpoint,omitempty"`
	TokenEndpoint         string      `json:"token_endpoint"`
	RevocationEndpoint    string      `json:"revocation_endpoint,omitempty"`
	APIBase               string      `json:"api_base"`
	ApplicationEndpoint   string      `json:"application_endpoint,omitempty"`
	ClientID              string      `json:"client_id"`
	ClientSecret          string      `json:"client_secret,omitempty"`
	ClientAuth            string      `json:"client_auth"`
	Scopes                []string    `json:"scopes,omitempty"`
	PKCE                  string      `json:"pkce,omitempty"`
	SendsIssuer           bool        `json:"sends_issuer,omitempty"`
	Refresh               refreshRule `json:"refresh,omitzero"`
}

type refreshRule struct {
	Replay string `json:"replay,omitempty"`
	Window string `json:"window,omitempty"`
}

// integrationsDocument writes what client.LoadIntegrations reads; JSON is YAML.
func integrationsDocument(integrations []client.Integration) ([]byte, error) {
	var document struct {
		Platforms []integration `json:"platforms"`
	}
	for _, i := range integrations {
		refresh := refreshRule{Replay: i.Refresh.Replay}
		if i.Refresh.Window != 0 {
			refresh.Window = i.Refresh.Window.String()
		}
		document.Platforms = append(document.Platforms, integration{
			ID:                    i.ID,
			Title:                 i.Title,
			Issuer:                i.Issuer,
			Grants:                i.Grants,
			AuthorizationEndpoint: i.AuthorizationEndpoint,
			TokenEndpoint:         i.TokenEndpoint,
			RevocationEndpoint:    i.RevocationEndpoint,
			APIBase:               i.APIBase,
			ApplicationEndpoint:   i.ApplicationEndpoint,
			ClientID:              i.ClientID,
			ClientSecret:          i.ClientSecret.Reveal(),
			ClientAuth:            i.ClientAuth,
			Scopes:                i.Scopes,
			PKCE:                  i.PKCE,
			SendsIssuer:           i.SendsIssuer,
			Refresh:               refresh,
		})
	}
	content, err := json.MarshalIndent(document, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("writing MINT's integrations: %w", err)
	}
	return content, nil
}
