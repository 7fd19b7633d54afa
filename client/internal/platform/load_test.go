package platform

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"
)

const fixtures = "../../../fixtures/integrations/default.yaml"

// The shipped integrations are the four platforms of the spec.
func TestDefaultIntegrations(t *testing.T) {
	document, err := os.ReadFile(fixtures)
	if err != nil {
		t.Fatal(err)
	}
	integrations, err := LoadIntegrations("default.yaml", document)
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	for _, integration := range integrations {
		ids = append(ids, integration.ID)
	}
	if strings.Join(ids, " ") != "mint mailup service mindbaz" {
		t.Errorf("ids = %v", ids)
	}
	want := Integration{
		ID: "service", Title: "Service Ads", Issuer: "http://127.0.0.1:9400/service",
		Grants:                []string{GrantAuthorizationCode, GrantClientCredentials},
		AuthorizationEndpoint: "http://127.0.0.1:9400/service/oauth2/authorize",
		TokenEndpoint:         "http://127.0.0.1:9400/service/oauth2/token",
		RevocationEndpoint:    "http://127.0.0.1:9400/service/oauth2/revoke",
		APIBase:               "http://127.0.0.1:9400/service",
		ApplicationEndpoint:   "http://127.0.0.1:9400/service/api/application",
		ClientID:              "service-mint", ClientSecret: "service-mint-secret-for-tests-only", ClientAuth: AuthBasic,
		Scopes: []string{ScopeRead, ScopeChange}, PKCE: PKCES256, SendsIssuer: true,
		Refresh: RefreshRule{Replay: ReplaySamePair, Window: 30 * time.Second},
	}
	if !reflect.DeepEqual(integrations[2], want) {
		t.Errorf("service = %+v\nwant      %+v", integrations[2], want)
	}
	if mindbaz := integrations[3]; !mindbaz.Has(GrantPassword) || mindbaz.ClientAuth != AuthNone || !mindbaz.AllowsChanges(nil) {
		t.Errorf("mindbaz = %+v", mindbaz)
	}
	if integrations[0].AllowsChanges([]string{ScopeRead}) || !integrations[0].AllowsChanges([]string{ScopeRead, ScopeChange}) {
		t.Error("changes need ads.write where the platform has it")
	}
}

// Every fault is listed at once, each with its path and line.
func TestLoadListsEveryFault(t *testing.T) {
	document := `
platforms:
  - id: Mint!
    title: ""
    issuer: mint
    grants: [authorization_code, password, implicit]
    token_endpoint: ftp://x/token
    api_base: http://127.0.0.1:9400/mint#fragment
    client_id: ""
    client_secret: a
    client_secret_env: B
    client_auth: digest
    scopes: ["ads read"]
    pkce: plain
    colour: red
    refresh: {replay: sometimes, window: soon, windows: 1}
  - id: two
    title: Two
    grants: [authorization_code, client_credentials]
    authorization_endpoint: http://127.0.0.1/a
    token_endpoint: http://127.0.0.1/t
    api_base: http://127.0.0.1/
    client_id: two
    client_secret_env: MINT_TEST_THIS_IS_NOT_SET
    sends_issuer: true
    refresh: {replay: same_pair}
  - id: two
    title: [Two]
    grants: [password]
    token_endpoint: http://127.0.0.1/t
    api_base: http://user@127.0.0.1/
    client_id: "100"
    client_secret: unused
    client_auth: none
    refresh: {replay: none, window: 3s}
`
	_, err := LoadIntegrations("mine.yaml", []byte(document))
	if err == nil {
		t.Fatal("no error")
	}
	for _, want := range []string{
		"mine.yaml:3: platforms[0].id: ", "mine.yaml:4: platforms[0].title: ", "mine.yaml:5: platforms[0].issuer: ",
		"mine.yaml:6: platforms[0].grants: \"implicit\"", "mine.yaml:6: platforms[0].grants: name exactly one",
		"platforms[0].authorization_endpoint: needed", "mine.yaml:7: platforms[0].token_endpoint: ", "mine.yaml:8: platforms[0].api_base: ",
		"mine.yaml:9: platforms[0].client_id: ", "mine.yaml:10: platforms[0].client_secret: name the secret once",
		"mine.yaml:12: platforms[0].client_auth: \"digest\"", "mine.yaml:13: platforms[0].scopes: ", "mine.yaml:14: platforms[0].pkce: ",
		"mine.yaml:15: platforms[0].colour: unknown key; known are api_base, ", "mine.yaml:16: platforms[0].refresh.windows: unknown key",
		"mine.yaml:16: platforms[0].refresh.window: ", "mine.yaml:16: platforms[0].refresh.replay: ",
		"platforms[1].issuer: needed with sends_issuer", "platforms[1].application_endpoint: needed", "platforms[1].refresh.window: needed",
		"platforms[1].client_secret_env: the environment variable MINT_TEST_THIS_IS_NOT_SET is not set",
		"platforms[2].id: \"two\" is already", "cannot unmarshal", "platforms[2].api_base: ", "platforms[2].client_secret: not sent", "platforms[2].refresh.window: only",
	} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("no fault %q in\n%v", want, err)
		}
	}
}

func TestLoadRefusesOtherDocuments(t *testing.T) {
	for name, document := range map[string]string{
		"nothing": ``, "no list": `platforms: {}`, "empty list": `platforms: []`, "another key": `platform: []`, "list on top": `- id: a`,
		"no YAML": "\t{", "a scalar entry": `platforms: [mint]`,
	} {
		if _, err := LoadIntegrations("mine.yaml", []byte(document)); err == nil || !strings.Contains(err.Error(), "mine.yaml") {
			t.Errorf("%s: error = %v", name, err)
		}
	}
}

// Secrets can stay out of the document.
func TestSecretsFromElsewhere(t *testing.T) {
	path := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(path, []byte("from a file\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("MINT_TEST_SECRET", "from the environment")
	for key, want := range map[string]Secret{
		"client_secret: here": "here", "client_secret_env: MINT_TEST_SECRET": "from the environment", "client_secret_file: " + path: "from a file",
	} {
		integrations, err := LoadIntegrations("mine.yaml", []byte(`platforms:
  - {id: a, title: A, grants: [password], token_endpoint: "http://h/t", api_base: "http://h", client_id: c, `+key+`}`))
		if err != nil || integrations[0].ClientSecret != want || integrations[0].ClientAuth != AuthBasic {
			t.Errorf("%s: %v", key, err)
		}
	}
}

func TestValidateIntegrationsBuiltInCode(t *testing.T) {
	good := Integration{ID: "a", Title: "A", Grants: []string{GrantPassword}, TokenEndpoint: "http://h/t", APIBase: "http://h", ClientID: "c"}
	if err := ValidateIntegrations([]Integration{good}); err != nil {
		t.Error(err)
	}
	bad := good
	bad.APIBase = ""
	err := ValidateIntegrations([]Integration{good, bad})
	if err == nil || !strings.Contains(err.Error(), "integrations[1] (a): api_base: needed") || !strings.Contains(err.Error(), "integrations[1]: id: ") {
		t.Errorf("error = %v", err)
	}
	if ValidateIntegrations(nil) == nil {
		t.Error("no integrations at all are not refused")
	}
}
