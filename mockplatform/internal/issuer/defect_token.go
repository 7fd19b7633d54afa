package issuer

import (
	"encoding/base64"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/mint-conformance/mint/mockplatform/internal/application"
	"github.com/mint-conformance/mint/mockplatform/internal/deviation"
	"github.com/mint-conformance/mint/mockplatform/internal/oauth"
	"github.com/mint-conformance/mint/mockplatform/internal/token"
)

// careless is what an Issuer with defects remembers beside its store.
type careless struct {
	codes      atomic.Int64 // given out so far, for those that are numbered
	challenges sync.Map     // newest code challenge, by client
	asked      sync.Map     // scope asked for, by code
}

const formType = "application/x-www-form-urlencoded"

// misread is a token request as an endpoint with the defects of the profile
// reads it.
func (i *Issuer) misread(r Request) Request {
	if len(i.profile.Break) == 0 {
		return r
	}
	if r.Method == http.MethodGet && i.profile.Breaks(deviation.TokenByGet) {
		r.Method, r.ContentType, r.Body, r.RawQuery = http.MethodPost, formType, []byte(r.RawQuery), ""
	}
	if r.ContentType != formType && i.profile.Breaks(deviation.TokenExactMediaType) {
		r.ContentType = "unknown/unknown"
	}
	if i.profile.Breaks(deviation.SecretInQuery) && r.RawQuery != "" {
		r.Body, r.RawQuery = []byte(string(r.Body)+"&"+r.RawQuery), ""
	}
	form, err := url.ParseQuery(string(r.Body))
	if err != nil {
		return r
	}
	if i.profile.Breaks(deviation.TokenFirstOfTwo) {
		for name, values := range form {
			form[name] = values[:1]
		}
		r.Body = []byte(form.Encode())
	}
	if len(r.Authorization) > 0 && i.profile.Breaks(deviation.SecretTwice) {
		form.Del("client_secret")
		r.Body = []byte(form.Encode())
	}
	if len(r.Authorization) == 1 && i.profile.Breaks(deviation.BasicUndecoded) {
		r.Authorization = []string{encodedTwice(r.Authorization[0])}
	}
	return r
}

// encodedTwice form-encodes Basic credentials once more, so that decoding them
// gives what was sent.
func encodedTwice(header string) string {
	_, encoded, _ := strings.Cut(header, " ")
	raw, err := base64.StdEncoding.DecodeString(encoded)
	if err != nil {
		return header
	}
	id, secret, _ := strings.Cut(string(raw), ":")
	return "Basic " + base64.StdEncoding.EncodeToString([]byte(url.QueryEscape(id)+":"+url.QueryEscape(secret)))
}

// ownNames are parameters that the token endpoint knows.
var ownNames = []string{
	"grant_type", "code", "redirect_uri", "code_verifier", "client_id", "client_secret", "refresh_token", "scope", "username", "password",
}

// overstrict refuses parameters that are not known.
func (i *Issuer) overstrict(p parameters) *oauth.Error {
	if !i.profile.Breaks(deviation.TokenUnknownRejected) {
		return nil
	}
	for name := range p.values {
		if !slices.Contains(ownNames, name) {
			return oauth.NewError(oauth.InvalidRequest, "a parameter is not known here")
		}
	}
	return nil
}

// unauthenticated is what becomes of a failed authentication at the token
// endpoint: nil if the request goes on nevertheless.
func (i *Issuer) unauthenticated(app application.Application, p parameters, err *oauth.Error) *oauth.Error {
	if err == nil || len(i.profile.Break) == 0 {
		return err
	}
	code := oauth.GrantType(p.get("grant_type")) == oauth.AuthorizationCode
	if code && app.ID != "" && i.profile.Breaks(deviation.SecretUnchecked) {
		return nil
	}
	if code {
		i.punish(p.get("code"))
	}
	if i.profile.Breaks(deviation.BasicUnasked) {
		return err.WithChallenge("")
	}
	return err
}

// punish ends the tokens of a spent code for a replay that is not valid.
func (i *Issuer) punish(code string) {
	if !i.profile.Breaks(deviation.CodeInvalidReplayRevokes) {
		return
	}
	if c, known := i.store.Code(code); known && !c.SpentAt.IsZero() {
		i.store.RevokeFamily(c.Grant.ID, token.ReasonCodeReused)
	}
}

// codeValue makes an authorization code.
func (i *Issuer) codeValue() (string, error) {
	if i.profile.Breaks(deviation.CodeCounted) {
		return strconv.FormatInt(1_000_000+i.careless.codes.Add(1), 10), nil
	}
	return i.opaque(i.random)
}

// tokenValue makes an opaque token.
func (i *Issuer) tokenValue() (string, error) {
	if !i.profile.Breaks(deviation.TokenShort) {
		return i.opaque(i.random)
	}
	var few [6]byte
	_, err := io.ReadFull(i.random, few[:])
	return base64.RawURLEncoding.EncodeToString(few[:]), err
}

// noteCareless remembers of a new code what a defect will want to know.
func (i *Issuer) noteCareless(a *approval, code string) {
	if i.profile.Breaks(deviation.PKCELastSeen) {
		i.careless.challenges.Store(a.request.Client.ID, a.request.CodeChallenge)
	}
	if i.profile.Breaks(deviation.TokenScopeEchoed) {
		i.careless.asked.Store(code, a.request.Scope.String())
	}
}

// verifies says whether a verifier that is there fits a challenge.
func (i *Issuer) verifies(client, challenge, verifier string) bool {
	switch {
	case i.profile.Breaks(deviation.PKCEUncompared):
		return true
	case len(verifier) > 100 && i.profile.Breaks(deviation.PKCELongRefused):
		return false
	case oauth.VerifyS256(challenge, verifier):
		return true
	}
	newest, _ := i.careless.challenges.Load(client)
	last, _ := newest.(string)
	return oauth.VerifyS256(last, verifier)
}

// unverifiable is the challenge of a request that names no method we know, as
// the defects of the profile store it.
func (i *Issuer) unverifiable(method, challenge string) (stored string, accepted bool) {
	switch {
	case (method == "" || method == "plain") && i.profile.Breaks(deviation.PKCEPlain):
		return oauth.S256(challenge), true // fits the verifier that equals the challenge
	case method != "" && method != "plain" && i.profile.Breaks(deviation.PKCEUnknownIgnored):
		return "", true
	}
	return "", false
}

// echoed is the scope of a token answer, or what was asked for instead.
func (i *Issuer) echoed(t *tokenRequest, scope string) string {
	if t.grant == oauth.AuthorizationCode && i.profile.Breaks(deviation.TokenScopeEchoed) {
		if asked, known := i.careless.asked.Load(t.params.get("code")); known {
			return asked.(string) //nolint:forcetypeassert // nothing else is stored
		}
	}
	return scope
}
