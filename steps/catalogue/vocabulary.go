package catalogue

import (
	"maps"
	"slices"
	"strings"
)

// Level is how strongly a rule binds, in the words of RFC 2119.
type Level string

// The levels. Profile binds only because the Platform's own documentation
// says so; None is the level of a rule that the OAuth 2.1 draft has dropped.
const (
	Must    Level = "MUST"
	Should  Level = "SHOULD"
	May     Level = "MAY"
	Profile Level = "PROFILE"
	None    Level = "NONE"
)

// Actor is the part of a Platform that a check judges.
type Actor string

// The actors.
const (
	AuthorizationServer Actor = "authorization_server"
	ResourceServer      Actor = "resource_server"
	DeveloperPortal     Actor = "developer_portal"
)

// Safety says what a check does to a server that is in use.
type Safety string

// The degrees of safety. Grant uses up a code, a token or a grant of the test
// customer; Kills ends the test grant, so that a new login follows; OptIn
// leaves traces or may lock the account and has to be allowed; Never is for
// the mock Platform only.
const (
	Safe  Safety = "yes"
	Grant Safety = "grant"
	Kills Safety = "kills"
	OptIn Safety = "opt-in"
	Never Safety = "no"
)

// Browser is what a check needs to show a person's decisions.
type Browser string

// The kinds of browser. Login means that somebody must log in once: the mock
// Platform is content with plain HTTP and cookies, a partner's server wants
// its login steps or a real browser.
const (
	NoBrowser   Browser = "none"
	Login       Browser = "login"
	RealBrowser Browser = "real"
)

// Wait is a way to reach a moment in the future on a server that is not ours.
// On the mock Platform its clock is moved instead.
type Wait string

// The ways: tokens that the partner issues with a short life, a real wait
// inside the budget of the run, or none.
const (
	ShortTokens Wait = "short_tokens"
	RealWait    Wait = "wait"
	MockOnly    Wait = "mock_only"
)

// Base profiles: the configuration of the mock Platform on which a check's
// deviations are staged.
var bases = []string{"strict", "mint", "mindbaz", "service"}

// features are what a Platform may or may not have. A check whose feature is
// absent is not applicable.
var features = map[string]string{
	"application_account":      "an account that an application can manage with its own credentials",
	"application_list":         "a page that lists the applications a customer has connected",
	"authorization_code":       "the authorization code grant",
	"client_credentials":       "the client credentials grant",
	"client_credentials_query": "client credentials documented to go into the query",
	"confidential_client":      "clients that have a secret or a key",
	"dynamic_registration":     "registration of clients over HTTP, RFC 7591",
	"introspection":            "an introspection endpoint, RFC 7662",
	"iss_parameter":            "the issuer in authorization answers, RFC 9207",
	"jwt_access_token":         "access tokens that are JWTs",
	"loopback_redirect":        "native applications with loopback addresses, RFC 8252",
	"metadata":                 "an issuer or a metadata document, RFC 8414",
	"password":                 "the password grant",
	"pkce":                     "PKCE, RFC 7636",
	"protected_resource":       "an API that takes bearer tokens",
	"pushed_authorization":     "pushed authorization requests, RFC 9126",
	"refresh":                  "refresh tokens",
	"refresh_rotating":         "refresh tokens that are replaced at each use",
	"refresh_sliding":          "refresh tokens that stay and are prolonged at each use",
	"registration_form":        "a form on which developers register applications",
	"revocation":               "a revocation endpoint, RFC 7009",
	"scopes":                   "more than one scope",
	"widget":                   "consent in a popup or frame that posts a message",
}

// fixtures are what must stand ready for a check besides one confidential
// client and one customer. A check that lacks one could not run.
var fixtures = map[string]string{
	"customer_without_right":  "a customer who may not grant access to the account",
	"native_client":           "a client registered as native, with a loopback address",
	"public_client":           "a client without a secret",
	"redirect_uri_with_query": "a client whose registered redirect URI has a query",
	"refresh_token":           "a refresh token for the test customer",
	"resource":                "the address of a resource that can be read",
	"second_client":           "a second client with a secret of its own",
	"second_customer":         "a second customer with data of his own",
	"two_redirect_uris":       "a client with two registered redirect URIs",
	"writable_resource":       "a resource that can be changed without harm",
}

// Features lists what a Platform may have, by name.
func Features() map[string]string { return maps.Clone(features) }

// Fixtures lists what a check may need to stand ready, by name.
func Fixtures() map[string]string { return maps.Clone(fixtures) }

// among says what is wrong with word, or "" if it is one of known.
func among(word string, known []string) string {
	if slices.Contains(known, word) {
		return ""
	}
	return "\"" + word + "\" is not known; use " + strings.Join(known, ", ")
}

// words lists typed constants as plain words.
func words[T ~string](all ...T) []string {
	plain := make([]string, len(all))
	for i, w := range all {
		plain[i] = string(w)
	}
	return plain
}
