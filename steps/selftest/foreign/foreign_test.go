package foreign

import (
	"context"
	"encoding/pem"
	"errors"
	"fmt"
	"maps"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	stock "github.com/go-oauth2/oauth2/v4/server"
	"go.yaml.in/yaml/v3"

	"github.com/mint-conformance/mint/features"
	"github.com/mint-conformance/mint/steps/browser"
	"github.com/mint-conformance/mint/steps/catalogue"
	"github.com/mint-conformance/mint/steps/checks"
	"github.com/mint-conformance/mint/steps/partner"
	"github.com/mint-conformance/mint/steps/report"
	"github.com/mint-conformance/mint/steps/selftest"
	"github.com/mint-conformance/mint/steps/target"
)

func now() time.Time { return time.Now() } //nolint:forbidigo // of certificates and of answers, which are real

// verdictsOn has a server judged as the file with its description says, by the
// whole catalogue or by the checks with the ids. alter, if set, adds to what the
// file can say.
func verdictsOn(t *testing.T, server *httptest.Server, file string, virtual *clock, alter func(*target.Target), ids ...string) selftest.Verdicts {
	t.Helper()
	known, err := catalogue.Load()
	if err != nil {
		t.Fatal(err)
	}
	bench, err := selftest.Open(features.FS, known)
	if err != nil {
		t.Fatal(err)
	}
	bench.Now = now
	bench.Concurrency = 1 // time passes for all
	bench.Browser = func(context.Context) (*browser.Browser, error) {
		return nil, errors.New("these servers are judged without a browser")
	}
	p, err := partner.Connect(t.Context(), described(t, server, file), partner.Options{Now: now, Sleep: partner.Sleep})
	if err != nil {
		t.Fatal(err)
	}
	if alter != nil {
		alter(p.Target)
	}
	verdicts, err := bench.Stranger(t.Context(), p.Target, checks.NewWaits(10*365*24*time.Hour, now, virtual.pass), ids...)
	if err != nil {
		t.Fatal(err)
	}
	return verdicts
}

// described is the partner's file of a server.
func described(t *testing.T, server *httptest.Server, file string) *partner.Document {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	ca := filepath.Join(t.TempDir(), "ca.pem")
	certificate := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})
	if err := os.WriteFile(ca, certificate, 0o600); err != nil {
		t.Fatal(err)
	}
	full := strings.ReplaceAll(string(text), "ADDRESS", server.URL) + "ca_file: " + ca + "\n"
	d, err := partner.Parse(file, []byte(full), func(string) string { return "" })
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// expected is what has to come out of judging one server.
type expected struct {
	// Pass lists the checks that the server passes.
	Pass []string `yaml:"pass"`
	// NotApplicable are those that do not apply to it, by the reason.
	NotApplicable map[string][]string `yaml:"not_applicable"`
	// CouldNotRun are those that lack what they need, by what the verdict says
	// of it; a gate that failed is "blocked by ID".
	CouldNotRun map[string][]string `yaml:"could_not_run"`
	// Other are all the rest.
	Other map[string]other `yaml:"other"`
}

// other is a verdict that needs a reason.
type other struct {
	Is report.Status `yaml:"is"`
	// Says is part of the verdict's own words: a check has to find what is
	// wrong, not something else.
	Says    string `yaml:"says"`
	Because string `yaml:"because"`
}

// one is what is expected of one check; the verdict has says in it.
type one struct {
	is   report.Status
	says string
}

// all spreads the table out; an id that stands there twice is a fault.
func (e expected) all() (map[string]one, []string) {
	table, faults := map[string]one{}, []string(nil)
	put := func(id string, want one) {
		if _, twice := table[id]; twice {
			faults = append(faults, id+" stands twice in the table")
		}
		table[id] = want
	}
	for _, id := range e.Pass {
		put(id, one{report.Pass, ""})
	}
	for why, ids := range e.NotApplicable {
		for _, id := range ids {
			put(id, one{report.NotApplicable, why})
		}
	}
	for lack, ids := range e.CouldNotRun {
		for _, id := range ids {
			put(id, one{report.CouldNotRun, lack})
		}
	}
	for id, o := range e.Other {
		if o.Because == "" || o.Says == "" {
			faults = append(faults, id+" is "+string(o.Is)+" by the table, which has to say what the check says, and because of what")
		}
		put(id, one{o.Is, o.Says})
	}
	return table, faults
}

// differences compares verdicts with the table, each in a sentence.
func (e expected) differences(got selftest.Verdicts) []string {
	table, faults := e.all()
	for _, id := range slices.Sorted(maps.Keys(got)) {
		is, want := got[id], table[id]
		_, there := table[id]
		delete(table, id)
		switch {
		case !there:
			faults = append(faults, fmt.Sprintf("%s is not in the table; it is %s: %s", id, is.Status, is.Reason))
		case is.Status != want.is:
			faults = append(faults, fmt.Sprintf("%s is %s instead of %s: %s", id, is.Status, want.is, is.Reason))
		case !strings.Contains(is.Reason, want.says):
			faults = append(faults, fmt.Sprintf("%s is %s for another reason than %q: %s", id, is.Status, want.says, is.Reason))
		}
	}
	for _, id := range slices.Sorted(maps.Keys(table)) {
		faults = append(faults, id+" is in the table and was not judged")
	}
	return faults
}

// expectations reads the table of a server.
func expectations(t *testing.T, file string) expected {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var e expected
	d := yaml.NewDecoder(strings.NewReader(string(text)))
	d.KnownFields(true)
	if err := d.Decode(&e); err != nil {
		t.Fatal(err)
	}
	return e
}

func compare(t *testing.T, file string, got selftest.Verdicts) {
	t.Helper()
	for _, fault := range expectations(t, file).differences(got) {
		t.Error(fault)
	}
}

func TestFositeIsJudgedAsItDeserves(t *testing.T) {
	virtual := &clock{}
	server, err := serve(func(issuer string) (engine, error) { return newFosite(issuer, virtual) })
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	compare(t, "fosite.yaml", verdictsOn(t, server, "fosite.partner.yaml", virtual, nil))
}

func TestTheStockServerIsFoundOut(t *testing.T) {
	virtual := &clock{}
	server, err := serve(func(string) (engine, error) { return newStock(virtual) })
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	compare(t, "stock.yaml", verdictsOn(t, server, "stock.partner.yaml", virtual, nil))
}

func TestBasicOfTheStockServer(t *testing.T) {
	virtual := &clock{}
	s, err := newStock(virtual)
	if err != nil {
		t.Fatal(err)
	}
	s.server.SetClientInfoHandler(stock.ClientBasicHandler)
	server, err := serve(func(string) (engine, error) { return s, nil })
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	got := verdictsOn(t, server, "basic.partner.yaml", virtual, func(to *target.Target) {
		main := to.Clients.Main
		to.Clients.Special = &target.Client{ID: "special", Secret: specialSecret, Method: "basic", Name: "special", RedirectURIs: main.RedirectURIs}
	}, "TK-11")["TK-11"]
	if got.Status != report.Fail || !strings.Contains(got.Reason, "invalid_client") {
		t.Errorf("TK-11 is %s: %s", got.Status, got.Reason)
	}
}

// The gate of the API's checks hides what else is wrong with it.
func TestTheStockAPIBehindItsGate(t *testing.T) {
	virtual := &clock{}
	s, err := newStock(virtual)
	if err != nil {
		t.Fatal(err)
	}
	s.spelt = true
	server, err := serve(func(string) (engine, error) { return s, nil })
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	got := verdictsOn(t, server, "stock.partner.yaml", virtual, nil, "PR-01", "PR-02", "PR-03", "PR-06")
	for id, want := range map[string]one{
		"PR-01": {report.Pass, ""},
		"PR-02": {report.Fail, "400 Bad Request"},
		"PR-03": {report.Fail, "400 Bad Request"},
		"PR-06": {report.Fail, "the request was accepted"},
	} {
		if is := got[id]; is.Status != want.is || !strings.Contains(is.Reason, want.says) {
			t.Errorf("%s is %s: %s; expected %s: %s", id, is.Status, is.Reason, want.is, want.says)
		}
	}
}
