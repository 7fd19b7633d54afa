package journal

import (
	"encoding/json"
	"strings"
	"testing"
)

func TestBodiesAreShownWithoutSecrets(t *testing.T) {
	f := NewFingerprinter([]byte("0123456789abcdef"))
	fp := func(value string) string { return `"` + Prefix + f.Fingerprint(value) + `"` }
	for _, tc := range []struct{ name, body, asked, answered string }{
		{"tokens", `{"access_token":"read","expires_in":1200,"scope":"ads.read ads.write"}`,
			`{"access_token":` + fp("read") + `,"expires_in":` + fp("1200") + `,"scope":"ads.read ads.write"}`,
			`{"access_token":` + fp("read") + `,"expires_in":1200,"scope":"ads.read ads.write"}`},
		{"order and depth", `{"b": [true, null, {"a": "x"}], "a": []}`,
			`{"b":[true,null,{"a":` + fp("x") + `}],"a":[]}`, `{"b":[true,null,{"a":"x"}],"a":[]}`},
		{"what looks random", `{"note":"kX9qLm2Zt81vBhR4"}`, `{"note":` + fp("kX9qLm2Zt81vBhR4") + `}`, `{"note":` + fp("kX9qLm2Zt81vBhR4") + `}`},
		{"a random name", `{"kX9qLm2Zt81vBhR4":true}`, `{` + fp("kX9qLm2Zt81vBhR4") + `:true}`, `{` + fp("kX9qLm2Zt81vBhR4") + `:true}`},
		{"a long number", `{"issued_at":1763733600}`, `{"issued_at":` + fp("1763733600") + `}`, `{"issued_at":1763733600}`},
		{"an address with a query", `{"Redirect_Uri":"http://mint.example/cb?pass=word"}`,
			`{"Redirect_Uri":"http://mint.example/cb?…"}`, `{"Redirect_Uri":"http://mint.example/cb?pass=word"}`},
		{"a page", `<html>`, "", ""},
		{"half a document", `{"access_token":"re`, "", ""},
		{"broken grammar", `{"a":1,}`, "", ""},
		{"two documents", `{}{}`, "", ""},
		{"none", "", "", ""},
	} {
		if got := f.Asked([]byte(tc.body)); got != tc.asked {
			t.Errorf("%s, asked:\n%s, want\n%s", tc.name, got, tc.asked)
		}
		if got := f.Answered([]byte(tc.body)); got != tc.answered {
			t.Errorf("%s, answered:\n%s, want\n%s", tc.name, got, tc.answered)
		}
	}
	long, _ := json.Marshal(map[string]string{"scope": strings.Repeat("ads ", MaxBody)})
	if n := len(f.Asked(long)); n > MaxBody+4 || n < MaxBody-4 {
		t.Errorf("%d bytes are kept of a long body, want %d", n, MaxBody)
	}
	if got := f.Answered([]byte(`"` + strings.Repeat("x", maxRead) + `"`)); got != "" {
		t.Errorf("%d bytes are kept of a huge body", len(got))
	}
}
