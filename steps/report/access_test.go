package report_test

import (
	"bytes"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/mint-conformance/mint/steps/browser"
	"github.com/mint-conformance/mint/steps/browser/browsertest"
	"github.com/mint-conformance/mint/steps/catalogue"
	"github.com/mint-conformance/mint/steps/exchange"
	"github.com/mint-conformance/mint/steps/report"
)

// kinds are reports that differ in what they show.
func kinds(t *testing.T) map[string]*report.Run {
	t.Helper()
	known, err := catalogue.Load()
	if err != nil {
		t.Fatal(err)
	}
	judged := func(id string, line int, status report.Status) report.Scenario {
		c, _ := known.Check(id)
		return report.Scenario{
			ID: fmt.Sprintf("checks/code.feature:%d", line), File: "checks/code.feature", Line: line, Feature: "Codes", Name: c.Title,
			Tags: []string{"@check", "@" + id}, Check: id, Judged: c, Status: status,
			Steps: []report.Step{{Keyword: "When", Text: "it is tried", Argument: "| a | b |", Status: status}},
			Exchanges: []exchange.Exchange{
				{
					Number: 1, About: "open the page", Browser: true, Method: "GET", URL: "https://auth.example/authorize?client_id=" + strings.Repeat("wide", 80),
					Status: http.StatusOK, Header: http.Header{"Content-Type": {"text/html"}}, Body: strings.Repeat("a line of the page\n", 150),
				},
				{
					Number: 2, About: "control", Control: true, Method: "POST", URL: "https://auth.example/token", RequestBody: "grant_type=x",
					Status: http.StatusBadRequest, Header: http.Header{}, Claims: map[string]string{"access_token": `{"sub":"maya"}`},
				},
			},
		}
	}
	all := []report.Scenario{judged("CG-01", 1, report.Pass), judged("CG-04", 2, report.NotApplicable)}
	passed := &report.Run{Target: "mock:strict", Scenarios: all}
	failed := judged("CG-02", 3, report.Fail)
	failed.Reason, failed.Expected, failed.Got = "expected a refusal, got tokens", "a refusal", "tokens"
	warned := judged("PK-05", 4, report.Warn)
	warned.Warnings = []string{"no challenge"}
	waived := judged("TK-07", 5, report.Waived)
	lost := judged("CG-03", 6, report.CouldNotRun)
	lost.Reason, lost.Pictures = "blocked by CG-02", []report.Picture{{Name: "maya.jpeg", MediaType: "image/jpeg", Data: []byte("picture")}}
	return map[string]*report.Run{
		"everything passed": passed,
		"findings":          {Target: "acme", Scenarios: append(append([]report.Scenario{}, all...), failed, warned, waived, lost)},
		"every status":      example(),
	}
}

// opened shows a report in a window of the machine's browser.
func opened(t *testing.T, b *browser.Browser, r *report.Run, width int) *browser.Session {
	t.Helper()
	var out bytes.Buffer
	if err := report.WriteHTML(&out, r); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), report.HTMLFile)
	if err := os.WriteFile(file, out.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	s, err := b.NewSessionSized(t.Context(), width, 1000)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	if err := s.Goto(t.Context(), "file://"+file); err != nil {
		t.Fatal(err)
	}
	if err := s.Show(t.Context()); err != nil {
		t.Fatal(err)
	}
	return s
}

func eval[T any](t *testing.T, s *browser.Session, function string, arguments ...any) (result T) {
	t.Helper()
	if err := s.Eval(t.Context(), &result, function, arguments...); err != nil {
		t.Fatal(err)
	}
	return result
}

// TestEverybodyCanReadTheReport: structure, names, order and contrast of every
// kind of report, folded and unfolded, by day and by night.
func TestEverybodyCanReadTheReport(t *testing.T) {
	b := browsertest.Launch(t, nil)
	look, err := os.ReadFile("testdata/access.js")
	if err != nil {
		t.Fatal(err)
	}
	for name, r := range kinds(t) {
		s := opened(t, b, r, 1280)
		for _, scheme := range []string{"light", "dark"} {
			for _, open := range []bool{false, true} {
				eval[any](t, s, `(scheme, open) => {
					document.documentElement.style.colorScheme = scheme;
					for (const d of document.querySelectorAll('details')) if (open) d.open = true;
				}`, scheme, open)
				for _, fault := range eval[[]string](t, s, string(look)) {
					t.Errorf("%s, %s, unfolded %t: %s", name, scheme, open, fault)
				}
			}
			eval[any](t, s, `() => { for (const d of document.querySelectorAll('details')) d.open = false; }`)
		}
	}
}

// printed lays the report out as for paper: by the rules of print, and told that
// it is about to be printed.
const printed = `() => {
	for (const sheet of [...document.styleSheets]) {
		for (const rule of [...sheet.cssRules]) {
			if (!(rule instanceof CSSMediaRule) || rule.conditionText !== 'print') continue;
			const style = document.head.appendChild(document.createElement('style'));
			style.textContent = [...rule.cssRules].map((r) => r.cssText).join('\n');
		}
	}
	dispatchEvent(new Event('beforeprint'));
}`

// TestTheReportPrintsWhole: nothing is cut off or folded away that belongs to a
// scenario that is open, links say where they lead, and controls stay away.
func TestTheReportPrintsWhole(t *testing.T) {
	b := browsertest.Launch(t, nil)
	const paper = 718 // CSS pixels of A4 between margins of a centimetre
	s := opened(t, b, kinds(t)["findings"], paper)
	folded := eval[int](t, s, `() => document.querySelectorAll('details:not([open])').length`)
	eval[any](t, s, printed)
	got := eval[map[string]any](t, s, `() => ({
		scheme: getComputedStyle(document.documentElement).colorScheme,
		filter: getComputedStyle(document.querySelector('.filter')).display,
		folded: [...document.querySelectorAll('.scenario[open] .body details:not([open]), .coverage:not([open]), .lenient:not([open])')].length,
		passed: document.querySelector('.scenario[data-status=pass]').open,
		failed: document.querySelector('.scenario[data-status=fail]').open,
		wide: [...document.querySelectorAll('body *')].filter((e) => e.checkVisibility() && !e.closest('.said, svg') && (e.getBoundingClientRect().right > innerWidth + 1 || e.clientWidth > 0 && e.scrollWidth > e.clientWidth + 1)).map((e) => e.outerHTML.slice(0, 80)),
		cut: [...document.querySelectorAll('body *')].filter((e) => e.checkVisibility() && !e.matches('.said') && getComputedStyle(e).overflowY !== 'visible' && e.scrollHeight > e.clientHeight + 1).map((e) => e.outerHTML.slice(0, 80)),
		link: getComputedStyle(document.querySelector('.rule-of a[href^="https://"]'), '::after').content,
		curl: document.querySelector('.scenario[data-status=fail] .curl').checkVisibility(),
	})`)
	want := map[string]any{
		"scheme": "light", "filter": "none", "folded": 0.0, "passed": false, "failed": true, "wide": []any{}, "cut": []any{},
		"link": got["link"], "curl": true,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("on paper (-want +got):\n%s", diff)
	}
	if link := fmt.Sprint(got["link"]); !strings.HasPrefix(link, `" (" attr(href)`) && !strings.HasPrefix(link, `" (https://`) {
		t.Errorf("a link is printed with %s", link)
	}
	eval[any](t, s, `() => dispatchEvent(new Event('afterprint'))`)
	if after := eval[int](t, s, `() => document.querySelectorAll('details:not([open])').length`); after != folded {
		t.Errorf("%d are folded after printing, %d were before", after, folded)
	}
}
