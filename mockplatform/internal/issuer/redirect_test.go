package issuer

import (
	"testing"

	"github.com/mint-conformance/mint/mockplatform/internal/application"
	"github.com/mint-conformance/mint/mockplatform/internal/deviation"
	"github.com/mint-conformance/mint/mockplatform/internal/profile"
)

// A redirect URI is compared character by character; only the port of a native
// application's loopback address is free (RFC 8252 section 7.3). Each laxity
// lets in what it is named after, and nothing of the others.
func TestRedirectURIsAreCompared(t *testing.T) {
	const web, native = "https://app.example/cb", "http://127.0.0.1/cb"
	tests := []struct {
		sent   string
		public bool
		breaks deviation.Deviation
		want   bool
	}{
		{web, false, "", true},
		{"https://app.example/cb/", false, "", false},
		{"https://app.example:8443/cb", true, "", false},
		{"http://127.0.0.1:51823/cb", true, "", true},
		{"http://127.0.0.1:51823/cb", false, "", false},
		{"http://127.0.0.1:51823/cb?x=1", true, "", false},
		{"http://127.0.0.1:51823/other", true, "", false},
		{"http://127.0.0.2:51823/cb", true, "", false},
		{"http://me@127.0.0.1:51823/cb", true, "", false},
		{"http://localhost:51823/cb", true, "", false},
		{"https://127.0.0.1:51823/cb", true, "", false},
		{"http://127.0.0.1:51823/cb", true, deviation.LoopbackPortExact, false},
		{"https://attacker.example/x", false, deviation.AcceptAttacker, true},
		{"https://other.example/x", false, deviation.AcceptAttacker, false},
		{"https://app.example/cb/more", false, deviation.RedirectPrefix, true},
		{"https://app.example/other", false, deviation.RedirectPrefix, false},
		{"https://app.example/other", false, deviation.RedirectHostOnly, true},
		{"https://a.app.example/cb", false, deviation.RedirectHostOnly, false},
		{"https://app.example/CB", false, deviation.RedirectIgnoreCase, true},
		{"https://app.example/x/../cb", false, deviation.RedirectNormalise, true},
		{"https://app.example/%63b", false, deviation.RedirectNormalise, true},
		{"https://a.app.example/cb", false, deviation.RedirectSuffixDomain, true},
		{"https://attacker.example/cb", false, deviation.RedirectSuffixDomain, false},
	}
	for _, tt := range tests {
		i := &Issuer{profile: &profile.Profile{}}
		if tt.breaks != "" {
			i.profile.Break = []string{string(tt.breaks)}
		}
		app := application.Application{Public: tt.public, RedirectURIs: []string{web, native}}
		if got := i.registered(app, tt.sent); got != tt.want {
			t.Errorf("%s, public %v, %q: %v, want %v", tt.sent, tt.public, tt.breaks, got, tt.want)
		}
	}
}
