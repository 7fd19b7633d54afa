package exchange

import (
	"net/http"
	"testing"
)

func TestCurl(t *testing.T) {
	tests := []struct {
		name string
		e    Exchange
		want string
	}{
		{
			"a token request with Basic",
			Exchange{
				Method: "POST", URL: "https://as.example/token", BasicID: "app",
				RequestHeader: http.Header{
					"Content-Type": {"application/x-www-form-urlencoded"}, "Authorization": {"Basic ‹credentials 1a2b3c4d›"}, "User-Agent": {"x"},
				},
				RequestBody: "code=‹code 0badcafe›&grant_type=authorization_code&redirect_uri=https%3A%2F%2Fc.example%2Fcb%3Fit%27s",
			},
			"curl -sS -i \\\n  -X POST \\\n  'https://as.example/token' \\\n  -u 'app:'\"$CLIENT_SECRET\" \\\n" +
				"  -H 'Content-Type: application/x-www-form-urlencoded' \\\n  --data-urlencode 'code='\"$CODE\" \\\n" +
				"  --data-urlencode 'grant_type=authorization_code' \\\n  --data-urlencode 'redirect_uri=https://c.example/cb?it'\\''s'",
		},
		{
			"an API call",
			Exchange{
				Method: "GET", URL: "https://api.example/me?x=1",
				RequestHeader: http.Header{"Authorization": {"Bearer ‹access_token 12345678›"}, "Cookie": {"a=‹cookie 1234abcd›"}},
			},
			"curl -sS -i \\\n  'https://api.example/me?x=1' \\\n  -H 'Authorization: Bearer '\"$ACCESS_TOKEN\"",
		},
		{
			"a body that is no form",
			Exchange{Method: "POST", URL: "https://as.example/token", RequestHeader: http.Header{"Content-Type": {"application/json"}}, RequestBody: `{"a":"‹code 12345678›"}`},
			"curl -sS -i \\\n  -X POST \\\n  'https://as.example/token' \\\n  -H 'Content-Type: application/json' \\\n  --data-raw '{\"a\":\"'\"$CODE\"'\"}'",
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := test.e.Curl(); got != test.want {
				t.Errorf("got\n%s\nwant\n%s", got, test.want)
			}
		})
	}
}

func TestClaims(t *testing.T) {
	const token = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJtYXlhIn0.c2lnbmF0dXJl"
	if got, want := claims(token), "{\n  \"alg\": \"HS256\"\n}\n{\n  \"sub\": \"maya\"\n}"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	for _, opaque := range []string{"", "a.b", "a.b.c", "eyJhbGciOiJIUzI1NiJ9.x.y"} {
		if got := claims(opaque); got != "" {
			t.Errorf("%q has the claims %q", opaque, got)
		}
	}
}
