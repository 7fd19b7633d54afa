package page

import (
	"fmt"
	"time"

	"github.com/mint-conformance/mint/client/internal/connection"
)

// When writes an instant for people, in UTC.
func When(t time.Time) string { return t.UTC().Format("2 January 2006, 15:04 UTC") }

// machine writes an instant for the datetime attribute.
func machine(t time.Time) string { return t.UTC().Format(time.RFC3339) }

// badge is the state in at most three words.
func badge(s connection.State) string {
	switch s {
	case connection.StateNotConnected:
		return "Not connected"
	case connection.StateConnected:
		return "Connected"
	case connection.StateDegraded:
		return "Connected, with a problem"
	case connection.StateNeedsReconnect:
		return "Please reconnect"
	case connection.StateDisconnected:
		return "Disconnected"
	case connection.StateUnreadable:
		return "Cannot be read"
	case connection.StateUnavailable:
		return "Not available"
	}
	return string(s)
}

// explain says a state in a sentence where the domain gave none.
func explain(s connection.State, title string) string {
	switch s {
	case connection.StateNotConnected:
		return fmt.Sprintf("MINT has no access to your %s account.", title)
	case connection.StateConnected:
		return "MINT shows your campaigns and their figures."
	case connection.StateDegraded:
		return fmt.Sprintf("%s did not answer as expected. MINT tries again by itself; you need not do anything.", title)
	case connection.StateNeedsReconnect:
		return fmt.Sprintf("MINT no longer has access to your %s account. Please reconnect: it takes one login.", title)
	case connection.StateDisconnected:
		return fmt.Sprintf("You disconnected %s. MINT holds no access and makes no calls.", title)
	case connection.StateUnreadable:
		return "MINT cannot open the access it has stored. Reconnecting repairs it."
	case connection.StateUnavailable:
		return fmt.Sprintf("%s cannot be used at the moment. Please try again later.", title)
	}
	return ""
}

// sinceWord introduces the date of a state.
func sinceWord(s connection.State) string {
	switch s {
	case connection.StateConnected:
		return "Connected since"
	case connection.StateDisconnected:
		return "Disconnected on"
	case connection.StateUnavailable:
		return "Noticed on"
	}
	return "Since"
}

// permissions says in words what the customer consented to.
func permissions(c connection.Connection) string {
	change := "change campaigns when you apply a suggestion"
	if len(c.Scopes) == 0 {
		if c.CanChange {
			return "read your campaigns and " + change
		}
		return "read your campaigns"
	}
	words := make([]string, 0, len(c.Scopes))
	for _, scope := range c.Scopes {
		switch scope {
		case "ads.read":
			words = append(words, "read your campaigns, budgets and daily figures")
		case "ads.write":
			words = append(words, change)
		default:
			words = append(words, "use “"+scope+"”")
		}
	}
	return list(words)
}
