package journal

import (
	"net/http"
	"strings"

	"github.com/mint-conformance/mint/mockplatform/control"
)

// carriers are the parameters whose values are codes, tokens and verifiers.
var carriers = []string{
	"code", "code_verifier", "refresh_token", "access_token", "subject_token", "client_assertion", "id_token_hint", "request_uri",
}

// complete fills in what follows from the rest of the entry, and sees to it
// that no text of the request stands in it unread.
func (f Fingerprinter) complete(e *control.Exchange) {
	for _, name := range carriers {
		f.present(e, name, name)
	}
	// What "token" holds is only known to the endpoint, which says so itself
	// when it recognises the token.
	if len(e.Presented) == 0 {
		f.present(e, "token", "token")
	}
	for _, text := range []*string{&e.Path, &e.ClientID, &e.Customer, &e.GrantType, &e.Scope, &e.Error, &e.Reason} {
		if *text != "" {
			*text = f.Readable(*text)
		}
	}
	if e.Verdict == "" {
		e.Verdict = verdict(e)
	}
}

// present notes the fingerprint of a parameter that came once.
func (f Fingerprinter) present(e *control.Exchange, parameter, kind string) {
	shown, ok := strings.CutPrefix(e.Parameters[parameter], Prefix)
	if !ok || len(shown) != fingerprintLength || e.Presented[kind] != "" {
		return
	}
	presented := make(map[string]string, len(e.Presented)+1) // the caller's map may be shared
	for name, fingerprint := range e.Presented {
		presented[name] = fingerprint
	}
	presented[kind] = shown
	e.Presented = presented
}

func verdict(e *control.Exchange) string {
	switch {
	case e.Fault != "" && !strings.HasPrefix(e.Fault, control.Surprises):
		return control.VerdictFaulted
	case e.Error != "" || e.Status == 0 || e.Status >= http.StatusBadRequest:
		return control.VerdictRefused
	}
	return control.VerdictAccepted
}
