package doctor

import (
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/mint-conformance/mint/steps/exchange"
	"github.com/mint-conformance/mint/steps/pages"
	"github.com/mint-conformance/mint/steps/partner"
	"github.com/mint-conformance/mint/steps/target"
)

// Words by which pages give away what is wrong, in the languages of package
// pages.
var (
	lockedWords  = []string{"locked", "too many", "blocked", "disabled", "suspended", "gesperrt", "bloqué", "bloquead", "bloccat", "geblokkeerd"}
	captchaWords = []string{"captcha", "are you a robot", "not a robot", "verify you are human", "unusual traffic"}
)

func mentions(text string, words ...string) bool {
	text = strings.ToLower(text)
	return slices.ContainsFunc(words, func(w string) bool { return strings.Contains(text, w) })
}

// OfLanding explains why a way through the pages brought no code.
func OfLanding(t *target.Target, l pages.Landing) *partner.Trouble {
	client := t.Clients.Main
	where, _, _ := strings.Cut(l.URL, "?")
	text := l.Page.Title + " " + l.Page.Text
	switch {
	case l.Redirected && l.Params.Get("error") != "":
		return ofRedirect(t, l.Params)
	case l.Redirected:
		return &partner.Trouble{Cause: "the server sent the customer back without a code", Mend: "have it add the parameter code to the redirect (RFC 6749 section 4.1.2)", Blame: partner.Server}
	case l.Kind == pages.Captcha || mentions(text, captchaWords...):
		return &partner.Trouble{Cause: "the login page wants a captcha solved", Mend: "switch it off for the test account or for this machine's address", Blame: partner.Surroundings}
	case (l.SawLogin || l.Refused) && mentions(text, lockedWords...):
		return &partner.Trouble{Cause: "the account of customers.first is locked", Mend: "have it unlocked, and look whether its password in the file is right before the next run", Blame: partner.Surroundings}
	case l.Refused:
		return &partner.Trouble{Cause: "the login page does not take the username and password of customers.first", Mend: "correct them in the file, or the variable that password_env names", Blame: partner.Configuration}
	case l.SawConsent:
		return &partner.Trouble{Cause: fmt.Sprintf("after Allow the customer stays on a page (%d) at %s", l.Page.Status, where), Mend: "look into the server's log for this request", Blame: partner.Server}
	case l.Page.Status == 0:
		return &partner.Trouble{Cause: "the authorization endpoint gives no answer", Mend: "look into the server's log", Blame: partner.Surroundings}
	case l.Page.Status >= 500:
		return &partner.Trouble{Cause: fmt.Sprintf("the authorization endpoint fails (%d)", l.Page.Status), Mend: "look into the server's log", Blame: partner.Server}
	case l.Page.Status >= 400 && mentions(text, "redirect"):
		return &partner.Trouble{Cause: fmt.Sprintf("the server does not know the redirect URI %s for the client %s", client.Redirect(), client.ID), Mend: "register it exactly so, or write the registered one into the file", Blame: partner.Configuration}
	case l.Page.Status >= 400 && mentions(text, "client", "application"):
		return &partner.Trouble{Cause: fmt.Sprintf("the server does not know the client %s", client.ID), Mend: "correct clients.main.id in the file, or register the client", Blame: partner.Configuration}
	}
	return &partner.Trouble{
		Cause: fmt.Sprintf("the way to consent ends on a page (%d) at %s that is neither login nor consent", l.Page.Status, where),
		Mend:  "look whether clients.main is registered with its redirect URI, and describe the pages under login if they are unusual", Blame: partner.Configuration,
	}
}

func ofRedirect(t *target.Target, params url.Values) *partner.Trouble {
	code := params.Get("error")
	trouble := &partner.Trouble{Cause: "the authorization endpoint answers with the error " + code, Blame: partner.Configuration}
	switch code {
	case "invalid_scope":
		trouble.Mend = fmt.Sprintf("correct scopes in the file (%s), or permit them to the client", strings.Join(t.Scopes, " "))
	case "unauthorized_client", "unsupported_response_type":
		trouble.Mend = "permit the authorization code grant to the client " + t.Clients.Main.ID
	case "access_denied":
		trouble.Mend = "give customers.first the right to grant access"
	case "server_error", "temporarily_unavailable":
		trouble.Mend, trouble.Blame = "look into the server's log", partner.Server
	default:
		trouble.Mend = "look into the server's log for this request"
	}
	return trouble
}

// ofToken explains why a token request brought no tokens.
func ofToken(t *target.Target, doing string, e exchange.Exchange) *partner.Trouble {
	client := t.Clients.Main
	trouble := &partner.Trouble{Cause: doing + " is answered with " + e.String(), Blame: partner.Server, Mend: "look into the server's log for this request"}
	switch {
	case e.Text("error") == "invalid_client" || e.Status == 401 && e.Text("error") == "":
		trouble.Mend = fmt.Sprintf("correct id, secret or auth (%s) of clients.main in the file", client.Method)
		trouble.Blame = partner.Configuration
	case e.Text("error") == "unauthorized_client" || e.Text("error") == "unsupported_grant_type":
		trouble.Mend = "permit the grant to the client " + client.ID
		trouble.Blame = partner.Configuration
	case e.Err != "" || e.Limited():
		trouble.Blame = partner.Surroundings
	}
	return trouble
}
