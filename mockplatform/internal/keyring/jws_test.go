package keyring

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"testing"

	"github.com/go-jose/go-jose/v4"
)

// Whatever is signed, another implementation reads and checks it.
func TestSignerAgainstTheLibrary(t *testing.T) {
	rsaKey, err := rsa.GenerateKey(rand.Reader, rsaBits)
	if err != nil {
		t.Fatal(err)
	}
	ecKey, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	edKey := ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize))
	secret := make([]byte, secretBytes)
	for _, test := range []struct {
		alg         jose.SignatureAlgorithm
		private     any
		verify, not any
		id          string
	}{
		{jose.HS256, secret, secret, append([]byte{1}, secret[1:]...), ""},
		{jose.RS256, rsaKey, rsaKey.Public(), ecKey.Public(), "one"},
		{jose.ES256, ecKey, ecKey.Public(), rsaKey.Public(), "two"},
		{jose.EdDSA, edKey, edKey.Public(), ecKey.Public(), "three"},
	} {
		t.Run(string(test.alg), func(t *testing.T) {
			s, err := newSigner(test.alg, test.private, test.id, "at+jwt")
			if err != nil {
				t.Fatal(err)
			}
			for n := range 40 { // ES256 numbers begin with zeros now and then
				payload := string(make([]byte, n))
				token, err := s.sign([]byte(payload))
				if err != nil {
					t.Fatal(err)
				}
				read, err := jose.ParseSignedCompact(token, []jose.SignatureAlgorithm{test.alg})
				if err != nil {
					t.Fatal(err)
				}
				if got, err := read.Verify(test.verify); err != nil || string(got) != payload {
					t.Errorf("payload of %d bytes: %q, %v", n, got, err)
				}
				if _, err := read.Verify(test.not); err == nil {
					t.Error("another key's signature is taken")
				}
				h := read.Signatures[0].Header
				if h.KeyID != test.id || h.ExtraHeaders[jose.HeaderType] != "at+jwt" || len(h.ExtraHeaders) != 1 {
					t.Errorf("header %+v", h)
				}
			}
		})
	}
}

func TestSignerRefusesKeysThatDoNotFit(t *testing.T) {
	edKey := ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize))
	for _, test := range []struct {
		alg     jose.SignatureAlgorithm
		private any
	}{
		{jose.HS256, make([]byte, secretBytes-1)}, {jose.HS256, edKey}, {jose.ES256, make([]byte, secretBytes)}, {"none", nil},
	} {
		if _, err := newSigner(test.alg, test.private, "", "JWT"); err == nil {
			t.Errorf("%s signs with a %T", test.alg, test.private)
		}
	}
}
