package target

import (
	"reflect"
	"slices"
	"testing"

	"github.com/mint-conformance/mint/steps/pages"
)

// TestSecretsAreAllTold: a client that Clients learns of later is not forgotten.
func TestSecretsAreAllTold(t *testing.T) {
	to := &Target{
		Customers: Customers{First: &Customer{Password: "first"}, Second: &Customer{Password: "second"}, WithoutRight: &Customer{Password: "third"}},
		Login:     []pages.Step{{Fill: map[string]string{"#pin": "1234", "#user": "${username}"}}},
	}
	want := []string{"first", "second", "third", "1234"}
	clients := reflect.ValueOf(&to.Clients).Elem()
	for i := range clients.NumField() {
		secret := "secret of " + clients.Type().Field(i).Name
		clients.Field(i).Set(reflect.ValueOf(&Client{Secret: secret}))
		want = append(want, secret)
	}
	var told []string
	to.Secrets(func(_, value string) { told = append(told, value) })
	slices.Sort(told)
	slices.Sort(want)
	if !slices.Equal(told, want) {
		t.Errorf("told %q, want %q", told, want)
	}
}
