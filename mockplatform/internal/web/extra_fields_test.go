package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/mint-conformance/mint/mockplatform"
)

const allExtraFields = `{"registration":{"extra_fields":["description","logo","contact"]}}`

// Every extra field is shown, kept and readable by the application (S003-19,
// S003-25).
func TestThePortalAsksForExtraFields(t *testing.T) {
	mock := mockplatform.Start(t, "service")
	p, c := mock.Create("service", allExtraFields), newWireClient(t)
	v := newVisitor(t)
	v.open(p.Endpoints.Developers)
	v.press("Register application", map[string]string{
		"name": "Demo", "website": "https://demo.example", "redirect_uri": "https://demo.example/cb",
		"description": "Weekly figures.", "logo": "https://demo.example/l.png", "contact": "ops@demo.example",
	})
	id, secret := text(v.by("id", "client_id")), text(v.by("id", "client_secret"))
	token := c.form(p.Endpoints.Token, url.Values{"grant_type": {"client_credentials"}, "client_id": {id}, "client_secret": {secret}})
	own := "Bearer " + token.member("access_token")
	got := c.send(http.MethodGet, p.Endpoints.Application, "", "Authorization", own)
	want := `{"client_id":"` + id + `","name":"Demo","website":"https://demo.example","description":"Weekly figures.","logo":"https://demo.example/l.png","contacts":["ops@demo.example"],"redirect_uris":["https://demo.example/cb"]}` + "\n"
	if got.status != 200 || got.body != want {
		t.Errorf("the account API answers %d %s", got.status, got.body)
	}
	for body, status := range map[string]int{
		`{"logo":"https://demo.example/2.png","contacts":["a@demo.example","b@demo.example"]}`: 200,
		`{"logo":"nowhere"}`:          400,
		`{"contacts":["Not a mail"]}`: 400,
		`{}`:                          400,
	} {
		if got := c.send(http.MethodPatch, p.Endpoints.Application, body, "Authorization", own, "Content-Type", "application/json"); got.status != status {
			t.Errorf("%s: %d %s", body, got.status, got.body)
		}
	}
	for _, client := range mock.Platform(p.Name).Clients {
		if client.ID == id && (client.Logo != "https://demo.example/2.png" || strings.Join(client.Contacts, " ") != "a@demo.example b@demo.example") {
			t.Errorf("the control API shows %+v", client)
		}
	}
}

func TestExtraFieldsAreChecked(t *testing.T) {
	mock := mockplatform.Start(t, "service")
	p := mock.Create("service", allExtraFields)
	for field, bad := range map[string]string{"logo": "javascript:x", "contact": "Maya <maya@demo.example>"} {
		v := newVisitor(t)
		v.open(p.Endpoints.Developers)
		v.press("Register application", map[string]string{
			"name": "Demo", "website": "https://demo.example", "redirect_uri": "https://demo.example/cb", field: bad,
		})
		if said := v.by("data-error-for", field); v.status != http.StatusUnprocessableEntity || said == nil || text(said) == "" {
			t.Errorf("%s=%q: %d %s", field, bad, v.status, v.words())
		}
	}
	v := newVisitor(t)
	v.open(mock.Platform("service").Endpoints.Developers) // asks for a description alone
	if v.by("name", "description") == nil || v.by("name", "logo") != nil || v.by("name", "contact") != nil {
		t.Error("the form asks for other fields than the profile")
	}
}
