package application

import (
	"errors"
	"slices"
	"testing"

	"github.com/mint-conformance/mint/fixtures"
	"github.com/mint-conformance/mint/mockplatform/internal/profile"
)

func serviceRegistry(t *testing.T) *Registry {
	t.Helper()
	return NewRegistry(serviceProfile(t), nil, nil)
}

func serviceProfile(t *testing.T) *profile.Profile {
	t.Helper()
	doc, err := fixtures.Profile("service")
	if err != nil {
		t.Fatal(err)
	}
	p, err := profile.Parse(doc)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

var good = Form{Name: "Ad Lens", Website: "https://adlens.example", RedirectURI: "https://adlens.example/cb", Description: "Looks at ads"}

func TestEachFieldOfTheFormIsChecked(t *testing.T) {
	for _, row := range []struct {
		field string
		spoil func(*Form)
	}{
		{"name", func(f *Form) { f.Name = "  " }},
		{"name", func(f *Form) { f.Name = "a\x07b" }},
		{"website", func(f *Form) { f.Website = "" }},
		{"website", func(f *Form) { f.Website = "adlens" }},
		{"redirect_uri", func(f *Form) { f.RedirectURI = "" }},
		{"redirect_uri", func(f *Form) { f.RedirectURI = "/cb" }},
		{"redirect_uri", func(f *Form) { f.RedirectURI = "https://adlens.example/cb#x" }},
		{"redirect_uri", func(f *Form) { f.RedirectURI = "http://adlens.example/cb" }},
		{"redirect_uri", func(f *Form) { f.RedirectURI = "javascript:alert(1)" }},
		{"redirect_uri", func(f *Form) { f.RedirectURI = "https://*.example/cb" }},
		{"description", func(f *Form) { f.Description = string(make([]byte, 2000)) }},
	} {
		r, f := serviceRegistry(t), good
		row.spoil(&f)
		before := len(r.List())
		_, err := r.Register(f)
		var faults FieldErrors
		if !errors.As(err, &faults) || len(faults) != 1 || faults[row.field] == "" {
			t.Errorf("%+v: got %v, want one fault at %s", f, err, row.field)
		}
		if len(r.List()) != before {
			t.Errorf("%+v was registered", f)
		}
	}
}

func TestEveryRegistrationHasItsOwnIDAndSecret(t *testing.T) {
	r := serviceRegistry(t)
	a, errA := r.Register(good)
	b, errB := r.Register(good)
	if errA != nil || errB != nil {
		t.Fatal(errA, errB)
	}
	if a.ID == b.ID || a.Secret == b.Secret || len(a.Secret) != 32 {
		t.Errorf("two registrations: %q %q, secrets of %d characters", a.ID, b.ID, len(a.Secret))
	}
	if got, ok := r.Lookup(a.ID); !ok || got.Name != "Ad Lens" || got.Description != "Looks at ads" ||
		!slices.Equal(got.RedirectURIs, []string{"https://adlens.example/cb"}) ||
		!slices.Equal(got.Grants, []string{"authorization_code", "refresh_token", "client_credentials"}) ||
		!slices.Equal(got.AuthMethods, []string{"basic", "body", "query"}) || got.Scope.String() != "ads.read ads.write" {
		t.Errorf("registered %+v, %t", got, ok)
	}
	for presented, want := range map[string]bool{a.Secret: true, b.Secret: false, "": false, a.Secret + "x": false} {
		if a.SecretIs(presented) != want {
			t.Errorf("SecretIs(%q) is not %t", presented, want)
		}
	}
	if (Application{}).SecretIs("") {
		t.Error("an empty secret fits a client without one")
	}
}

func TestAnUpdateReplacesAndIsCheckedLikeARegistration(t *testing.T) {
	r := serviceRegistry(t)
	text, bad, uris := "New words", []string{"http://evil.example/cb"}, []string{"https://new.example/cb"}
	if _, err := r.Update("service-mint", Change{RedirectURIs: &bad, Description: &text}); err == nil {
		t.Error("a bad redirect URI was taken")
	}
	a, _ := r.Lookup("service-mint")
	if a.Description == text {
		t.Error("a refused update left something behind")
	}
	a, err := r.Update("service-mint", Change{RedirectURIs: &uris, Description: &text})
	if err != nil || a.Description != text || !slices.Equal(a.RedirectURIs, uris) || a.Name != "MINT" {
		t.Errorf("got %+v, %v", a, err)
	}
	if _, err := r.Update("nobody", Change{Description: &text}); !errors.Is(err, ErrUnknown) {
		t.Errorf("an unknown id: %v", err)
	}
	if _, err := r.Update("service-mint", Change{}); err == nil {
		t.Error("an empty change was taken")
	}
}

func TestWhatIsAnsweredIsACopy(t *testing.T) {
	r := serviceRegistry(t)
	a, _ := r.Lookup("service-mint")
	a.RedirectURIs[0], a.Scope[0] = "https://evil.example", "admin"
	if b, _ := r.Lookup("service-mint"); b.RedirectURIs[0] == "https://evil.example" || b.Scope[0] == "admin" {
		t.Error("a caller could change the registry's own copy")
	}
}
