package pages

import "strings"

// The words by which buttons and pages are known, in the languages that
// advertising platforms speak most.
var (
	allowWords = []string{
		"allow", "authorize", "authorise", "accept", "approve", "grant", "continue", "agree", "yes",
		"autoriser", "accepter", "erlauben", "zulassen", "zustimmen", "permitir", "autorizar", "aceptar", "aceitar",
		"consenti", "autorizza", "accetta", "toestaan",
	}
	denyWords = []string{
		"deny", "cancel", "reject", "decline", "refuse", "no,", "not now",
		"refuser", "annuler", "ablehnen", "abbrechen", "denegar", "rechazar", "cancelar", "recusar",
		"nega", "rifiuta", "annulla", "weigeren",
	}
	captchaWords = []string{"captcha", "are you a robot", "not a robot", "verify you are human", "unusual traffic"}
)

func mentions(text string, words []string) bool {
	text = strings.ToLower(text)
	for _, w := range words {
		if strings.Contains(text, w) {
			return true
		}
	}
	return false
}

// button finds the button whose text or value begins with one of the words.
func (f *Form) button(words []string) *Button {
	for i := range f.Buttons {
		for _, said := range []string{f.Buttons[i].Text, f.Buttons[i].Value} {
			said = strings.ToLower(strings.TrimSpace(said))
			for _, w := range words {
				if strings.HasPrefix(said, w) {
					return &f.Buttons[i]
				}
			}
		}
	}
	return nil
}
