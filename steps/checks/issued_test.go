package checks

import (
	"slices"
	"testing"

	"github.com/mint-conformance/mint/mockplatform/control"
	"github.com/mint-conformance/mint/steps/exchange"
	"github.com/mint-conformance/mint/steps/target"
)

func answered(basic, form, refresh string) exchange.Exchange {
	tokens := map[string]any{"access_token": "access of " + form}
	if refresh != "" {
		tokens["refresh_token"] = refresh
	}
	return exchange.Exchange{Status: 200, BasicID: basic, RequestBody: form, JSON: tokens}
}

func TestIssuedKeepsWhatEndsEachGrant(t *testing.T) {
	var i issued
	i.note([]exchange.Exchange{
		answered("app", "grant_type=authorization_code&code=1", "first"),
		answered("", "grant_type=authorization_code&client_id=open&code=2", "second"),
		answered("app", "grant_type=refresh_token&refresh_token=first", "third"),
		answered("app", "grant_type=refresh_token&refresh_token=third", "third"), // it slides
		answered("app", "grant_type=client_credentials", ""),
		{Status: 400, BasicID: "app", RequestBody: "grant_type=refresh_token&refresh_token=third"},
	})
	if got, want := i.take("app"), []string{"third", "access of grant_type=client_credentials"}; !slices.Equal(got, want) {
		t.Errorf("app has %q, want %q", got, want)
	}
	if got, want := i.take("open"), []string{"second"}; !slices.Equal(got, want) {
		t.Errorf("open has %q, want %q", got, want)
	}
	if got := i.take("app"); len(got) != 0 {
		t.Errorf("taken twice: %q", got)
	}
}

// TestTidyLeavesNoGrants on a server in use, and touches nothing where grants
// may not be ended.
func TestTidyLeavesNoGrants(t *testing.T) {
	mocks, err := target.NewMocks()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = mocks.Close() })
	for _, tt := range []struct {
		name             string
		allowed, refuses bool
		live             int
		said             []string
	}{
		{name: "allowed", allowed: true, said: []string{"revoking what the run was given (tokens: 2)"}},
		{name: "not allowed", live: 2},
		{name: "the server refuses", allowed: true, refuses: true, live: 2, said: []string{
			"revoking what the run was given (tokens: 2)", "tokens of this run that could not be revoked: 2; they end by themselves",
		}},
	} {
		to, err := mocks.Create(t.Context(), "strict", nil)
		if err != nil {
			t.Fatal(err)
		}
		mock := to.Mock
		to.Mock, to.Allow.EndsGrants = nil, tt.allowed // as a server in use
		check := asking(to)
		check.suite.Now = check.send.Now
		for _, client := range []*target.Client{to.Clients.Main, to.Clients.Second} {
			if _, err := check.granted(t.Context(), client); err != nil {
				t.Fatal(err)
			}
		}
		check.suite.issued.note(check.send.All())
		if tt.refuses {
			to.Endpoints.Revoke = to.Endpoints.Token
		}
		var said []string
		check.suite.Tidy(t.Context(), to, func(sentence string) { said = append(said, sentence) })
		if !slices.Equal(said, tt.said) {
			t.Errorf("%s: said %q, want %q", tt.name, said, tt.said)
		}
		families, err := mock.Control.Grants(t.Context(), mock.Platform.Name)
		if err != nil {
			t.Fatal(err)
		}
		if live := len(slices.DeleteFunc(families, func(f control.Family) bool { return f.Revoked })); live != tt.live {
			t.Errorf("%s: %d grants live, want %d", tt.name, live, tt.live)
		}
	}
}
