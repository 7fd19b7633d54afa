package checks

import (
	"errors"
	"testing"

	"github.com/mint-conformance/mint/steps/exchange"
	"github.com/mint-conformance/mint/steps/report"
	"github.com/mint-conformance/mint/steps/target"
)

// TestWhoseAccountWasAnswered judges only what can be told.
func TestWhoseAccountWasAnswered(t *testing.T) {
	served := func(members map[string]any) exchange.Exchange { return exchange.Exchange{Status: 200, JSON: members} }
	own := map[string]any{"name": "MINT", "redirect_uris": []any{"https://client.example/callback"}}
	for _, tt := range []struct {
		name   string
		answer exchange.Exchange
		want   string // pass, finding or unable
	}{
		{"its own, by client_id", served(map[string]any{"client_id": "app", "name": "renamed meanwhile"}), "pass"},
		{"its own, without client_id", served(map[string]any{"name": "MINT", "redirect_uris": []any{"https://client.example/callback"}}), "pass"},
		{"another, without client_id", served(map[string]any{"name": "Other"}), "unable"},
		{"the second client's", served(map[string]any{"client_id": "other"}), "finding"},
		{"refused", exchange.Exchange{Status: 403, JSON: map[string]any{"error": "insufficient_scope"}}, "pass"},
		{"failed", exchange.Exchange{Status: 500}, "finding"},
	} {
		second := &target.Client{ID: "other"}
		check := &trial{
			client: &target.Client{ID: "app"}, target: &target.Target{Clients: target.Clients{Second: second}},
			answers: []exchange.Exchange{tt.answer},
		}
		check.ownAccount = served(own)
		err := check.secondAccountClosed(t.Context())
		got := "unable"
		if finding := (*report.Finding)(nil); err == nil {
			got = "pass"
		} else if errors.As(err, &finding) {
			got = "finding"
		}
		if got != tt.want {
			t.Errorf("%s: %s (%v), want %s", tt.name, got, err, tt.want)
		}
	}
}
