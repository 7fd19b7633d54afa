package partner

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// Metadata is what of a metadata document (RFC 8414 section 2) matters here.
type Metadata struct {
	Issuer        string   `json:"issuer"`
	Authorize     string   `json:"authorization_endpoint"`
	Token         string   `json:"token_endpoint"`
	JWKS          string   `json:"jwks_uri"`
	Register      string   `json:"registration_endpoint"`
	Revoke        string   `json:"revocation_endpoint"`
	Introspect    string   `json:"introspection_endpoint"`
	PAR           string   `json:"pushed_authorization_request_endpoint"`
	Scopes        []string `json:"scopes_supported"`
	Grants        []string `json:"grant_types_supported"`
	ResponseTypes []string `json:"response_types_supported"`
	Methods       []string `json:"token_endpoint_auth_methods_supported"`
	PKCE          []string `json:"code_challenge_methods_supported"`
	Iss           bool     `json:"authorization_response_iss_parameter_supported"`

	// URL is where it was found.
	URL string `json:"-"`
}

// maxMetadata bounds what is read of a metadata document.
const maxMetadata = 1 << 20

// metadataURLs are the places to look for metadata: where RFC 8414 section 3
// puts it, then the forms that are found in use.
func metadataURLs(issuer string) []string {
	u, err := url.Parse(issuer)
	if err != nil {
		return nil
	}
	root, path := u.Scheme+"://"+u.Host, strings.TrimSuffix(u.EscapedPath(), "/")
	all := []string{
		root + "/.well-known/oauth-authorization-server" + path,
		root + path + "/.well-known/oauth-authorization-server",
		root + path + "/.well-known/openid-configuration",
		root + "/.well-known/openid-configuration" + path,
	}
	seen := []string{}
	for _, one := range all {
		if !slices.Contains(seen, one) {
			seen = append(seen, one)
		}
	}
	return seen
}

// metadata fetches the document from the first place that has it; nil if none
// has. A Trouble means that the server could not be asked.
func (c *contact) metadata(ctx context.Context, places []string) (*Metadata, error) {
	for _, place := range places {
		response, err := c.get(ctx, http.MethodGet, place)
		if err != nil {
			if ctx.Err() != nil {
				return nil, ctx.Err()
			}
			return nil, troubleOf(place, err)
		}
		text, err := io.ReadAll(io.LimitReader(response.Body, maxMetadata))
		if closing := response.Body.Close(); err == nil {
			err = closing
		}
		if err != nil {
			return nil, troubleOf(place, err)
		}
		if response.StatusCode != http.StatusOK {
			continue
		}
		m := &Metadata{URL: place}
		if err := json.Unmarshal(text, m); err != nil {
			return nil, &Trouble{
				fmt.Sprintf("the metadata document %s cannot be read: %v", place, err),
				"have it answer with a JSON object as RFC 8414 section 3.2 describes, or write the endpoints into the file", Server,
			}
		}
		return m, nil
	}
	return nil, nil
}
