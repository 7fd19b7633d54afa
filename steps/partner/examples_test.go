package partner

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/mint-conformance/mint/fixtures"
)

// TestTheExamplesAreValid, and the one of a server with metadata is short.
func TestTheExamplesAreValid(t *testing.T) {
	if got := fixtures.Targets(); !slices.Equal(got, []string{"with-metadata", "without-metadata"}) {
		t.Fatalf("examples %v", got)
	}
	set := func(string) string { return "set" }
	for _, name := range fixtures.Targets() {
		text, err := fixtures.Target(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := Parse(name+".yaml", text, set); err != nil {
			t.Error(err)
		}
		if lines := strings.Count(string(text), "\n"); name == "with-metadata" && lines > 12 {
			t.Errorf("%s has %d lines", name, lines)
		}
	}
}

// TestASketchIsAFileThatOnlyNeedsItsSecrets.
func TestASketchIsAFileThatOnlyNeedsItsSecrets(t *testing.T) {
	path := filepath.Join(t.TempDir(), "new.yaml")
	for _, m := range []*Metadata{nil, {URL: "https://auth.example/.well-known/oauth-authorization-server", Issuer: "https://auth.example/", Scopes: []string{"a", "b"}, Grants: []string{"client_credentials"}}} {
		text := sketch(&Document{Issuer: "https://auth.example"}, m)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		d, err := Read(path, func(string) string { return "set" })
		if err != nil {
			t.Fatalf("%v in\n%s", err, text)
		}
		if (d.Endpoints.Token != "") != (m == nil) || (len(d.Scopes) == 2) != (m != nil) {
			t.Errorf("sketched\n%s", text)
		}
	}
}
