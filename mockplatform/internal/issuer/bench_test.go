package issuer

import "testing"

func BenchmarkClientCredentials(b *testing.B) {
	d := open(b, "service", "")
	r := d.request(form("grant_type", "client_credentials"))
	b.ReportAllocs()
	for b.Loop() {
		if out := d.Token(d.now, r, nil); out.Err != nil {
			b.Fatal(out.Err)
		}
	}
}

func BenchmarkClientCredentialsParallel(b *testing.B) {
	d := open(b, "service", "")
	r := d.request(form("grant_type", "client_credentials"))
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if out := d.Token(d.now, r, nil); out.Err != nil {
				b.Error(out.Err)
			}
		}
	})
}

func BenchmarkRotate(b *testing.B) {
	d := open(b, "mailup", "")
	refresh := d.connect("maya").RefreshToken
	b.ReportAllocs()
	for b.Loop() {
		out := d.refresh(refresh)
		if out.Err != nil {
			b.Fatal(out.Err)
		}
		refresh = out.Answer.RefreshToken
	}
}

func BenchmarkPasswordJWT(b *testing.B) {
	d := open(b, "mindbaz", "")
	r := d.request(form("grant_type", "password", "username", "maya@example.test", "password", "maya-password-1"))
	b.ReportAllocs()
	for b.Loop() {
		if out := d.Token(d.now, r, nil); out.Err != nil {
			b.Fatal(out.Err)
		}
	}
}

func BenchmarkBearer(b *testing.B) {
	d := open(b, "mint", "")
	access := d.connect("maya").AccessToken
	b.ReportAllocs()
	for b.Loop() {
		if _, err := d.Bearer(d.now, access); err != nil {
			b.Fatal(err)
		}
	}
}

// What a signature adds to BenchmarkClientCredentials; compare it with
// BenchmarkSign of package keyring.
func BenchmarkClientCredentialsES256(b *testing.B) {
	d := open(b, "service", `{"access_token":{"format":"jwt","alg":"ES256","profile":"rfc9068"}}`)
	r := d.request(form("grant_type", "client_credentials"))
	b.ReportAllocs()
	for b.Loop() {
		if out := d.Token(d.now, r, nil); out.Err != nil {
			b.Fatal(out.Err)
		}
	}
}
