package redact

import (
	"encoding/base64"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/mint-conformance/mint/steps/exchange"
)

// TestEverySpellingOfOthers: what other languages make of a secret, and what
// travels inside something else.
func TestEverySpellingOfOthers(t *testing.T) {
	const secret = `p/w"d&<é>'7 !`
	s := NewSecrets(Key{1})
	s.Add("password", secret)
	clean := s.Cleaner()
	for name, text := range map[string]string{
		"JavaScript":                    `{"x":"p/w\"d&<é>'7 !"}`,
		"PHP":                           `{"x":"p\/w\"d&<\u00e9>'7 !"}`,
		"Python":                        `{"x":"p/w\"d&<\u00e9>'7 !"}`,
		"encodeURIComponent":            `x=p%2Fw%22d%26%3C%C3%A9%3E'7%20!`,
		"lower case percent signs":      `x=p%2fw%22d%26%3c%c3%a9%3e%277+%21`,
		"an address inside another one": "next=" + url.QueryEscape("https://x.example/?x="+url.QueryEscape(secret)),
		"a template's page":             `<p>p/w&#34;d&amp;&lt;é&gt;&#39;7 !</p>`,
		"PHP's page":                    `<p>p/w&quot;d&amp;&lt;é&gt;&#039;7 !</p>`,
		"a browser's attribute":         `<p title="p/w&quot;d&amp;<é>'7 !">`,
		"a browser's text":              `<p>p/w"d&amp;&lt;é&gt;'7 !</p>`,
		"Basic, form-encoded":           "Basic " + base64.StdEncoding.EncodeToString([]byte("app:"+url.QueryEscape(secret))),
		"Basic, as it is":               "Basic " + base64.StdEncoding.EncodeToString([]byte("app:"+secret)),
	} {
		if got := clean(text); !strings.Contains(got, "‹password ") || got == text {
			t.Errorf("%s: %q became %q", name, text, got)
		}
	}
}

// TestNamesCoverWhatValuesDoNot: secrets that are too short to be looked for,
// and those that nobody has seen before.
func TestNamesCoverWhatValuesDoNot(t *testing.T) {
	mark := Key{1}.Fingerprint
	for text, want := range map[string]string{
		"username=maya&password=ab1&x=1":                    "username=maya&password=" + mark("password", "ab1") + "&x=1",
		"password=ab1":                                      "password=" + mark("password", "ab1"),
		"https://c.example/cb?state=s&code=x-9#top":         "https://c.example/cb?state=s&code=" + mark("code", "x-9") + "#top",
		"https://c.example/cb#Access_Token=t1&x=2":          "https://c.example/cb#Access_Token=" + mark("access_token", "t1") + "&x=2",
		`{"URL":"https://c/cb?state=1\u0026code=x9"}`:       `{"URL":"https://c/cb?state=1\u0026code=` + mark("code", "x9") + `"}`,
		"next=%2Fgo%3Fclient_id%3Dapp%26code%3Dx9%26end%3D": "next=%2Fgo%3Fclient_id%3Dapp%26code%3D" + mark("code", "x9") + "%26end%3D",
		"https://a/?redirect_uri=https://c/cb?code=x9":      "https://a/?redirect_uri=https://c/cb?code=" + mark("code", "x9"),
		`{"a":"b", "client_secret" : "s\"3", "scope":"r"}`:  `{"a":"b", "client_secret" : "` + mark("client_secret", `s\"3`) + `", "scope":"r"}`,
		`<input type="hidden" name="csrf" value="c1">`:      `<input type="hidden" name="csrf" value="` + mark("csrf", "c1") + `">`,
		`<input value='c1' name=my_token>`:                  `<input value="` + mark("my_token", "c1") + `" name=my_token>`,
		`<input name="scope" value="read">`:                 `<input name="scope" value="read">`,
		"decode=1&coded=2&error_code=3":                     "decode=1&coded=2&error_code=3",
		`{"token_type":"Bearer","expires_in":3600}`:         `{"token_type":"Bearer","expires_in":3600}`,
	} {
		if got := NewSecrets(Key{1}).Cleaner()(text); got != want {
			t.Errorf("%q became\n%q, want\n%q", text, got, want)
		}
	}
}

// TestACommandNamesShortSecrets: the command to repeat a request has variables
// for all secrets, whatever the server calls them.
func TestACommandNamesShortSecrets(t *testing.T) {
	e := exchange.Exchange{
		Method: "POST", URL: "https://as.example/token",
		RequestHeader: http.Header{"Content-Type": {"application/x-www-form-urlencoded"}},
		RequestBody:   "password=ab1&x2-y_token=t2",
	}
	s := NewSecrets(NewKey())
	s.Learn(e)
	got := s.Exchanges([]exchange.Exchange{e})[0].Curl()
	want := "curl -sS -i \\\n  -X POST \\\n  'https://as.example/token' \\\n  -H 'Content-Type: application/x-www-form-urlencoded' \\\n" +
		`  --data-urlencode 'password='"$PASSWORD"` + " \\\n" + `  --data-urlencode 'x2-y_token='"$X__Y_TOKEN"`
	if got != want {
		t.Errorf("%s\nwant\n%s", got, want)
	}
}
