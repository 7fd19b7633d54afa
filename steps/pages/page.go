// Package pages walks a customer through the login and consent pages of a
// server it knows nothing about. What a page is and what to do on it is decided
// by pure functions over a Page (Recognise, Decide); a Visitor reads pages and
// acts, either in plain HTTP with cookies or in a real browser.
package pages

import (
	"slices"
	"strings"
)

// Page is what counts of one page: its forms, as a person would see them.
type Page struct {
	URL    string
	Status int
	Title  string
	Text   string // readable text, white space folded
	// Alerts are messages that stand out, such as those of role=alert.
	Alerts []string
	// Frames are the addresses of what the page embeds and shows.
	Frames []string
	Forms  []Form
}

// Form is one form of a page, or the fields and buttons that stand together
// without a form element around them.
type Form struct {
	Action string // absolute
	Method string // GET or POST
	Text   string // readable text within it
	Fields []Field
	// Buttons that send the form, and others that stand in it.
	Buttons []Button
	// Loose says that there is no form element: only scripts send it.
	Loose bool
}

// Field is one input of a form.
type Field struct {
	Name, Type, Value string // Type is lower case: text, password, hidden, checkbox, …
	ID                string
	Label             string // label, aria-label, placeholder or title
	Autocomplete      string
	Checked           bool
	Required          bool
	Disabled          bool // takes no input and is not sent
	Fixed             bool // is sent and takes no input
	Unseen            bool // is sent and not shown
	Ref               string
}

// Button sends a form, with a name and value if it has them.
type Button struct {
	Name, Value, Text string
	ID                string
	// Script says that nothing happens without a script: no submit button.
	Script   bool
	Disabled bool
	Href     string // of a link, absolute
	Ref      string // how the visitor that read the page finds it again
}

// Kind is what a page wants of the person.
type Kind string

// The kinds of page.
const (
	Login    Kind = "login"
	Username Kind = "username" // the first half of a login in two steps
	Consent  Kind = "consent"
	Chooser  Kind = "chooser" // which account?
	Notice   Kind = "notice"  // something to agree to on the way: cookies, staying logged in
	Passkey  Kind = "passkey" // asks for a passkey or security key
	Code     Kind = "code"    // asks for a code that was sent somewhere
	Captcha  Kind = "captcha"
	Locked   Kind = "locked"
	Blank    Kind = "blank"
	Other    Kind = "other" // an error page, a dead end
)

// Recognise says what a page is, and by which of its forms.
func Recognise(p Page) (Kind, *Form) {
	for _, test := range []struct {
		kind Kind
		is   func(Page, *Form) bool
	}{{Notice, isBanner}, {Login, isLogin}, {Code, asksCode}, {Notice, isNotice}, {Username, isUsername}, {Chooser, isChooser}, {Consent, isConsent}, {Consent, isHalfConsent}, {Passkey, isPasskey}} {
		for i := range p.Forms {
			if f := &p.Forms[i]; (test.kind == Notice || !isBanner(p, f)) && test.is(p, f) {
				return test.kind, f
			}
		}
	}
	switch {
	case p.Challenged() || mentions(p.Text, captchaWords):
		return Captcha, nil
	case mentions(p.Text, lockedWords):
		return Locked, nil
	case mentions(p.Text, passkeyWords) && p.Status < 400:
		return Passkey, nil
	case p.Text == "" && len(p.Forms) == 0:
		return Blank, nil
	}
	return Other, nil
}

// Challenged says whether the page shows the widget of a captcha service. Ones
// that stay in the background do not count.
func (p Page) Challenged() bool {
	return slices.ContainsFunc(p.Frames, func(address string) bool {
		address = strings.ToLower(address)
		return mentions(address, captchaFrames) && !strings.Contains(address, "size=invisible")
	})
}

// isBanner: something about cookies, with a button and nothing to fill in.
func isBanner(_ Page, f *Form) bool {
	return mentions(f.Text, bannerWords) && !f.has("password") && f.identifier() == nil && len(f.pressable()) > 0
}

// isLogin: one field for a password, and not one for a new password.
func isLogin(_ Page, f *Form) bool {
	passwords := 0
	for _, one := range f.Fields {
		if one.Type == "password" && !one.Unseen {
			passwords++
			if strings.Contains(one.Autocomplete, "new-password") || mentions(one.words(), []string{"one-time", "otp"}) {
				return false
			}
		}
	}
	return passwords == 1
}

// isUsername: a field for a name, and a button to log in or go on.
func isUsername(p Page, f *Form) bool {
	if f.has("password") {
		return false
	}
	field := f.identifier()
	if field == nil || field.identifies() < sure {
		return false
	}
	return f.best(loginWords) != nil || f.best(onWords) != nil || len(f.pressable()) == 0 && mentions(p.Title+" "+p.Text, loginWords)
}

// asksCode: a field for a code that was sent by mail or made by an application.
func asksCode(_ Page, f *Form) bool {
	return slices.ContainsFunc(f.Fields, func(one Field) bool {
		return one.textual() && (strings.Contains(one.Autocomplete, "one-time-code") || mentions(one.words(), codeWords))
	})
}

// isNotice: a question on the way that has nothing to do with the application.
func isNotice(p Page, f *Form) bool {
	return p.Status < 400 && f.identifier() == nil && mentions(f.Text+" "+p.Title, noticeWords) && len(f.pressable()) > 0
}

// isChooser: accounts to choose from.
func isChooser(p Page, f *Form) bool {
	return p.Status < 400 && mentions(p.Title+" "+p.Text, chooserWords) && f.best(allowWords) == nil && len(f.pressable()) > 0
}

func isConsent(_ Page, f *Form) bool {
	allow, deny := f.Offers()
	return allow && deny
}

// isHalfConsent: a button to allow, or one to go on where the page speaks of
// access.
func isHalfConsent(p Page, f *Form) bool {
	if f.best(allowWords) != nil {
		return true
	}
	return p.Status < 400 && f.best(onWords) != nil && f.identifier() == nil && mentions(p.Text, accessWords)
}

// isPasskey: there is another way than a passkey.
func isPasskey(p Page, f *Form) bool {
	return mentions(p.Text, passkeyWords) && f.other() != nil
}

// Message is what the page says about what went wrong, "" if nothing.
func (p Page) Message() string {
	for _, alert := range p.Alerts {
		if alert != "" {
			return short(alert)
		}
	}
	for _, sentence := range strings.FieldsFunc(p.Text, func(r rune) bool { return strings.ContainsRune(".!。", r) }) {
		if mentions(sentence, wrongWords) || mentions(sentence, lockedWords) {
			return short(strings.TrimSpace(sentence))
		}
	}
	return ""
}

// short is text of bounded length, for messages.
func short(text string) string {
	const most = 200
	if runes := []rune(text); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return text
}
