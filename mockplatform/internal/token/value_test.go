package token

import (
	"bytes"
	"crypto/rand"
	"regexp"
	"testing"
)

func TestValuesAreLongAndDiffer(t *testing.T) {
	for name, tc := range map[string]struct {
		make func() (string, error)
		form string
	}{
		"opaque": {func() (string, error) { return Opaque(rand.Reader) }, `^[A-Za-z0-9_-]{43}$`},
		"hex32":  {func() (string, error) { return Hex32(rand.Reader) }, `^[0-9a-f]{32}$`},
		"uuid":   {func() (string, error) { return UUID(rand.Reader) }, `^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`},
	} {
		seen := map[string]bool{}
		for range 1000 {
			v, err := tc.make()
			if err != nil || !regexp.MustCompile(tc.form).MatchString(v) || seen[v] {
				t.Fatalf("%s: %q, %v", name, v, err)
			}
			seen[v] = true
		}
	}
	for name, make := range map[string]func() (string, error){
		"opaque": func() (string, error) { return Opaque(bytes.NewReader(nil)) },
		"hex32":  func() (string, error) { return Hex32(bytes.NewReader(nil)) },
		"uuid":   func() (string, error) { return UUID(bytes.NewReader(nil)) },
	} {
		if v, err := make(); err == nil {
			t.Errorf("%s without randomness: %q", name, v)
		}
	}
}
