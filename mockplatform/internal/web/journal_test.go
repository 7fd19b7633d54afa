package web_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/mint-conformance/mint/mockplatform"
	"github.com/mint-conformance/mint/mockplatform/control"
)

// The journal tells the whole story of a connection, without a secret in it,
// and its entry is there as soon as the answer is.
func TestJournalTellsTheStory(t *testing.T) {
	mock := mockplatform.Start(t, "mailup")
	p := mock.Platform("mailup")
	c := newWireClient(t)
	issued := tokens(t, c, p, "maya", nil)
	secrets := []string{issued.member("access_token"), issued.member("refresh_token"), p.Clients[0].Secret, "maya-password-1", verifier}
	c.send(http.MethodGet, p.Endpoints.Me, "", "Authorization", "Bearer "+issued.member("access_token"))
	refreshed := c.form(p.Endpoints.Token, url.Values{
		"grant_type": {"refresh_token"}, "refresh_token": {issued.member("refresh_token")}, "client_id": {p.Clients[0].ID}, "client_secret": {p.Clients[0].Secret},
	})
	secrets = append(secrets, refreshed.member("access_token"), refreshed.member("refresh_token"))
	c.send(http.MethodGet, p.Endpoints.Metadata, "")
	c.send(http.MethodGet, p.Issuer+"/nothing", "")
	c.send(http.MethodGet, p.Endpoints.Authorize+"?client_id=nobody", "")

	journal, err := mock.Control().Journal(t.Context(), "mailup", 0, 0)
	if err != nil {
		t.Fatal(err)
	}
	var story []string
	for _, one := range journal.Exchanges {
		story = append(story, strings.TrimSpace(fmt.Sprintf("%d %s %s %d %s %s %s %s", one.Seq, one.Method, one.Endpoint, one.Status, one.ClientID, one.Customer, one.GrantType, one.Error)))
	}
	want := []string{
		"1 GET authorize 200 mailup-mint",
		"2 POST login 303 mailup-mint maya",
		"3 GET authorize 200 mailup-mint maya",
		"4 POST consent 303 mailup-mint maya",
		"5 POST token 200 mailup-mint maya authorization_code",
		"6 GET api 200 mailup-mint maya",
		"7 POST token 200 mailup-mint maya refresh_token",
		"8 GET metadata 200",
		"9 GET unknown 404    not_found",
		"10 GET authorize 400 nobody   invalid_client",
	}
	if diff := cmp.Diff(want, story); diff != "" {
		t.Errorf("story (-want +got):\n%s", diff)
	}
	consent, exchange, call, refresh := journal.Exchanges[3], journal.Exchanges[4], journal.Exchanges[5], journal.Exchanges[6]
	if consent.Issued["code"] == "" || consent.Issued["code"] != exchange.Presented["code"] {
		t.Errorf("the code issued is %q, the one presented %q", consent.Issued["code"], exchange.Presented["code"])
	}
	if exchange.Issued["access_token"] == "" || exchange.Issued["access_token"] != call.Presented["access_token"] {
		t.Errorf("the access token issued is %q, the one presented %q", exchange.Issued["access_token"], call.Presented["access_token"])
	}
	if exchange.Issued["refresh_token"] != refresh.Presented["refresh_token"] || exchange.AuthMethod != "body" || exchange.Family == "" || exchange.Family != call.Family {
		t.Errorf("the lineage is broken: %+v then %+v", exchange, refresh)
	}
	all := fmt.Sprintf("%+v", journal)
	for _, secret := range secrets {
		if secret == "" || strings.Contains(all, secret) {
			t.Errorf("the journal holds the secret %q", secret)
		}
	}
}

// A Platform that was asked to keeps bodies; what the journal knows of tokens
// otherwise stands in them.
func TestBodiesAreKeptWhereAskedFor(t *testing.T) {
	mock := mockplatform.Start(t)
	c := newWireClient(t)
	for _, keeps := range []bool{true, false} {
		p, err := mock.Control().CreatePlatform(t.Context(), control.CreatePlatform{Profile: "mint", JournalBodies: keeps, Settings: []byte(selfRegistering)})
		if err != nil {
			t.Fatal(err)
		}
		issued := tokens(t, c, p, "maya", nil)
		enroll(t, c, p, `{"redirect_uris":["`+reports+`"],"client_name":"Reports","software_version":17}`)
		journal, err := mock.Control().Journal(t.Context(), p.Name, 4, 0)
		if err != nil || len(journal.Exchanges) != 2 {
			t.Fatalf("%d exchanges, %v", len(journal.Exchanges), err)
		}
		exchange, enrolled := journal.Exchanges[0], journal.Exchanges[1]
		if exchange.Took <= 0 || exchange.AnswerSize != len(issued.body) || exchange.RequestSize < 100 {
			t.Errorf("took %v ms for %d bytes, answered with %d", exchange.Took, exchange.RequestSize, exchange.AnswerSize)
		}
		token := `{"access_token":"fp:` + exchange.Issued["access_token"] + `","token_type":"Bearer","expires_in":1200,"refresh_token":"fp:` + exchange.Issued["refresh_token"] + `"`
		if keeps != strings.HasPrefix(exchange.AnswerBody, token) || exchange.RequestBody != "" {
			t.Errorf("keeps %t: %q asked, %q answered, want %s", keeps, exchange.RequestBody, exchange.AnswerBody, token)
		}
		if keeps != strings.Contains(enrolled.RequestBody, `"software_version":"fp:`) || keeps != strings.Contains(enrolled.AnswerBody, `"client_name":"Reports"`) {
			t.Errorf("keeps %t: %q asked, %q answered", keeps, enrolled.RequestBody, enrolled.AnswerBody)
		}
	}
}
