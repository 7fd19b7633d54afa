package token

import (
	"bytes"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

func TestValuesAreLongAndDiffer(t *testing.T) {
	for name, tc := range map[string]struct {
		make func() (string, error)
		form string
	}{
		"opaque": {func() (string, error) { return Opaque(rand.Reader) }, `^[A-Za-z0-9_-]{43}$`},
		"hex32":  {func() (string, error) { return Hex32(rand.Reader) }, `^[0-9a-f]{32}$`},
		"uuid":   {func() (string, error) { return UUID(rand.Reader) }, `^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`},
	} {
		seen := map[string]bool{}
		for range 1000 {
			v, err := tc.make()
			if err != nil || !regexp.MustCompile(tc.form).MatchString(v) || seen[v] {
				t.Fatalf("%s: %q, %v", name, v, err)
			}
			seen[v] = true
		}
	}
	for name, make := range map[string]func() (string, error){
		"opaque": func() (string, error) { return Opaque(bytes.NewReader(nil)) },
		"hex32":  func() (string, error) { return Hex32(bytes.NewReader(nil)) },
		"uuid":   func() (string, error) { return UUID(bytes.NewReader(nil)) },
	} {
		if v, err := make(); err == nil {
			t.Errorf("%s without randomness: %q", name, v)
		}
	}
}

func TestSignedTokens(t *testing.T) {
	key := []byte("0123456789abcdef0123456789abcdef")
	s := NewSigner(key, "https://p.example/mindbaz")
	v, err := s.Sign("id-1", born, at(1200*time.Second), map[string]string{"aud": "RestAPI", "iss": "forged"})
	if err != nil {
		t.Fatal(err)
	}
	parts := strings.Split(v, ".")
	head, _ := base64.RawURLEncoding.DecodeString(parts[0])
	body, _ := base64.RawURLEncoding.DecodeString(parts[1])
	if string(head) != `{"alg":"HS256","typ":"JWT"}` {
		t.Errorf("header %s", head)
	}
	var claims map[string]any
	if err := json.Unmarshal(body, &claims); err != nil {
		t.Fatal(err)
	}
	if claims["iss"] != "https://p.example/mindbaz" || claims["aud"] != "RestAPI" || claims["jti"] != "id-1" ||
		claims["exp"].(float64)-claims["iat"].(float64) != 1200 {
		t.Errorf("claims %s", body)
	}
	if err := s.Verify(v, at(1200*time.Second-eps)); err != nil {
		t.Errorf("just before its end: %v", err)
	}
	none := base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"none","typ":"JWT"}`)) + "." + parts[1] + "."
	foreign, _ := NewSigner([]byte(strings.Repeat("k", 32)), "https://p.example/mindbaz").Sign("id", born, at(time.Hour), nil)
	elsewhere, _ := NewSigner(key, "https://p.example/other").Sign("id", born, at(time.Hour), nil)
	changed := parts[0] + "." + base64.RawURLEncoding.EncodeToString(bytes.Replace(body, []byte("RestAPI"), []byte("Another"), 1)) + "." + parts[2]
	otherAlg, err := jwt.NewWithClaims(jwt.SigningMethodHS512, jwt.MapClaims{
		"iss": "https://p.example/mindbaz", "exp": at(time.Hour).Unix(),
	}).SignedString(key)
	if err != nil {
		t.Fatal(err)
	}
	for name, bad := range map[string]string{
		"alg none": none, "another algorithm with our key": otherAlg, "foreign key": foreign, "other issuer": elsewhere, "changed claim": changed,
		"no signature": parts[0] + "." + parts[1] + ".", "garbage": "a.b.c", "empty": "",
	} {
		if err := s.Verify(bad, born); err == nil {
			t.Errorf("%s was accepted", name)
		}
	}
	if err := s.Verify(v, at(1200*time.Second)); err == nil {
		t.Error("accepted at its end")
	} else if strings.Contains(err.Error(), parts[2]) {
		t.Errorf("the error holds the token: %v", err)
	}
}

func BenchmarkSign(b *testing.B) {
	s := NewSigner([]byte("0123456789abcdef0123456789abcdef"), "i")
	b.ReportAllocs()
	for b.Loop() {
		if _, err := s.Sign("id", born, at(time.Hour), map[string]string{"aud": "RestAPI"}); err != nil {
			b.Fatal(err)
		}
	}
}
