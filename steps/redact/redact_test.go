package redact

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/mint-conformance/mint/steps/exchange"
)

// canary has signs that every encoding spells differently.
const canary = `c4n/ry+sec"ret&ü=7 end`

func TestNoSpellingSurvives(t *testing.T) {
	s := NewSecrets(Key{1})
	s.Add("password", canary)
	quoted, err := json.Marshal(canary)
	if err != nil {
		t.Fatal(err)
	}
	hidden := []string{canary, url.QueryEscape(canary), url.PathEscape(canary), hex.EncodeToString([]byte(canary)), string(quoted)}
	for before := range 4 {
		whole := []byte(strings.Repeat("x", before) + canary + "yy")
		hidden = append(hidden, base64.StdEncoding.EncodeToString(whole), base64.RawURLEncoding.EncodeToString(whole),
			url.QueryEscape(base64.StdEncoding.EncodeToString(whole)))
	}
	clean := s.Cleaner()
	for _, text := range hidden {
		if got := clean("before " + text + " after"); !strings.Contains(got, "‹password ") || got == "before "+text+" after" {
			t.Errorf("%q became %q", text, got)
		}
	}
	if got := clean("nothing of the kind"); got != "nothing of the kind" {
		t.Errorf("plain text became %q", got)
	}
}

func TestEqualSecretsLookEqual(t *testing.T) {
	a, b := NewKey(), NewKey()
	first, again := a.Fingerprint("code", "one"), a.Fingerprint("code", "one")
	if first != again || a.Fingerprint("code", "one") == a.Fingerprint("code", "two") {
		t.Error("fingerprints do not tell equal from different")
	}
	if a.Fingerprint("code", "one") == b.Fingerprint("code", "one") {
		t.Error("fingerprints of two runs are the same")
	}
}

// TestEveryPlaceOfAnExchange plants another canary in each place.
func TestEveryPlaceOfAnExchange(t *testing.T) {
	n := 0
	plant := func() string { n++; return fmt.Sprintf("canary-%02d-%s", n, "abcdefghijkl") }
	query := url.Values{"code": {plant()}, "access_token": {plant()}, "request_uri": {plant()}}
	e := exchange.Exchange{
		Method: "POST", URL: "https://u:" + plant() + "@as.example/token?" + query.Encode(),
		RequestHeader: http.Header{
			"Content-Type":  {"application/x-www-form-urlencoded"},
			"Authorization": {"Basic " + base64.StdEncoding.EncodeToString([]byte("app:"+plant()))},
			"Cookie":        {"session=" + plant() + "; theme=" + plant()},
		},
		RequestBody: url.Values{"refresh_token": {plant()}, "code_verifier": {plant()}, "password": {plant()}, "client_secret": {plant()}, "client_assertion": {plant()}}.Encode(),
		Status:      200,
		Header: http.Header{
			"Content-Type": {"application/json"}, "Location": {"https://c.example/cb#access_token=" + plant() + "&x=1"},
			"Set-Cookie": {"sid=" + plant() + "; Path=/; HttpOnly"},
		},
		Body: `{"access_token":"` + plant() + `","deep":[{"registration_access_token":"` + plant() + `"}],"scope":"ads.read"}`,
	}
	bearer := exchange.Exchange{URL: "https://api.example/", RequestHeader: http.Header{"Authorization": {"Bearer " + plant()}}}
	broken := exchange.Exchange{URL: "https://api.example/", RequestHeader: http.Header{"Authorization": {"Weird " + plant()}, "Dpop": {plant()}}}
	s := NewSecrets(NewKey())
	all := []exchange.Exchange{e, bearer, broken}
	for _, one := range all {
		s.Learn(one)
	}
	type bare exchange.Exchange // without its String, which hides much
	text := ""
	for _, clean := range s.Exchanges(all) {
		text += fmt.Sprintf("%+v\n", bare(clean))
	}
	for i := range n {
		if trace := fmt.Sprintf("canary-%02d", i+1); strings.Contains(text, trace) {
			t.Errorf("%s is readable", trace)
		}
	}
	if strings.Contains(text, base64.StdEncoding.EncodeToString([]byte("app:canary"))[:12]) {
		t.Error("the Basic credentials are readable")
	}
	for _, kept := range []string{"session=‹cookie ", "sid=‹cookie ", "; Path=/; HttpOnly", "Basic ‹credentials ", `"scope":"ads.read"`, "as.example/token?"} {
		if !strings.Contains(text, kept) {
			t.Errorf("%q is gone from %s", kept, text)
		}
	}
	if e.Header.Get("Set-Cookie")[:11] != "sid=canary-" {
		t.Error("the original was changed")
	}
}
