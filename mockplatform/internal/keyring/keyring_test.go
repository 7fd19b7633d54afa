package keyring

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"
)

const iss = "https://p.example/mint"

var (
	secret = []byte("0123456789abcdef0123456789abcdef")
	born   = time.Date(2026, 11, 14, 9, 0, 0, 0, time.UTC)
	end    = born.Add(20 * time.Minute)
)

var algs = []string{"HS256", "RS256", "ES256", "EdDSA"}

func ring(t testing.TB, cfg Config) *Ring {
	t.Helper()
	cfg.Issuer, cfg.Lifetime = iss, 20*time.Minute
	r, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func sign(t testing.TB, r *Ring, claims map[string]string) string {
	t.Helper()
	v, err := r.Sign("id-1", born, end, claims)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// decoded is a part of a compact token.
func decoded(t testing.TB, value string, part int) string {
	t.Helper()
	raw, err := base64.RawURLEncoding.DecodeString(strings.Split(value, ".")[part])
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

func encoded(s string) string { return base64.RawURLEncoding.EncodeToString([]byte(s)) }

// Every algorithm, plain and wrapped, says what was put in.
func TestWhatIsSignedIsRead(t *testing.T) {
	for _, alg := range algs {
		for _, encrypted := range []bool{false, true} {
			r := ring(t, Config{Alg: alg, Encrypted: encrypted, RFC9068: true, Audience: "api"})
			v := sign(t, r, map[string]string{"aud": "api", "sub": "maya", "client_id": "c", "scope": "a b", "iss": "forged", "exp": "0"})
			got, err := r.Read(v)
			if err != nil {
				t.Fatalf("%s, encrypted %t: %v", alg, encrypted, err)
			}
			if got.ID != "id-1" || got.Subject != "maya" || got.ClientID != "c" || got.Scope != "a b" ||
				!slices.Equal(got.Audience, []string{"api"}) || !got.IssuedAt.Equal(born) || !got.ExpiresAt.Equal(end) {
				t.Errorf("%s, encrypted %t: %+v", alg, encrypted, got)
			}
			if dots, want := strings.Count(v, "."), map[bool]int{false: 2, true: 4}[encrypted]; dots != want {
				t.Errorf("%s, encrypted %t: %d dots", alg, encrypted, dots)
			}
		}
	}
}

func TestHeaders(t *testing.T) {
	hs := ring(t, Config{Alg: "HS256", Secret: secret})
	if got := decoded(t, sign(t, hs, nil), 0); got != `{"alg":"HS256","typ":"JWT"}` {
		t.Errorf("HS256: %s", got)
	}
	for _, alg := range []string{"RS256", "ES256", "EdDSA"} {
		r := ring(t, Config{Alg: alg, RFC9068: true})
		want := `{"alg":"` + alg + `","kid":"` + r.Public(born).Keys[0].KeyID + `","typ":"at+jwt"}`
		if got := decoded(t, sign(t, r, nil), 0); got != want {
			t.Errorf("%s: %s, want %s", alg, got, want)
		}
	}
	jwe := ring(t, Config{Alg: "ES256", Encrypted: true})
	if got := decoded(t, sign(t, jwe, nil), 0); got != `{"alg":"RSA-OAEP-256","cty":"JWT","enc":"A256GCM"}` {
		t.Errorf("jwe: %s", got)
	}
}

func TestForeignTokensAreRefused(t *testing.T) {
	r := ring(t, Config{Alg: "HS256", Secret: secret, Audience: "api", RFC9068: true})
	good := sign(t, r, map[string]string{"aud": "api"})
	parts := strings.Split(good, ".")
	mint := func(alg jose.SignatureAlgorithm, typ, body string) string {
		t.Helper()
		signer, err := jose.NewSigner(jose.SigningKey{Algorithm: alg, Key: bytes.Repeat(secret, 2)}, (&jose.SignerOptions{}).WithType(jose.ContentType(typ)))
		if alg == jose.HS256 {
			signer, err = jose.NewSigner(jose.SigningKey{Algorithm: alg, Key: secret}, (&jose.SignerOptions{}).WithType(jose.ContentType(typ)))
		}
		if err != nil {
			t.Fatal(err)
		}
		signed, err := signer.Sign([]byte(body))
		if err != nil {
			t.Fatal(err)
		}
		v, err := signed.CompactSerialize()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	body := func(change map[string]any) string {
		claims := map[string]any{"iss": iss, "aud": []string{"other", "api"}, "exp": end.Unix()}
		maps.Copy(claims, change)
		maps.DeleteFunc(claims, func(_ string, v any) bool { return v == nil })
		doc, err := json.Marshal(claims)
		if err != nil {
			t.Fatal(err)
		}
		return string(doc)
	}
	for _, row := range []struct {
		name, value string
		want        error
	}{
		{"ours", good, nil},
		{"several audiences", mint("HS256", "at+jwt", body(nil)), nil},
		{"long typ", mint("HS256", "application/AT+JWT", body(nil)), nil},
		{"alg none", encoded(`{"alg":"none","typ":"at+jwt"}`) + "." + parts[1] + ".", ErrForm},
		{"another algorithm with our key", mint("HS512", "at+jwt", body(nil)), ErrForm},
		{"foreign key", sign(t, ring(t, Config{Alg: "HS256", RFC9068: true}), map[string]string{"aud": "api"}), ErrSignature},
		{"changed claim", parts[0] + "." + encoded(body(nil)) + "." + parts[2], ErrSignature},
		{"no signature", parts[0] + "." + parts[1] + ".", ErrSignature},
		{"unknown kid", encoded(`{"alg":"HS256","kid":"x","typ":"at+jwt"}`) + "." + parts[1] + "." + parts[2], ErrKey},
		{"critical extension", encoded(`{"alg":"HS256","typ":"at+jwt","crit":["x"],"x":1}`) + "." + parts[1] + "." + parts[2], ErrForm},
		{"an id token", mint("HS256", "JWT", body(nil)), ErrType},
		{"no typ", mint("HS256", "", body(nil)), ErrType},
		{"other issuer", mint("HS256", "at+jwt", body(map[string]any{"iss": iss + "/"})), ErrIssuer},
		{"other audience", mint("HS256", "at+jwt", body(map[string]any{"aud": "apis"})), ErrAudience},
		{"no audience", mint("HS256", "at+jwt", body(map[string]any{"aud": nil})), ErrAudience},
		{"no expiry", mint("HS256", "at+jwt", body(map[string]any{"exp": nil})), ErrExpiry},
		{"expiry in words", mint("HS256", "at+jwt", body(map[string]any{"exp": "never"})), ErrForm},
		{"claims are a list", mint("HS256", "at+jwt", "[]"), ErrForm},
		{"garbage", "a.b.c", ErrForm},
		{"empty", "", ErrForm},
	} {
		if _, err := r.Read(row.value); !errors.Is(err, row.want) {
			t.Errorf("%s: %v, want %v", row.name, err, row.want)
		}
	}
}

// A public key must not pass for an HS256 secret, and a signed token without
// its wrapping, or wrapped by somebody else, is none of ours.
func TestAlgorithmsAndWrappingsAreNotMixed(t *testing.T) {
	r := ring(t, Config{Alg: "RS256"})
	public, err := json.Marshal(r.Public(born).Keys[0])
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.Read(sign(t, ring(t, Config{Alg: "HS256", Secret: public}), nil)); !errors.Is(err, ErrForm) {
		t.Errorf("signed with the public key: %v", err)
	}
	wrapped := ring(t, Config{Alg: "HS256", Secret: secret, Encrypted: true})
	bare := sign(t, ring(t, Config{Alg: "HS256", Secret: secret}), nil)
	if _, err := wrapped.Read(bare); !errors.Is(err, ErrForm) {
		t.Errorf("without wrapping: %v", err)
	}
	if _, err := wrapped.Read(sign(t, ring(t, Config{Alg: "HS256", Secret: secret, Encrypted: true}), nil)); !errors.Is(err, ErrEncrypted) {
		t.Errorf("wrapped with another key: %v", err)
	}
	// Anybody may wrap for a public key; the signature inside counts.
	inside, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.HS256, Key: bytes.Repeat([]byte("k"), 32)}, (&jose.SignerOptions{}).WithType("JWT"))
	if err != nil {
		t.Fatal(err)
	}
	forged, err := jwt.SignedAndEncrypted(inside, wrapped.opener().encrypter).Claims(jwt.Claims{Issuer: iss, Expiry: jwt.NewNumericDate(end)}).Serialize()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := wrapped.Read(forged); !errors.Is(err, ErrSignature) {
		t.Errorf("a forged token, well wrapped: %v", err)
	}
}

func TestRotation(t *testing.T) {
	for _, alg := range []string{"ES256", "EdDSA"} {
		r := ring(t, Config{Alg: alg})
		first := r.Public(born).Keys[0]
		old := sign(t, r, nil)
		id, err := r.Rotate(born, nil)
		if err != nil || id == first.KeyID || id == "" {
			t.Fatalf("%s: new key %q, %v", alg, id, err)
		}
		next := sign(t, r, nil)
		if !strings.Contains(decoded(t, next, 0), id) {
			t.Errorf("%s: the new key does not sign: %s", alg, decoded(t, next, 0))
		}
		for what, v := range map[string]string{"old": old, "new": next} {
			if _, err := r.Read(v); err != nil {
				t.Errorf("%s: the %s key's token: %v", alg, what, err)
			}
		}
		ids := func(now time.Time) (out []string) {
			for _, k := range r.Public(now).Keys {
				out = append(out, k.KeyID)
				if !k.IsPublic() || k.Algorithm != alg || k.Use != "sig" {
					t.Errorf("%s: published %+v", alg, k)
				}
			}
			return out
		}
		if got := ids(end.Add(-1)); !slices.Equal(got, []string{id, first.KeyID}) {
			t.Errorf("%s: published %v", alg, got)
		}
		if got := ids(end); !slices.Equal(got, []string{id}) {
			t.Errorf("%s: published after the last token's end %v", alg, got)
		}
	}
}

func TestRotationIsBounded(t *testing.T) {
	r := ring(t, Config{Alg: "EdDSA"})
	for n := range maxKeys - 1 {
		if _, err := r.Rotate(born, nil); err != nil {
			t.Fatalf("rotation %d: %v", n+1, err)
		}
	}
	if _, err := r.Rotate(end.Add(-1), nil); !errors.Is(err, ErrFull) {
		t.Errorf("one too many: %v", err)
	}
	if _, err := r.Rotate(end, nil); err != nil || len(r.Public(end).Keys) != 2 {
		t.Errorf("after the old tokens' end: %v, %d keys", err, len(r.Public(end).Keys))
	}
	hs := ring(t, Config{Alg: "HS256"})
	if _, err := hs.Rotate(born, nil); !errors.Is(err, ErrSecret) || len(hs.Public(born).Keys) != 0 {
		t.Errorf("HS256: %v, %d keys", err, len(hs.Public(born).Keys))
	}
}

// Tokens are made and read while keys rotate.
func TestRotationUnderLoad(t *testing.T) {
	r := ring(t, Config{Alg: "EdDSA"})
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for range 50 {
				v, err := r.Sign("id", born, end, nil)
				if err == nil {
					_, err = r.Read(v)
				}
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	for range maxKeys - 1 {
		if _, err := r.Rotate(born, nil); err != nil {
			t.Error(err)
		}
	}
	wg.Wait()
}

func TestNoKeyNoRing(t *testing.T) {
	for _, cfg := range []Config{
		{Alg: "HS256", Rand: strings.NewReader("short")},
		{Alg: "EdDSA", Rand: strings.NewReader("short")},
		{Alg: "none"}, {Alg: "PS256"}, {},
	} {
		if r, err := New(cfg); err == nil || r != nil {
			t.Errorf("%s: %v", cfg.Alg, err)
		}
	}
}

func BenchmarkSign(b *testing.B) {
	for _, alg := range algs {
		b.Run(alg, func(b *testing.B) { benchmarkSign(b, Config{Alg: alg}) })
	}
	b.Run("ES256 encrypted", func(b *testing.B) { benchmarkSign(b, Config{Alg: "ES256", Encrypted: true}) })
}

func benchmarkSign(b *testing.B, cfg Config) {
	r := ring(b, cfg)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := r.Sign("id", born, end, map[string]string{"aud": "RestAPI"}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkRead(b *testing.B) {
	for _, alg := range algs {
		b.Run(alg, func(b *testing.B) {
			r := ring(b, Config{Alg: alg})
			v := sign(b, r, nil)
			b.ReportAllocs()
			for b.Loop() {
				if _, err := r.Read(v); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
