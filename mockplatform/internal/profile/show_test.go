package profile

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/mint-conformance/mint/fixtures"
)

// What show prints is a complete profile with the same values, of whatever
// layers it was made.
func TestShownProfilesReadBackTheSame(t *testing.T) {
	odd := `{"title":"a: \"b\" # c\nd","customers":{"maya":{"password":"no","attributes":{"k":"1"}}},"access_token":{"lifetime":"1h1m1s"},"sources":[]}`
	for _, name := range fixtures.Profiles() {
		document, err := fixtures.Profile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, layers := range []Layers{
			{Document: document},
			{Document: document, Dialect: dialect(t, "github")},
			{Document: document, Dialect: dialect(t, "google"), Settings: []byte(odd)},
		} {
			p, shown, err := Effective(layers)
			if err != nil {
				t.Errorf("%s: %v", name, err)
				continue
			}
			back, err := Parse(shown)
			if err != nil {
				t.Errorf("%s does not read back: %v\n%s", p.Label(), err, shown)
				continue
			}
			same := []cmp.Option{cmpopts.EquateEmpty(), cmpopts.IgnoreFields(Profile{}, "Dialect")}
			if diff := cmp.Diff(p, back, same...); diff != "" {
				t.Errorf("%s (-shown +read):\n%s", p.Label(), diff)
			}
		}
	}
}

func TestShownValuesNameTheirOrigin(t *testing.T) {
	document, err := fixtures.Profile("mailup")
	if err != nil {
		t.Fatal(err)
	}
	_, shown, err := Effective(Layers{
		Document: document, Dialect: dialect(t, "github"),
		Settings: []byte(`{"refresh_token":{"error_status":401},"clients":{"mailup-mint":{"name":"Mine"}}}`),
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"# Effective profile mailup+github; a comment names the origin of each value.\nname: mailup # profile\n",
		"  scopes_selectable: false # profile\n  deny: redirect # dialect github\n",
		"    name: Mine # settings\n    website: https://mint.example # profile\n",
		"  response_types: [code] # profile\n  response_modes: [query] # default\n",
		"  rotates: true # dialect github\n",
		"  grace:\n    shape: none # dialect github\n",
		"  error_status: 401 # settings\n  error_expired: bad_refresh_token # dialect github\n",
		"  lifetime: 8h # dialect github\n",
	} {
		if !strings.Contains(string(shown), want) {
			t.Errorf("%q is not in:\n%s", want, shown)
		}
	}
}

func TestFaultyLayersAreNotShown(t *testing.T) {
	document, err := fixtures.Profile("mailup")
	if err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct {
		layers Layers
		want   string
	}{
		{Layers{}, "the document is empty"},
		{Layers{Document: []byte("name: x\ncolour: red")}, "line 2: colour"},
		{Layers{Document: document, Settings: []byte("[]")}, "must be a mapping"},
		{Layers{Document: document, Settings: []byte("code:\n  lifetime: 11m")}, "line 2: code.lifetime"},
	} {
		if _, _, err := Effective(tc.layers); err == nil || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%v, want %s", err, tc.want)
		}
	}
}
