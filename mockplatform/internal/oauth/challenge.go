package oauth

import "strings"

// BearerChallenge is a WWW-Authenticate value of RFC 6750 section 3. Error
// stays empty when the request carried no authentication at all (section 3.1).
type BearerChallenge struct {
	Realm       string
	Error       string
	Description string
	Scope       string // the scope a request would need, for insufficient_scope
}

// String formats the challenge; characters that a quoted string may not hold
// are replaced.
func (b BearerChallenge) String() string {
	return challenge("Bearer", [][2]string{
		{"realm", b.Realm}, {"error", b.Error}, {"error_description", b.Description}, {"scope", b.Scope},
	})
}

// BasicChallenge is a WWW-Authenticate value of RFC 7617 for a client that
// failed to authenticate (RFC 6749 section 5.2).
func BasicChallenge(realm string) string {
	return challenge("Basic", [][2]string{{"realm", realm}, {"charset", "UTF-8"}})
}

func challenge(scheme string, params [][2]string) string {
	var b strings.Builder
	b.WriteString(scheme)
	sep := " "
	for _, p := range params {
		if p[1] == "" {
			continue
		}
		b.WriteString(sep + p[0] + `="` + Printable(p[1]) + `"`)
		sep = ", "
	}
	return b.String()
}

// BearerToken reads the token of the Authorization header values (RFC 6750
// section 2.1). present is false when no bearer credentials were sent: no
// header, or one of another scheme. More than one Authorization header, an
// empty token or a malformed one is an error.
func BearerToken(authorization []string) (token string, present bool, err *Error) {
	if len(authorization) == 0 {
		return "", false, nil
	}
	if len(authorization) > 1 {
		return "", true, NewError(InvalidRequest, "send one Authorization header, not several")
	}
	scheme, rest, _ := strings.Cut(strings.TrimSpace(authorization[0]), " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return "", false, nil
	}
	token = strings.TrimSpace(rest)
	if !validBearer(token) {
		return "", true, NewError(InvalidToken, "the bearer token is empty or malformed")
	}
	return token, true, nil
}

// validBearer checks the b64token form of RFC 6750 section 2.1.
func validBearer(t string) bool {
	body := strings.TrimRight(t, "=")
	if body == "" {
		return false
	}
	for i := range len(body) {
		if c := body[i]; !unreserved(c) && c != '+' && c != '/' {
			return false
		}
	}
	return true
}
