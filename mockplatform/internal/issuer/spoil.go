package issuer

import (
	"net/url"
	"slices"
	"strings"

	"github.com/mint-conformance/mint/mockplatform/internal/deviation"
	"github.com/mint-conformance/mint/mockplatform/internal/oauth"
)

// spoil changes an authorization response and its pairs of name and value as
// the deviations of the profile have it.
func (i *Issuer) spoil(r *oauth.Response, pairs []string) {
	failed := pairs[0] == "error"
	for n := 0; n+1 < len(pairs); n += 2 {
		value := &pairs[n+1]
		switch pairs[n] {
		case "state":
			switch {
			case failed && i.profile.Breaks(deviation.StateDroppedOnError):
				*value = ""
			case len(*value) > 255 && i.profile.Breaks(deviation.StateCut):
				*value = (*value)[:255]
			case i.profile.Breaks(deviation.StateDoubleDecoded):
				if again, err := url.QueryUnescape(*value); err == nil {
					*value = again
				}
			}
		case "iss":
			switch {
			case failed && i.profile.Breaks(deviation.IssAbsentOnError):
				*value = ""
			case i.profile.Breaks(deviation.IssWrong):
				*value += "/other"
			}
		}
	}
	if i.profile.Breaks(deviation.RedirectQueryDropped) {
		r.RedirectURI, _, _ = strings.Cut(r.RedirectURI, "?")
	}
}

// lastOnly keeps the last value of each parameter.
func lastOnly(q url.Values) url.Values {
	kept := url.Values{}
	for name, values := range q {
		if len(values) > 0 {
			kept.Set(name, values[len(values)-1])
		}
	}
	return kept
}

// knownParameters are those that an authorization request may have here.
var knownParameters = []string{
	"client_id", "client_secret", "code_challenge", "code_challenge_method", "redirect_uri", "request_uri",
	"response_mode", "response_type", "scope", "state",
}

func unknownParameter(q url.Values) bool {
	for name, values := range q {
		if !slices.Contains(knownParameters, name) && slices.ContainsFunc(values, func(v string) bool { return v != "" }) {
			return true
		}
	}
	return false
}
