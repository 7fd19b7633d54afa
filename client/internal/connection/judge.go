package connection

import (
	"crypto/subtle"
	"fmt"

	"github.com/mint-conformance/mint/client/internal/platform"
)

// errorSentences explains the error codes of an authorization response (RFC
// 6749 section 4.1.2.1) to a customer. The platform's own description is not
// shown: it comes through the address bar, where anybody can write.
var errorSentences = map[string]string{
	"invalid_request":           "%s was not connected: it did not accept MINT's request. Please try again; if it stays so, tell MINT's operator.",
	"unauthorized_client":       "%s was not connected: it does not allow MINT to ask. Please tell MINT's operator.",
	"unsupported_response_type": "%s was not connected: it does not know what MINT asked for. Please tell MINT's operator.",
	"invalid_scope":             "%s was not connected: it does not offer what MINT asked for. Please tell MINT's operator.",
	"server_error":              "%s was not connected: it had a problem. Please try again later.",
	"temporarily_unavailable":   "%s was not connected: it is busy at the moment. Please try again later.",
}

// judge decides whether an authorization response may lead to an exchange. It
// is pure: the flow is known and consumed already.
func judge(integration platform.Integration, callback Callback) (outcome Outcome, refused bool) {
	title := integration.Title
	outcome = Outcome{Kind: Failed, PlatformID: integration.ID, Title: title}
	if wrongIssuer(integration, callback) {
		// RFC 9207 section 2.4: not even an error of another issuer is believed.
		outcome.Sentence = fmt.Sprintf("%s was not connected: the answer did not come from it. Please try again.", title)
		return outcome, true
	}
	mixed := callback.Code != "" && callback.Error != ""
	if mixed || callback.CarriesToken || len(callback.Repeated) > 0 {
		outcome.Sentence = fmt.Sprintf("%s was not connected: its answer made no sense. Please try again.", title)
		return outcome, true
	}
	switch {
	case callback.Error == "access_denied":
		outcome.Kind = Denied
		outcome.Sentence = fmt.Sprintf("%s was not connected: you declined.", title)
	case callback.Error != "":
		sentence, known := errorSentences[callback.Error]
		if !known {
			sentence = "%s was not connected: it reported a problem that MINT does not know. Please try again."
		}
		outcome.Sentence = fmt.Sprintf(sentence, title)
	case callback.Code == "":
		outcome.Sentence = fmt.Sprintf("%s was not connected: its answer held nothing. Please try again.", title)
	default:
		return Outcome{}, false
	}
	return outcome, true
}

// wrongIssuer: a platform that sends iss must send its own; one that does not
// may still not send another's (RFC 9207 section 2.4).
func wrongIssuer(integration platform.Integration, callback Callback) bool {
	if callback.Issuer == "" {
		return integration.SendsIssuer
	}
	if integration.Issuer == "" {
		return false
	}
	return subtle.ConstantTimeCompare([]byte(callback.Issuer), []byte(integration.Issuer)) != 1
}
