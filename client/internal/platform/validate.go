package platform

import (
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
)

var (
	idPattern = regexp.MustCompile(`^[a-z0-9-]{1,63}$`)
	// scopePattern is scope-token of RFC 6749 section 3.3.
	scopePattern = regexp.MustCompile(`^[\x21\x23-\x5B\x5D-\x7E]+$`)
)

// WithDefaults fills what may be left out: the way of authenticating follows
// from the secret, PKCE is on, and what happens on a repeated refresh is
// unknown.
func (i Integration) WithDefaults() Integration {
	if i.ClientAuth == "" {
		i.ClientAuth = AuthBasic
		if i.ClientSecret == "" {
			i.ClientAuth = AuthNone
		}
	}
	if i.PKCE == "" {
		i.PKCE = PKCES256
	}
	if i.Refresh.Replay == "" {
		i.Refresh.Replay = ReplayUnknown
	}
	return i
}

// ValidateIntegrations lists every fault of integrations built in code, as one
// joined error, or returns nil.
func ValidateIntegrations(integrations []Integration) error {
	if len(integrations) == 0 {
		return errors.New("integrations: list at least one platform")
	}
	var faults []error
	for index, integration := range integrations {
		for _, one := range integration.WithDefaults().faults() {
			faults = append(faults, fmt.Errorf("integrations[%d] (%s): %s: %s", index, integration.ID, one.key, one.message))
		}
	}
	for _, one := range repeatedIDs(integrations) {
		faults = append(faults, fmt.Errorf("integrations[%d]: id: %s", one.index, one.message))
	}
	return errors.Join(faults...)
}

type indexedFault struct {
	index   int
	message string
}

func repeatedIDs(integrations []Integration) []indexedFault {
	var faults []indexedFault
	first := map[string]int{}
	for index, integration := range integrations {
		if earlier, ok := first[integration.ID]; ok && integration.ID != "" {
			faults = append(faults, indexedFault{index, fmt.Sprintf("%q is already the id of entry %d; choose another", integration.ID, earlier)})
			continue
		}
		first[integration.ID] = index
	}
	return faults
}

// faults lists everything wrong with one integration that has its defaults.
func (i Integration) faults() []fault {
	var faults []fault
	add := func(key, format string, arguments ...any) {
		faults = append(faults, fault{key, fmt.Sprintf(format, arguments...)})
	}
	if !idPattern.MatchString(i.ID) {
		add("id", "%q: write 1 to 63 lower-case letters, digits or hyphens", i.ID)
	}
	if strings.TrimSpace(i.Title) == "" {
		add("title", "name the platform for people")
	}
	faults = append(faults, i.grantFaults()...)
	faults = append(faults, i.endpointFaults()...)
	faults = append(faults, i.clientFaults()...)
	for _, scope := range i.Scopes {
		if !scopePattern.MatchString(scope) {
			add("scopes", "%q is not a scope (RFC 6749 section 3.3)", scope)
		}
	}
	if !slices.Contains([]string{PKCES256, PKCEOff}, i.PKCE) {
		add("pkce", "%q is none of S256, off", i.PKCE)
	}
	if i.SendsIssuer && i.Issuer == "" {
		add("issuer", "needed with sends_issuer, since callbacks are compared with it")
	}
	window := i.Refresh.Window > 0
	switch i.Refresh.Replay {
	case ReplaySamePair, ReplayNewPair:
		if !window {
			add("refresh.window", "needed with replay %s: how long a repeated request is answered", i.Refresh.Replay)
		}
	case ReplayNone, ReplayUnknown:
		if i.Refresh.Window != 0 {
			add("refresh.window", "only with replay same_pair or new_pair; remove it")
		}
	default:
		add("refresh.replay", "%q is none of none, same_pair, new_pair, unknown", i.Refresh.Replay)
	}
	return faults
}

func (i Integration) grantFaults() []fault {
	var faults []fault
	known := []string{GrantAuthorizationCode, GrantPassword, GrantClientCredentials}
	for _, grant := range i.Grants {
		if !slices.Contains(known, grant) {
			faults = append(faults, fault{"grants", fmt.Sprintf("%q is none of %s", grant, strings.Join(known, ", "))})
		}
	}
	if i.Has(GrantAuthorizationCode) == i.Has(GrantPassword) {
		faults = append(faults, fault{"grants", "name exactly one of authorization_code and password, the way customers connect"})
	}
	return faults
}

func (i Integration) endpointFaults() []fault {
	var faults []fault
	for _, endpoint := range []struct {
		key, value string
		needed     bool
	}{
		{"issuer", i.Issuer, false},
		{"authorization_endpoint", i.AuthorizationEndpoint, i.Has(GrantAuthorizationCode)},
		{"token_endpoint", i.TokenEndpoint, true},
		{"revocation_endpoint", i.RevocationEndpoint, false},
		{"api_base", i.APIBase, true},
		{"application_endpoint", i.ApplicationEndpoint, i.Has(GrantClientCredentials)},
	} {
		switch {
		case endpoint.value == "" && endpoint.needed:
			faults = append(faults, fault{endpoint.key, "needed with these grants"})
		case endpoint.value != "" && !absoluteAddress(endpoint.value):
			faults = append(faults, fault{endpoint.key, fmt.Sprintf("%q: write an absolute http or https address without user name and fragment", endpoint.value)})
		}
	}
	return faults
}

func absoluteAddress(value string) bool {
	address, err := url.Parse(value)
	return err == nil && (address.Scheme == "http" || address.Scheme == "https") &&
		address.Hostname() != "" && address.User == nil && !strings.Contains(value, "#")
}

func (i Integration) clientFaults() []fault {
	var faults []fault
	if i.ClientID == "" {
		faults = append(faults, fault{"client_id", "needed: MINT's identifier at the platform"})
	}
	switch i.ClientAuth {
	case AuthBasic, AuthBody, AuthQuery:
		if i.ClientSecret == "" {
			faults = append(faults, fault{"client_secret", fmt.Sprintf("needed with client_auth %s", i.ClientAuth)})
		}
	case AuthNone:
		if i.ClientSecret != "" {
			faults = append(faults, fault{"client_secret", "not sent with client_auth none; remove it or choose another way"})
		}
		if i.Has(GrantClientCredentials) {
			faults = append(faults, fault{"client_auth", "client_credentials needs a confidential client (RFC 6749 section 4.4)"})
		}
	default:
		faults = append(faults, fault{"client_auth", fmt.Sprintf("%q is none of basic, body, query, none", i.ClientAuth)})
	}
	return faults
}
