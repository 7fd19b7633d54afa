package checks

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"hash"
	"maps"
	"strings"
)

// webToken is a JWT taken apart, unverified (RFC 7519 section 7.2).
type webToken struct {
	header, claims map[string]any
	signature      string // as it stood there
}

// takeApart reads a token in the compact form of RFC 7515 section 3.1.
func takeApart(token string) (w webToken, err error) {
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		return w, fmt.Errorf("a token of %d parts instead of three", len(parts))
	}
	for i, into := range []*map[string]any{&w.header, &w.claims} {
		document, err := base64.RawURLEncoding.DecodeString(parts[i])
		if err != nil {
			return w, fmt.Errorf("part %d of the token is not base64url", i+1)
		}
		if err := json.Unmarshal(document, into); err != nil || *into == nil {
			return w, fmt.Errorf("part %d of the token is no JSON object", i+1)
		}
	}
	if _, err := base64.RawURLEncoding.DecodeString(parts[2]); err != nil {
		return w, fmt.Errorf("the signature of the token is not base64url")
	}
	w.signature = parts[2]
	return w, nil
}

func (w webToken) alg() string { return w.text(w.header, "alg") }

func (webToken) text(from map[string]any, name string) string {
	s, _ := from[name].(string)
	return s
}

// with is the token with some header members and claims exchanged.
func (w webToken) with(header, claims map[string]any) webToken {
	changed := webToken{header: maps.Clone(w.header), claims: maps.Clone(w.claims), signature: w.signature}
	maps.Copy(changed.header, header)
	maps.Copy(changed.claims, claims)
	return changed
}

// body is what is signed: header and claims.
func (w webToken) body() string {
	var parts []string
	for _, part := range []map[string]any{w.header, w.claims} {
		document, _ := json.Marshal(part) // it came out of JSON
		parts = append(parts, base64.RawURLEncoding.EncodeToString(document))
	}
	return strings.Join(parts, ".")
}

func (w webToken) String() string { return w.body() + "." + w.signature }

// unsigned is the token with an empty signature.
func (w webToken) unsigned() webToken {
	w.signature = ""
	return w
}

// signed is the token signed anew by a shared secret, with HS256.
func (w webToken) signed(secret []byte) webToken {
	w.signature = mac(sha256.New, secret, w.body())
	return w
}

func mac(kind func() hash.Hash, secret []byte, body string) string {
	m := hmac.New(kind, secret)
	m.Write([]byte(body))
	return base64.RawURLEncoding.EncodeToString(m.Sum(nil))
}

// hashes of the algorithms that sign with a shared secret (RFC 7518 section
// 3.2).
var hashes = map[string]func() hash.Hash{"HS256": sha256.New, "HS384": sha512.New384, "HS512": sha512.New}

// guess is the first of the words that signs the token, "" for none.
func guess(token string, words []string) string {
	w, err := takeApart(token)
	kind := hashes[w.alg()]
	if err != nil || kind == nil {
		return ""
	}
	body := strings.TrimSuffix(token, "."+w.signature)
	for _, word := range words {
		if mac(kind, []byte(word), body) == w.signature {
			return word
		}
	}
	return ""
}

// weakSecrets are words that tutorials and examples use as a signing secret,
// some of them long enough for HS256.
var weakSecrets = strings.Fields(`
	secret Secret SECRET password Password passw0rd changeme change-me change_me changeit default test testing
	key mykey my-key my_key apikey api_key secretkey secret-key secret_key SecretKey mysecret my-secret my_secret
	mysecretkey my-secret-key my_secret_key supersecret super-secret super_secret supersecretkey super-secret-key
	topsecret top-secret shhhhh shhhh jwt jwtsecret jwt-secret jwt_secret jwtkey jwt-key JWT_SECRET token tokensecret
	signing signingkey signing-key signing_key hmac hmackey private privatekey private-key example demo dev development
	staging production admin root user guest hello helloworld hello-world foobar foo bar qwerty abc123 letmein welcome
	123456 12345678 123456789 1234567890 0123456789 0000000000000000 s3cr3t S3cr3t! secret123 password123 your-secret
	your_secret your-secret-key your_secret_key your-256-bit-secret your-384-bit-secret your-512-bit-secret
	a-string-secret-at-least-256-bits-long a-valid-string-secret-that-is-at-least-512-bits-long-which-is-very-long
	thisisasecret this-is-a-secret this_is_a_secret thisisasecretkey this-is-my-secret-key some-secret some_secret
	django-insecure laravel symfony spring springboot express node nodejs flask rails server client oauth oauth2
	keyboard-cat keyboardcat iloveyou gwxyz AyM1SysPpbyDfgZld3umj1qzKObwVMko
`)
