package keyring

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"
)

// Sign makes a token of id with the given claims, issued and expiring at whole
// seconds. iss, iat, exp and jti are added and win over claims of that name. It
// signs once.
func (r *Ring) Sign(id string, issued, expires time.Time, claims map[string]string) (string, error) {
	all := make(map[string]any, len(claims)+4)
	for name, value := range claims {
		all[name] = value
	}
	all["iss"], all["jti"] = r.cfg.Issuer, id
	all["iat"], all["exp"] = issued.Unix(), expires.Unix()
	payload, err := json.Marshal(all)
	if err != nil {
		return "", err
	}
	value, err := r.all()[0].signer.sign(payload)
	if err != nil || !r.cfg.Encrypted {
		return value, err
	}
	wrapped, err := r.opener().encrypter.Encrypt([]byte(value))
	if err != nil {
		return "", err
	}
	return wrapped.CompactSerialize()
}

// Claims are what a token that was signed here says.
type Claims struct {
	ID        string
	Subject   string
	ClientID  string
	Scope     string
	Audience  []string
	IssuedAt  time.Time // zero when it says nothing
	ExpiresAt time.Time
}

// Why a token cannot be read. The sentences never hold any of it.
var (
	ErrForm      = errors.New("it is no token of the form that this Platform issues")
	ErrEncrypted = errors.New("it is not encrypted for this Platform's API")
	ErrKey       = errors.New("the key that it names is not one of this Platform's")
	ErrSignature = errors.New("its signature does not fit")
	ErrType      = errors.New("its header typ is not at+jwt")
	ErrIssuer    = errors.New("another issuer made it")
	ErrAudience  = errors.New("it is meant for another audience")
	ErrExpiry    = errors.New("it does not say when it expires")
)

// Read opens a token and checks the algorithm, the signature, typ, iss and aud
// (RFC 8725 section 3, RFC 9068 section 4). Whether its time is up is for the
// caller to say, who has a clock. The error is one of those above.
func (r *Ring) Read(value string) (Claims, error) {
	signed, err := r.parse(value)
	if err != nil {
		return Claims{}, err
	}
	header := signed.Headers[0] // the compact form has exactly one
	if r.cfg.RFC9068 && !accessTokenType(header) {
		return Claims{}, ErrType
	}
	keys := r.all()
	at := slices.IndexFunc(keys, func(k key) bool { return k.id == header.KeyID })
	if at < 0 {
		return Claims{}, ErrKey
	}
	var said struct {
		jwt.Claims
		ClientID string `json:"client_id"`
		Scope    string `json:"scope"`
	}
	if err := signed.Claims(keys[at].verify, &said); errors.Is(err, jose.ErrCryptoFailure) {
		return Claims{}, ErrSignature
	} else if err != nil {
		return Claims{}, ErrForm
	}
	switch {
	case said.Issuer != r.cfg.Issuer:
		return Claims{}, ErrIssuer
	case r.cfg.Audience != "" && !said.Audience.Contains(r.cfg.Audience):
		return Claims{}, ErrAudience
	case said.Expiry == nil:
		return Claims{}, ErrExpiry
	}
	out := Claims{
		ID: said.ID, Subject: said.Subject, ClientID: said.ClientID, Scope: said.Scope,
		Audience: said.Audience, ExpiresAt: said.Expiry.Time(),
	}
	if said.IssuedAt != nil {
		out.IssuedAt = said.IssuedAt.Time()
	}
	return out, nil
}

// parse takes the wrapping off. The algorithms are those configured, whatever
// the token's header would like (RFC 8725 section 3.1). (The library's own
// reader of nested tokens takes no asymmetric encryption.)
func (r *Ring) parse(value string) (*jwt.JSONWebToken, error) {
	if r.cfg.Encrypted {
		wrapped, err := jose.ParseEncryptedCompact(value, []jose.KeyAlgorithm{jose.RSA_OAEP_256}, []jose.ContentEncryption{jose.A256GCM})
		if err != nil {
			return nil, ErrForm
		}
		inside, err := wrapped.Decrypt(r.opener().private)
		if err != nil {
			return nil, ErrEncrypted
		}
		value = string(inside)
	}
	signed, err := jwt.ParseSigned(value, []jose.SignatureAlgorithm{r.alg})
	if err != nil {
		return nil, ErrForm
	}
	return signed, nil
}

// accessTokenType follows RFC 9068 section 4: at+jwt, with or without the
// prefix, upper and lower case alike (RFC 7515 section 4.1.9).
func accessTokenType(h jose.Header) bool {
	typ, _ := h.ExtraHeaders[jose.HeaderType].(string)
	return strings.EqualFold(strings.TrimPrefix(strings.ToLower(typ), "application/"), "at+jwt")
}
