package issuer

import (
	"strings"
	"testing"

	"github.com/mint-conformance/mint/mockplatform/internal/oauth"
)

// Whatever comes in, a request is answered with tokens or with an error that a
// client may show: a code, a status from 400 to 499 and printable ASCII.
func FuzzTokenRequest(f *testing.F) {
	const form = "application/x-www-form-urlencoded"
	good := basicHeader("service-mint", "service-mint-secret-for-tests-only")[0]
	for _, seed := range [][4]string{
		{"", "grant_type=client_credentials", form, good},
		{"grant_type=client_credentials&" + inBody, "", "", ""},
		{"", "grant_type=authorization_code&code=x&redirect_uri=https://a.example&code_verifier=" + verifier, form, good},
		{"", "grant_type=refresh_token&refresh_token=x&scope=ads.read%00", form, good},
		{"", "grant_type=password&username=maya&password=x&" + inBody, form, ""},
		{"", "grant_type=client_credentials&grant_type=password", form, good},
		{"", "grant_type=client_credentials&scope=ads.read+%22+%5C", form, good},
		{"code=x", "GRANT_TYPE=client_credentials&=&&;&%zz=1", form + "; charset=utf-8", good},
		{"%ff=%fe", strings.Repeat("a=b&", 200), form, "Basic"},
		{"", "\x00\xff", "multipart/form-data", "Basic Og=="},
		{"client_id=100", strings.Repeat("x", MaxBody+1), form, "Bearer x"},
	} {
		f.Add(seed[0], seed[1], seed[2], seed[3])
	}
	desks := []*desk{open(f, "service", ""), open(f, "mindbaz", `{"token":{"client_id_required":false}}`)}
	f.Fuzz(func(t *testing.T, query, body, contentType, authorization string) {
		r := Request{Method: "POST", RawQuery: query, Body: []byte(body), ContentType: contentType}
		if authorization != "" {
			r.Authorization = []string{authorization}
		}
		for _, d := range desks {
			out := d.Token(d.now, r, nil)
			if (out.Answer == nil) == (out.Err == nil) {
				t.Fatalf("answer %v beside error %v", out.Answer, out.Err)
			}
			if out.Err == nil {
				continue
			}
			e := out.Err
			if e.Code == "" || e.Status < 400 || e.Status > 499 || oauth.Printable(e.Description) != e.Description || oauth.Printable(e.Code) != e.Code {
				t.Errorf("error %q %d %q", e.Code, e.Status, e.Description)
			}
			if strings.ContainsAny(e.Challenge, "\r\n") {
				t.Errorf("challenge %q breaks the header", e.Challenge)
			}
		}
	})
}

// A Basic header gives the id and the secret that were put in, or nothing.
func FuzzBasicHeader(f *testing.F) {
	for _, seed := range [][3]string{
		{"Basic eDp5", "x", "y"},
		{"bAsIc  eDp5", "a:b", "c:d"},
		{"Basic eA==", "ä", "%"},
		{"Basic Og==", "a b", "c+d"},
		{"Basic Onk=", ":", ":"}, // ":y"
		{"Basic ???", "&=", "\x00\xff"},
		{"Basic", "x", ""},
		{"Bearer eDp5", "", "y"},
		{"", "", ""},
	} {
		f.Add(seed[0], seed[1], seed[2])
	}
	f.Fuzz(func(t *testing.T, header, id, secret string) {
		if gotID, gotSecret, ok := basic(header); ok != (gotID != "") || !ok && gotSecret != "" {
			t.Errorf("basic(%q) is %q, %q, %t", header, gotID, gotSecret, ok)
		}
		gotID, gotSecret, ok := basic(basicHeader(id, secret)[0])
		if ok != (id != "") || ok && (gotID != id || gotSecret != secret) {
			t.Errorf("%q and %q came back as %q and %q, %t", id, secret, gotID, gotSecret, ok)
		}
	})
}
