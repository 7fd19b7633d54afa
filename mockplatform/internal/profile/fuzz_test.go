package profile

import (
	"errors"
	"strings"
	"testing"

	"github.com/mint-conformance/mint/fixtures"
)

// FuzzParse: whatever the document, there is a profile or there are faults
// with paths, each one line, and never a panic.
func FuzzParse(f *testing.F) {
	for _, name := range fixtures.Profiles() {
		doc, err := fixtures.Profile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(doc)
	}
	for _, seed := range []string{
		small, "", "[]", "{", "name: [x]\n", "\"\": 1\n", "? [a]\n: b\n", "a: &a [*a]\n", "<<: {name: x}\n", "name: !!binary aGk=\n",
		"name: x\nname: y\n", "clients: {\"a\\nb\": {}}\n", "customers: {a.b: null, c: {role: x}}\n", "refresh_token: {grace: {window: -1s}}\n",
		"access_token: {format: jwt, claims: {a: \"{customer.x}\"}}\n", "grants: [code, code]\n", "authorize: [x]\nconsent: 1\n", "--- a\n--- b\n",
		"code: {lifetime: 1e999d}\n", "token: {invalid_grant_status: 0x190}\n", "\x00", "name: \"\\uD800\"\n",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, doc []byte) {
		p, err := Parse(doc)
		if (p == nil) == (err == nil) {
			t.Fatalf("profile %v, error %v", p, err)
		}
		if err == nil {
			p.Leniencies()
			return
		}
		var faults Faults
		if !errors.As(err, &faults) || len(faults) == 0 {
			t.Fatalf("%T: %v", err, err)
		}
		for _, fault := range faults {
			if fault.Message == "" || fault.Path == "" && len(faults) > 1 || strings.ContainsAny(fault.String(), "\n\r\x1b") {
				t.Errorf("%+v", fault)
			}
		}
	})
}

func FuzzWith(f *testing.F) {
	f.Add([]byte(`{"clients":{"mint-web":{"redirect_uris":["http://127.0.0.1:1/cb"]}}}`))
	f.Add([]byte("a: &a [*a]"))
	f.Add([]byte("scopes: {<<: {a: b}}"))
	base := embedded(f, "mint")
	f.Fuzz(func(t *testing.T, doc []byte) {
		p, err := base.With(doc)
		if (p == nil) == (err == nil) {
			t.Errorf("profile %v, error %v", p, err)
		}
	})
}

func BenchmarkWith(b *testing.B) {
	base := embedded(b, "mint")
	doc := []byte(`{"clients":{"mint-web":{"redirect_uris":["http://127.0.0.1:4711/oauth/callback"]}},"access_token":{"lifetime":"90s"}}`)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := base.With(doc); err != nil {
			b.Fatal(err)
		}
	}
}
