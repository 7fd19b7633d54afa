package verdict

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/mint-conformance/mint/fixtures"
	"github.com/mint-conformance/mint/steps/catalogue"
	"github.com/mint-conformance/mint/steps/document"
	"github.com/mint-conformance/mint/steps/report"
)

// TestEmbeddedProfilesWaiveWhatMayBeWaived: the mock knows no checks, so that
// nothing else keeps its profiles from naming one that does not exist.
func TestEmbeddedProfilesWaiveWhatMayBeWaived(t *testing.T) {
	known, err := catalogue.Load()
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range fixtures.Profiles() {
		profile, err := fixtures.Profile(name)
		if err != nil {
			t.Fatal(err)
		}
		if err := NewBook(time.Time{}).AddProfile(profile, known); err != nil {
			t.Error(err)
		}
	}
}

func TestAddProfile(t *testing.T) {
	known, err := catalogue.Load()
	if err != nil {
		t.Fatal(err)
	}
	mint, err := fixtures.Profile("mint")
	if err != nil {
		t.Fatal(err)
	}
	base, _, _ := strings.Cut(string(mint), "waivers:")
	for _, tt := range []struct{ waivers, want string }{
		{"[{check: TK-99, reason: a}]", `the profile mint:1: waiver: the catalogue has no check "TK-99"; ` + "`conformance list --checks` shows all"},
		{"[{check: CG-02, reason: a}]", "the profile mint:1: waiver: CG-02 cannot be waived: "},
		{"[{check: TK-12}]", "the profile has faults:\nline "},
	} {
		err := NewBook(time.Time{}).AddProfile([]byte(base+"waivers: "+tt.waivers), known)
		if err == nil || !strings.HasPrefix(err.Error(), tt.want) {
			t.Errorf("%s: %v, want %q", tt.waivers, err, tt.want)
		}
		if strings.HasPrefix(tt.want, "the profile mint") && !errors.As(err, new(*document.Faults)) {
			t.Errorf("%s: %T, want faults of a document", tt.waivers, err)
		}
	}

	b := NewBook(time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC))
	if err := b.AddProfile([]byte(base+"waivers: [{check: TK-12, reason: documented, risk: logs, until: \"2026-12-31\"}, {check: AZ-18, reason: old, until: \"2020-01-01\"}]"), known); err != nil {
		t.Fatal(err)
	}
	r := report.Scenario{Check: "TK-12", Status: report.Fail, Reason: "tokens"}
	b.Excuse(&r)
	if r.Status != report.Waived || r.Reason != "documented (waiver of the profile mint until 2026-12-31)" || strings.Join(r.Notes, "; ") != "measured: tokens; risk: logs" {
		t.Errorf("%s %q %q", r.Status, r.Reason, r.Notes)
	}
	r = report.Scenario{Check: "AZ-18", Status: report.Fail, Reason: "a redirect"}
	b.Excuse(&r)
	if r.Status != report.Fail || r.Reason != "a redirect; the waiver of the profile mint ended on 2020-01-01" {
		t.Errorf("%s %q", r.Status, r.Reason)
	}
	scenarios := []report.Scenario{{Check: "TK-12", Status: report.Pass}}
	b.Close(scenarios)
	if scenarios[0].Status != report.Fail || scenarios[0].Reason != "the waiver is stale: the check passes; take TK-12 out of the profile mint" {
		t.Errorf("%s %q", scenarios[0].Status, scenarios[0].Reason)
	}
}
