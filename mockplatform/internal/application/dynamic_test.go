package application

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/mint-conformance/mint/mockplatform/internal/oauth"
)

var now = time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC)

func TestNoMoreApplicationsThanTheBound(t *testing.T) {
	r := serviceRegistry(t)
	r.limit = 2 // the profile's own and one more
	uris := []string{"https://a.example/cb"}
	a, err := r.Enroll(now, Metadata{RedirectURIs: uris})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.Enroll(now, Metadata{RedirectURIs: uris}); !errors.Is(err, ErrTooMany) {
		t.Errorf("one too many: %v", err)
	}
	if _, err := r.Register(good); !errors.Is(err, ErrTooMany) {
		t.Errorf("one too many by the form: %v", err)
	}
	if !r.Remove(a.ID) || r.Remove(a.ID) {
		t.Error("a client is removed once")
	}
	if _, err := r.Enroll(now, Metadata{RedirectURIs: uris}); err != nil {
		t.Errorf("after a removal: %v", err)
	}
}

func TestARegistrationOpensWithItsOwnTokenAlone(t *testing.T) {
	r := serviceRegistry(t)
	a, errA := r.Enroll(now, Metadata{RedirectURIs: []string{"https://a.example/cb"}})
	b, errB := r.Enroll(now, Metadata{RedirectURIs: []string{"https://b.example/cb"}})
	if errA != nil || errB != nil || a.ID == b.ID || a.Secret == b.Secret || a.ManagementToken == b.ManagementToken || a.Secret == a.ManagementToken {
		t.Fatalf("%+v %v, %+v %v", a, errA, b, errB)
	}
	for _, row := range []struct {
		id, token string
		want      bool
	}{
		{a.ID, a.ManagementToken, true},
		{a.ID, b.ManagementToken, false},
		{a.ID, a.Secret, false},
		{a.ID, "", false},
		{"nobody", a.ManagementToken, false},
		{"service-mint", "", false}, // of the profile: nobody manages it
	} {
		if _, ok := r.Managed(row.id, row.token); ok != row.want {
			t.Errorf("Managed(%s, %q) is not %t", row.id, row.token, row.want)
		}
	}
}

func TestAReplacementKeepsSecretsAndRemembersRedirectURIs(t *testing.T) {
	r := serviceRegistry(t)
	r.offered = append(r.offered, oauth.AuthNone)
	a, err := r.Enroll(now, Metadata{RedirectURIs: []string{"https://a.example/1", "https://a.example/2"}, ClientName: "A"})
	if err != nil {
		t.Fatal(err)
	}
	claim := Claim{ClientID: a.ID}
	b, err := r.Replace(a.ID, Metadata{RedirectURIs: []string{"https://a.example/2", "https://a.example/3"}}, claim)
	if err != nil || b.Secret != a.Secret || b.ManagementToken != a.ManagementToken || !b.RegisteredAt.Equal(now) || b.Name != a.ID {
		t.Errorf("replaced %+v, %v", b, err)
	}
	if !b.Lost("https://a.example/1") || b.Lost("https://a.example/2") || b.Lost("https://a.example/4") || !slices.Equal(b.RedirectURIs, []string{"https://a.example/2", "https://a.example/3"}) {
		t.Errorf("redirect URIs %v, formerly %v", b.RedirectURIs, b.Former)
	}
	public, err := r.Replace(a.ID, Metadata{RedirectURIs: []string{"https://a.example/2"}, AuthMethod: "none"}, claim)
	if err != nil || public.Secret != "" || !public.Public {
		t.Errorf("made public: %+v, %v", public, err)
	}
	again, err := r.Replace(a.ID, Metadata{RedirectURIs: []string{"https://a.example/2"}}, claim)
	if err != nil || len(again.Secret) != 32 || again.Secret == a.Secret || again.Public {
		t.Errorf("made confidential again: %+v, %v", again, err)
	}
	if err := r.JudgeReplacement("nobody", Metadata{}, Claim{ClientID: "nobody"}); err == nil || err.Code != oauth.InvalidClientMetadata {
		t.Errorf("an unknown client: %v", err)
	}
}

// Where the Platform has no Basic, a client without a wish gets what there is.
func TestTheDefaultMethodIsOneThatThePlatformTakes(t *testing.T) {
	r := serviceRegistry(t)
	for _, row := range []struct {
		offered []string
		asked   string
		want    string // "" for a refusal
	}{
		{[]string{"body", "basic"}, "", "basic"},
		{[]string{"query", "body"}, "", "body"},
		{[]string{"none"}, "", "none"},
		{[]string{"query"}, "", ""},
		{[]string{"basic"}, "client_secret_post", ""},
		{[]string{"basic", "query"}, "query", ""},
	} {
		r.offered = row.offered
		a, err := r.described(Metadata{RedirectURIs: []string{"https://a.example/cb"}, AuthMethod: row.asked})
		if row.want == "" {
			if err == nil || err.Code != oauth.InvalidClientMetadata {
				t.Errorf("%v, asked for %q: %v", row.offered, row.asked, a.AuthMethods)
			}
			continue
		}
		if err != nil || !slices.Equal(a.AuthMethods, []string{row.want}) {
			t.Errorf("%v, asked for %q: %v, %v", row.offered, row.asked, a.AuthMethods, err)
		}
	}
}

// Grant types and response types go together (RFC 7591 section 2.1).
func TestResponseTypesGoWithGrantTypes(t *testing.T) {
	both := []string{"code", "token"}
	for _, row := range []struct {
		offered, grants, asked []string
		want                   []string // nil for a refusal
	}{
		{both, []string{"implicit"}, []string{"token"}, []string{"token"}},
		{both, []string{"implicit"}, nil, []string{"token"}},
		{both, []string{"implicit", "authorization_code"}, []string{"token", "code"}, both},
		{both, nil, nil, []string{"code"}},
		{both, nil, []string{"token"}, nil},
		{both, []string{"implicit"}, []string{"code"}, nil},
		{both, []string{"implicit"}, both, nil},
		{both, []string{"authorization_code", "implicit"}, []string{"code"}, nil},
		{both, []string{"authorization_code"}, []string{"code", "id_token"}, nil},
		{both, []string{"client_credentials"}, nil, []string{}},
		{[]string{"code"}, []string{"implicit"}, []string{"token"}, nil},
		{[]string{"code"}, []string{"authorization_code"}, both, nil},
	} {
		document := `{"authorize":{"response_types":["` + strings.Join(row.offered, `","`) + `"]}}`
		p, err := serviceProfile(t).With([]byte(document))
		if err != nil {
			t.Fatal(err)
		}
		a, refusal := NewRegistry(p, nil, nil).described(Metadata{
			RedirectURIs: []string{"https://a.example/cb"}, GrantTypes: row.grants, ResponseTypes: row.asked,
		})
		if row.want == nil {
			if refusal == nil || refusal.Code != oauth.InvalidClientMetadata {
				t.Errorf("%v with %v: registered %v", row.grants, row.asked, a.Grants)
			}
			continue
		}
		if got := MetadataOf(a).ResponseTypes; refusal != nil || !slices.Equal(got, row.want) {
			t.Errorf("%v with %v: %v, %v, want %v", row.grants, row.asked, got, refusal, row.want)
		}
	}
	r := serviceRegistry(t)
	r.responseTypes, r.selfGrants = both, append(r.selfGrants, "implicit")
	if _, err := r.described(Metadata{GrantTypes: []string{"implicit"}}); err == nil || err.Code != oauth.InvalidRedirectURI {
		t.Errorf("implicit without a redirect URI: %v", err)
	}
}
