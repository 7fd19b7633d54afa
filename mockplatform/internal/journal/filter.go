package journal

import (
	"strconv"
	"strings"

	"github.com/mint-conformance/mint/mockplatform/control"
)

// Fits reports whether the filter takes the exchange. Limit is not looked at.
func Fits(f control.JournalFilter, e *control.Exchange) bool {
	return e.Seq > f.After &&
		(f.Since.IsZero() || !e.At.Before(f.Since)) &&
		is(f.Endpoint, e.Endpoint) && is(f.Client, e.ClientID) && is(f.Customer, e.Customer) &&
		is(f.GrantType, e.GrantType) && is(f.Verdict, e.Verdict) && is(f.Family, e.Family) &&
		(f.Error == "any" && e.Error != "" || is(f.Error, e.Error)) &&
		fitsStatus(f.Status, e.Status) && fitsFingerprint(f.Fingerprint, e)
}

func is(wanted, got string) bool { return wanted == "" || wanted == got }

// Dropped is the word for the status of an exchange without an answer.
const Dropped = "dropped"

// ValidStatus reports whether text can be JournalFilter.Status: a status, a
// class such as 4xx, or dropped.
func ValidStatus(text string) bool {
	if text == Dropped {
		return true
	}
	if len(text) != 3 || text[0] < '1' || text[0] > '5' {
		return false
	}
	return text[1:] == "xx" || strings.Trim(text[1:], "0123456789") == ""
}

func fitsStatus(wanted string, status int) bool {
	switch {
	case wanted == "":
		return true
	case status == 0:
		return wanted == Dropped
	case strings.HasSuffix(wanted, "xx"):
		return strconv.Itoa(status/100) == wanted[:1]
	}
	return strconv.Itoa(status) == wanted
}

func fitsFingerprint(wanted string, e *control.Exchange) bool {
	if wanted == "" {
		return true
	}
	wanted = strings.TrimPrefix(wanted, Prefix)
	for _, shown := range []map[string]string{e.Presented, e.Issued} {
		for _, fingerprint := range shown {
			if fingerprint == wanted {
				return true
			}
		}
	}
	return false
}
