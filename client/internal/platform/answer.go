package platform

import (
	"bytes"
	"encoding/json"
	"errors"
	"math"
	"strconv"
	"strings"
	"time"
)

// Lifetimes of access tokens that platforms do not state usefully.
const (
	// DefaultLifetime is assumed when expires_in is missing, zero, negative or
	// not a number; a 401 overrules it.
	DefaultLifetime = time.Hour
	// maxLifetime caps what is believed.
	maxLifetime = 400 * 24 * time.Hour
)

// maxToken is the longest token that MINT keeps, in bytes.
const maxToken = 64 << 10

// TokenAnswer is a successful answer of a token endpoint (RFC 6749 section
// 5.1).
type TokenAnswer struct {
	AccessToken Secret
	// RefreshToken is empty when the answer holds none; then the one presented
	// stays good (RFC 6749 section 6).
	RefreshToken Secret
	// Lifetime counts from when the request was sent. It is never zero.
	Lifetime time.Duration
	// LifetimeStated: the platform gave it; else it is DefaultLifetime.
	LifetimeStated bool
	// Scopes is meaningful when ScopeStated; else the scope is as requested.
	Scopes      []string
	ScopeStated bool
}

// ParseTokenAnswer reads the body of a 2xx answer. It is tolerant where that
// is safe: unknown members are ignored, expires_in may be a number, text or
// nonsense, token_type is compared without case. An error is a *Failure: of
// ClassUnparseable, or of the class of an error member (S004-36).
func ParseTokenAnswer(call string, body []byte) (TokenAnswer, error) {
	var members map[string]json.RawMessage
	decoder := json.NewDecoder(bytes.NewReader(body))
	if err := decoder.Decode(&members); err != nil || members == nil {
		return TokenAnswer{}, unparseable(call, "not a JSON object")
	}
	if code := text(members["error"]); code != "" {
		failure := &Failure{
			Class: classOfCode(cleanCode(code), ClassUnparseable), Call: call,
			Code: cleanCode(code), Description: cleanDescription(text(members["error_description"])),
		}
		return TokenAnswer{}, failure
	}
	answer := TokenAnswer{
		AccessToken:  Secret(text(members["access_token"])),
		RefreshToken: Secret(text(members["refresh_token"])),
	}
	answer.Lifetime, answer.LifetimeStated = lifetime(members["expires_in"])
	if scope, stated := members["scope"]; stated && string(scope) != "null" {
		answer.Scopes, answer.ScopeStated = scopes(scope)
	}
	if len(answer.AccessToken) > maxToken || len(answer.RefreshToken) > maxToken {
		return TokenAnswer{}, unparseable(call, "a token is longer than 64 KiB")
	}
	if answer.AccessToken == "" {
		return TokenAnswer{}, unusable(call, "no access token", answer)
	}
	if !strings.EqualFold(text(members["token_type"]), "bearer") {
		return TokenAnswer{}, unusable(call, "token_type is not bearer", answer)
	}
	return answer, nil
}

func unparseable(call, why string) *Failure {
	return &Failure{Class: ClassUnparseable, Call: call, cause: errors.New(why)}
}

// unusable is a success without a usable access token; its refresh token may
// be the only live one.
func unusable(call, why string, answer TokenAnswer) *Failure {
	failure := unparseable(call, why)
	failure.RefreshToken = answer.RefreshToken
	return failure
}

// text reads a JSON string; anything else is empty.
func text(raw json.RawMessage) string {
	var value string
	if json.Unmarshal(raw, &value) != nil {
		return ""
	}
	return value
}

// lifetime reads expires_in as seconds, whatever its spelling.
func lifetime(raw json.RawMessage) (time.Duration, bool) {
	spelled := strings.TrimSpace(string(raw))
	if unquoted := text(raw); unquoted != "" {
		spelled = strings.TrimSpace(unquoted)
	}
	seconds, err := strconv.ParseFloat(spelled, 64)
	switch {
	case err != nil && !math.IsInf(seconds, 1), math.IsNaN(seconds), seconds <= 0:
		return DefaultLifetime, false
	case seconds >= maxLifetime.Seconds():
		return maxLifetime, true
	case seconds < 1:
		return time.Second, true
	}
	return time.Duration(seconds * float64(time.Second)).Round(time.Second), true
}

// scopes reads the scope member: a string of space-separated names, or the
// list that some platforms send.
func scopes(raw json.RawMessage) ([]string, bool) {
	var list []string
	if json.Unmarshal(raw, &list) == nil {
		return list, true
	}
	var joined string
	if json.Unmarshal(raw, &joined) != nil {
		return nil, false
	}
	return strings.Fields(joined), true
}
