package profile

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestAnswersAndTokensThatAreWeakerShow(t *testing.T) {
	base, err := embedded(t, "mint").With([]byte(`{"authorize":{"errors":"after_login"}}`))
	if err != nil {
		t.Fatal(err)
	}
	for settings, want := range map[string][]string{
		`{"token":{"expires_in":"minus_one"},"revocation_reach":"customer"}`: nil,
		`{"token":{"expires_in":"string"}}`:                                  {"token.expires_in=string"},
		`{"token":{"expires_in":"float"}}`:                                   {"token.expires_in=float"},
		`{"token":{"expires_in":"absent"}}`:                                  {"token.expires_in=absent"},
		`{"token":{"expires_in":"lying"},"revocation_reach":"token"}`:        {"revocation_reach=token", "token.expires_in=lying"},
		`{"access_token":{"format":"jwe","alg":"EdDSA","profile":"rfc9068","claims":{"aud":"api","sub":"{customer.username}"}}}`: nil,
		`{"access_token":{"format":"jwt","alg":"ES256"},"resource_server":{"validation":"local"}}`:                               {"resource_server.validation=local"},
		`{"resource_server":{"mutating_operations":["query_metrics","update_campaign"]}}`:                                        nil,
		`{"resource_server":{"mutating_operations":["query_metrics"]}}`:                                                          {"resource_server.mutating_operations lacks update_campaign"},
		`{"resource_server":{"mutating_operations":[]}}`:                                                                         {"resource_server.mutating_operations lacks update_campaign"},
		`{"scopes":{"ads.write":null}}`:                                                                                          {"scopes lacks one that changes"},
		`{"scopes":{"ads.read":null}}`:                                                                                           nil,
		`{"scopes":{"ads.write":null},"resource_server":{"mutating_operations":[]}}`:                                             {"resource_server.mutating_operations lacks update_campaign"},
	} {
		p, err := base.With([]byte(settings))
		if err != nil {
			t.Errorf("%s: %v", settings, err)
		} else if diff := cmp.Diff(want, p.Leniencies()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", settings, diff)
		}
	}
}

func TestClaimsAreFilledIn(t *testing.T) {
	p := embedded(t, "mindbaz")
	maya, _ := p.Customer("maya")
	want := map[string]string{
		"aud": "RestAPI", "name": "Maya Okafor", "sub": "maya@example.test", "email": "maya@example.test",
		"cookey": "TVRJek5EVTJOemc1TUdGaVkyUmxaZz09",
	}
	if diff := cmp.Diff(want, p.AccessToken.ClaimsFor(maya, "100", "")); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(map[string]string{"aud": "RestAPI"}, p.AccessToken.ClaimsFor(Customer{}, "100", "")); diff != "" {
		t.Errorf("a client's own token (-want +got):\n%s", diff)
	}
}
