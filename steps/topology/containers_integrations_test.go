package topology

import (
	"reflect"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/mint-conformance/mint/client"
)

// What MINT reads in its container is what the scenario wrote down; a field
// that is new in client.Integration and missing here turns this red.
func TestIntegrationsArriveAsTheyWere(t *testing.T) {
	full := client.Integration{
		ID: "service", Title: "Service", Issuer: "http://platform.test/service-1",
		Grants:                []string{"authorization_code", "client_credentials"},
		AuthorizationEndpoint: "http://platform.test/service-1/oauth2/authorize",
		TokenEndpoint:         "http://platform.test/service-1/oauth2/token",
		RevocationEndpoint:    "http://platform.test/service-1/oauth2/revoke",
		APIBase:               "http://platform.test/service-1",
		ApplicationEndpoint:   "http://platform.test/service-1/api/application",
		ClientID:              "service-mint", ClientSecret: `q"uo\te: "'`, ClientAuth: "basic",
		Scopes: []string{"ads.read", "ads.write"}, PKCE: "S256", SendsIssuer: true,
		Refresh: client.RefreshRule{Replay: "same_pair", Window: 90 * time.Second},
	}
	for field := range reflect.TypeFor[client.Integration]().Fields() {
		if reflect.ValueOf(full).FieldByIndex(field.Index).IsZero() {
			t.Errorf("the example leaves %s empty: fill it", field.Name)
		}
	}
	minimal := client.Integration{
		ID: "mindbaz", Title: "Mindbaz", Issuer: "http://platform.test/mindbaz-1",
		Grants:        []string{"password"},
		TokenEndpoint: "http://platform.test/mindbaz-1/oauth2/token",
		APIBase:       "http://platform.test/mindbaz-1",
		ClientID:      "100", ClientAuth: "none", PKCE: "off",
		Refresh: client.RefreshRule{Replay: "unknown"},
	}
	want := []client.Integration{full, minimal}
	document, err := integrationsDocument(want)
	if err != nil {
		t.Fatal(err)
	}
	got, err := client.LoadIntegrations("integrations.json", document)
	if err != nil {
		t.Fatalf("%v\n%s", err, document)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("integrations changed on the way (-want +got):\n%s", diff)
	}
}
