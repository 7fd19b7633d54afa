package browser_test

import (
	"testing"

	"github.com/mint-conformance/mint/steps/browser/browsertest"
)

// BenchmarkThreePages is a login, a redirect over a script and a third page in
// a fresh window: what a journey costs before any server does work.
func BenchmarkThreePages(b *testing.B) {
	launched := browsertest.Launch(b, nil)
	base := site(b)
	for b.Loop() {
		s, err := launched.NewSession(b.Context())
		if err != nil {
			b.Fatal(err)
		}
		ctx := b.Context()
		for _, do := range []func() error{
			func() error { return s.Goto(ctx, base+"/form") },
			func() error { return s.Fill(ctx, "Username", "maya") },
			func() error { return s.Fill(ctx, "Password", "secret") },
			func() error { return s.Press(ctx, "Log in") },
			func() error { return s.WaitForText(ctx, "h1", "Hello maya") },
			func() error { return s.Goto(ctx, base+"/redirect") },
			func() error { return s.WaitForText(ctx, "h1", "Pressed a") },
			s.Close,
		} {
			if err := do(); err != nil {
				b.Fatal(err)
			}
		}
	}
}
