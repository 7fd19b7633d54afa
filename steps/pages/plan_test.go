package pages_test

import (
	"net/url"
	"testing"

	"github.com/mint-conformance/mint/steps/pages"
)

func TestDecideKnowsPages(t *testing.T) {
	at, err := url.Parse("https://server.example/authorize")
	if err != nil {
		t.Fatal(err)
	}
	for _, one := range samples {
		t.Run(one.name, func(t *testing.T) {
			page, err := pages.Read(at, 200, "<!doctype html><body>"+one.html)
			if err != nil {
				t.Fatal(err)
			}
			plan := one.decided(page)
			if got := described(plan); got != one.want {
				t.Errorf("got %q, want %q", got, one.want)
			}
			if plan.Done && page.Message() != one.message {
				t.Errorf("the message is %q, want %q", page.Message(), one.message)
			}
		})
	}
}
