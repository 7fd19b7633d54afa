package steps

import "testing"

func TestEvidenceHidesSecretsInAddresses(t *testing.T) {
	lines, err := ndjson([]map[string]string{{
		"url": "http://127.0.0.1:1/oauth/callback?code=c0de&state=st4te&iss=http%3A%2F%2Fx", "referer": "http://x/?access_token=t0ken#here",
	}})
	if err != nil {
		t.Fatal(err)
	}
	const want = `{"referer":"http://x/?access_token=...#here","url":"http://127.0.0.1:1/oauth/callback?code=...&state=...&iss=http%3A%2F%2Fx"}` + "\n"
	if got := string(blank(lines)); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}
