package profile

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/mint-conformance/mint/mockplatform/internal/oauth"
)

// MaxDocument bounds a profile or settings document, in bytes.
const MaxDocument = 1 << 20

// Check looks at a profile for what only the caller can judge, such as names
// of documents elsewhere, and tells what is wrong at which path.
type Check func(p *Profile, fault func(path, format string, args ...any))

// Parse reads a complete profile document over the defaults and validates it.
// The error is Faults, all of them at once; one without a path is about the
// document as a whole.
func Parse(doc []byte, checks ...Check) (*Profile, error) {
	return read(doc, defaults(), false, checks)
}

// With lays a partial document (JSON or YAML) over a copy of p and validates
// the result. Mappings merge by key, everything else replaces; null removes a
// client, customer, scope or claim, empties a list, or gives a single value back
// its default. An empty document answers p itself.
func (p *Profile) With(settings []byte, checks ...Check) (*Profile, error) {
	if len(bytes.TrimSpace(settings)) == 0 || string(bytes.TrimSpace(settings)) == "null" {
		return p, nil
	}
	return read(settings, *p, true, checks)
}

// Passes judges a finished profile once more; the error is Faults.
func (p *Profile) Passes(check Check) error {
	c := checker{p: p, line: func(string) int { return 0 }}
	check(p, c.fault)
	if len(c.faults) > 0 {
		return c.faults.sorted()
	}
	return nil
}

func read(doc []byte, base Profile, partial bool, checks []Check) (*Profile, error) {
	root, err := document(doc)
	if err != nil {
		return nil, Faults{{Message: err.Error()}}
	}
	p, _, err := lay(root, base, partial, checks)
	if err != nil {
		return nil, err
	}
	if err := p.deviate(); err != nil {
		return nil, Faults{{Path: "break", Message: err.Error()}}
	}
	return p, nil
}

// lay writes the mapping root over base, whose maps and slices are copied when
// written, and lists what is wrong: with single values, and with combinations
// as far as they do not hang on a faulty value. It also answers the lines at
// which each path was written.
func lay(root *yaml.Node, base Profile, partial bool, checks []Check) (*Profile, map[string]int, error) {
	judge := func() (Profile, *decoder, Faults) {
		p, d := base, &decoder{partial: partial, lines: map[string]int{}}
		d.value(root, &p, "")
		return p, d, p.validate(d.line, checks)
	}
	p, d, combined := judge()
	faults := d.faults
	if len(faults) > 0 && d.nodes <= maxNodes {
		combined = certain(combined.apart(faults), d.doubts, d.nodes, func() Faults {
			_, _, again := judge()
			return again
		})
	}
	if d.nodes <= maxNodes {
		faults = append(faults, combined...)
	}
	if len(faults) > 0 {
		return nil, d.lines, faults.sorted()
	}
	return &p, d.lines, nil
}

// document reads exactly one YAML (or JSON) document that holds a mapping.
func document(doc []byte) (*yaml.Node, error) {
	if len(doc) > MaxDocument {
		return nil, fmt.Errorf("the document is longer than %d bytes", MaxDocument)
	}
	dec := yaml.NewDecoder(bytes.NewReader(doc))
	var node yaml.Node
	if err := dec.Decode(&node); errors.Is(err, io.EOF) {
		return nil, errors.New("the document is empty")
	} else if err != nil {
		return nil, fmt.Errorf("not readable as YAML: %s", strings.TrimPrefix(err.Error(), "yaml: "))
	}
	if err := dec.Decode(new(yaml.Node)); !errors.Is(err, io.EOF) {
		return nil, errors.New("there is more than one document: keep the first and remove what follows the line ---")
	}
	root := node.Content[0]
	if root.Kind != yaml.MappingNode {
		return nil, errors.New("the document must be a mapping of keys to values")
	}
	return root, nil
}

func defaults() Profile {
	return Profile{
		Topology: "combined",
		Paths: Paths{
			Authorize: "/oauth2/authorize", Token: "/oauth2/token", Revoke: "/oauth2/revoke",
			Introspect: "/oauth2/introspect", JWKS: "/jwks.json", Register: "/oauth2/register", PAR: "/oauth2/par",
			Developers: "/developers", Connected: "/connected",
			Me: "/api/me", Campaigns: "/api/campaigns", Application: "/api/application",
		},
		ResourceOwner: "customer",
		Authorize: Authorize{
			PKCE: "required", Iss: true, ResponseTypes: []string{"code"}, ResponseModes: []string{"query"},
			ClientIdentification: "client_id", Errors: "at_once", PARLifetime: Duration(time.Minute),
		},
		SignIn:  SignIn{Methods: []string{"session", "password"}, SessionLifetime: Duration(12 * time.Hour)},
		Code:    Code{Lifetime: Duration(time.Minute), RedirectURIAtToken: "if_sent"},
		Consent: Consent{Kind: "page", Deny: "redirect", DenyError: oauth.AccessDenied, Remember: "never", Prompt: "ignored"},
		Token: Token{
			ParamCase: "exact", TokenType: "Bearer", ExpiresIn: "exact", InvalidGrantStatus: 400,
			CredentialsIn: []string{"basic", "body"}, ClientIDRequired: true,
		},
		AccessToken: AccessToken{Format: "opaque", Profile: "plain", Lifetime: Duration(20 * time.Minute)},
		RefreshToken: RefreshToken{
			Format: "opaque", OnReuse: "revoke_family", Grace: Grace{Shape: "none"},
			Allowed: "any", PreviousAccessToken: "keep", RotationLifetime: "fresh", IssuedBy: "any_code_grant",
			ScopeRule: "narrow_access", ErrorExpired: oauth.InvalidGrant, ErrorReused: oauth.InvalidGrant,
			ErrorUnknown: oauth.InvalidGrant,
		},
		ResourceServer: ResourceServer{
			SuccessStatus: "200", Validation: "introspection", MutatingOperations: []string{UpdateCampaign},
		},
		Registration:    Registration{Mode: "manual", Portal: "up", RedirectChange: "immediate"},
		RevocationReach: "family",
	}
}

// fresh is what a new client starts from.
func (Client) fresh() any { return Client{Type: "confidential", AuthMethods: []string{"basic"}} }

// fresh is what a new customer starts from.
func (Customer) fresh() any { return Customer{Role: RoleOwner} }
