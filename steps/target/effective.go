package target

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/mint-conformance/mint/mockplatform"
)

// effective holds those values of a profile that say what a Platform has.
type effective struct {
	Grants  []string       `yaml:"grants"`
	Scopes  map[string]any `yaml:"scopes"`
	Clients map[string]struct {
		Scopes []string `yaml:"scopes"`
	} `yaml:"clients"`
	Authorize struct {
		PKCE          string   `yaml:"pkce"`
		Iss           bool     `yaml:"iss"`
		PAR           bool     `yaml:"par"`
		ResponseTypes []string `yaml:"response_types"`
	} `yaml:"authorize"`
	Code struct {
		Lifetime duration `yaml:"lifetime"`
	} `yaml:"code"`
	Consent struct {
		Kind     string `yaml:"kind"`
		Remember string `yaml:"remember"`
	} `yaml:"consent"`
	Token struct {
		InvalidGrantStatus int      `yaml:"invalid_grant_status"`
		CredentialsIn      []string `yaml:"credentials_in"`
	} `yaml:"token"`
	AccessToken struct {
		Format   string            `yaml:"format"`
		Alg      string            `yaml:"alg"`
		Claims   map[string]string `yaml:"claims"`
		Lifetime duration          `yaml:"lifetime"`
	} `yaml:"access_token"`
	RefreshToken struct {
		Issued           bool     `yaml:"issued"`
		Rotates          bool     `yaml:"rotates"`
		IdleLifetime     duration `yaml:"idle_lifetime"`
		AbsoluteLifetime duration `yaml:"absolute_lifetime"`
		MaxUses          int      `yaml:"max_uses"`
		OnReuse          string   `yaml:"on_reuse"`
		RotationLifetime string   `yaml:"rotation_lifetime"`
		Allowed          string   `yaml:"allowed"`
		IssuedBy         string   `yaml:"issued_by"`
		Grace            struct {
			Shape  string   `yaml:"shape"`
			Window duration `yaml:"window"`
		} `yaml:"grace"`
	} `yaml:"refresh_token"`
	Registration struct {
		Mode string `yaml:"mode"`
	} `yaml:"registration"`
	Revocation    bool `yaml:"revocation"`
	Introspection bool `yaml:"introspection"`
	Metadata      bool `yaml:"metadata"`
	AccountAPI    bool `yaml:"account_api"`
}

// duration is written as profiles write it: 30d, 20m, 90s.
type duration time.Duration

// UnmarshalYAML reads one duration.
func (d *duration) UnmarshalYAML(n *yaml.Node) error {
	text := n.Value
	if days, whole := strings.CutSuffix(text, "d"); whole {
		var count float64
		if _, err := fmt.Sscanf(days, "%g", &count); err != nil {
			return fmt.Errorf("duration %q: %w", text, err)
		}
		*d = duration(count * 24 * float64(time.Hour))
		return nil
	}
	parsed, err := time.ParseDuration(text)
	*d = duration(parsed)
	return err
}

var effectiveCache sync.Map // profile and settings to *effective

// effectiveProfile reads a profile as it is documented: deviations are defects
// of which no document speaks.
func effectiveProfile(profile string, settings map[string]any) (*effective, error) {
	documented := maps.Clone(settings)
	delete(documented, "break")
	laid, err := json.Marshal(withFixtures(profile, documented))
	if err != nil {
		return nil, err
	}
	key := profile + " " + string(laid)
	if known, ok := effectiveCache.Load(key); ok {
		return known.(*effective), nil //nolint:forcetypeassert // nothing else is stored
	}
	document, err := mockplatform.EffectiveProfile(mockplatform.Hosted{Profile: profile}, laid)
	if err != nil {
		return nil, err
	}
	e := &effective{}
	if err := yaml.Unmarshal(document, e); err != nil {
		return nil, fmt.Errorf("the effective profile %s: %w", profile, err)
	}
	effectiveCache.Store(key, e)
	return e, nil
}

// fill writes down what the Platform has.
func (e *effective) fill(t *Target) {
	t.InvalidGrantStatus = e.Token.InvalidGrantStatus
	t.Methods = e.Token.CredentialsIn
	t.Lifetimes = Lifetimes{Code: time.Duration(e.Code.Lifetime), Access: time.Duration(e.AccessToken.Lifetime)}
	t.Refresh = e.refresh()
	if e.AccessToken.Alg != "" {
		t.JWT = JWT{
			Algorithms: []string{e.AccessToken.Alg}, Audience: e.AccessToken.Claims["aud"],
			Claims: append(slices.Sorted(maps.Keys(e.AccessToken.Claims)), "iss", "iat", "exp", "jti"),
		}
	}
	offers := func(grant string) bool { return slices.Contains(e.Grants, grant) }
	code := offers("authorization_code")
	refresh := offers("refresh_token") && e.RefreshToken.Issued
	t.Features = map[string]bool{
		"application_account":      e.AccountAPI,
		"application_list":         code,
		"authorization_code":       code,
		"client_credentials":       offers("client_credentials"),
		"client_credentials_query": offers("client_credentials") && slices.Contains(e.Token.CredentialsIn, "query"),
		"confidential_client":      t.Clients.Main.Secret != "",
		"dynamic_registration":     e.Registration.Mode == "dcr",
		"introspection":            e.Introspection,
		"iss_parameter":            code && e.Authorize.Iss,
		"jwt_access_token":         e.AccessToken.Format == "jwt",
		"loopback_redirect":        t.Clients.Native != nil,
		"metadata":                 e.Metadata,
		"password":                 offers("password"),
		"pkce":                     code && e.Authorize.PKCE != "off",
		"protected_resource":       true,
		"pushed_authorization":     code && e.Authorize.PAR,
		"refresh":                  refresh,
		"refresh_rotating":         refresh && e.RefreshToken.Rotates,
		"refresh_sliding":          refresh && !e.RefreshToken.Rotates,
		"registration_form":        e.Registration.Mode == "portal",
		"revocation":               e.Revocation,
		"scopes":                   len(e.Scopes) > 1,
		"widget":                   e.Consent.Kind == "popup" || e.Consent.Kind == "iframe_widget",
	}
	t.Resource = &Resource{Method: "GET", URL: t.Mock.Platform.Endpoints.Campaigns}
	t.Writable = &Resource{
		Method: "PATCH", URL: t.Mock.Platform.Endpoints.Campaigns + "/c-101", Body: `{"status":"paused"}`,
	}
	for _, client := range []*Client{t.Clients.Main, t.Clients.Second, t.Clients.Machine} {
		if client != nil {
			client.Scopes = e.Clients[client.ID].Scopes
		}
	}
}

func (e *effective) refresh() Refresh {
	r := e.RefreshToken
	out := Refresh{
		Idle: time.Duration(r.IdleLifetime), Absolute: time.Duration(r.AbsoluteLifetime), MaxUses: r.MaxUses,
		Renewed: r.RotationLifetime, Family: r.OnReuse != "reject", Mode: "sliding",
		AfterExpiry: r.Allowed == "after_expiry",
		Silent:      e.Consent.Remember != "never" && r.IssuedBy == "any_code_grant",
	}
	if r.Rotates {
		out.Mode = "rotating"
	}
	if r.Grace.Shape != "none" {
		out.Grace = time.Duration(r.Grace.Window)
	}
	return out
}
