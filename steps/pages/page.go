// Package pages walks a customer through the login and consent pages of a
// server it knows nothing about. What a page is and what to press on it is
// decided by pure functions over a Page; a Visitor reads pages and acts, either
// in plain HTTP with cookies or in a real browser.
package pages

import "slices"

// Page is what counts of one page: its forms, as a person would see them.
type Page struct {
	URL    string
	Status int
	Title  string
	Text   string // readable text, white space folded
	Forms  []Form
}

// Form is one form of a page.
type Form struct {
	Action string // absolute
	Method string // GET or POST
	Fields []Field
	// Buttons that send the form.
	Buttons []Button
}

// Field is one input of a form.
type Field struct {
	Name, Type, Value string // Type is lower case: text, password, hidden, checkbox, …
	Label             string // label, placeholder or aria-label
	Autocomplete      string
	Checked           bool
	Required          bool
}

// Button sends a form, with a name and value if it has them.
type Button struct {
	Name, Value, Text string
}

// Kind is what a page wants of the person.
type Kind string

// The kinds of page.
const (
	Login   Kind = "login"
	Consent Kind = "consent"
	Captcha Kind = "captcha"
	Blank   Kind = "blank"
	Other   Kind = "other" // an error page, a dead end
)

// Recognise says what a page is, and by which of its forms.
func Recognise(p Page) (Kind, *Form) {
	for i := range p.Forms {
		if p.Forms[i].has("password") {
			return Login, &p.Forms[i]
		}
	}
	for i := range p.Forms {
		f := &p.Forms[i]
		if f.button(allowWords) != nil && f.button(denyWords) != nil {
			return Consent, f
		}
	}
	for i := range p.Forms {
		if p.Forms[i].button(allowWords) != nil {
			return Consent, &p.Forms[i]
		}
	}
	switch {
	case mentions(p.Text, captchaWords):
		return Captcha, nil
	case p.Text == "" && len(p.Forms) == 0:
		return Blank, nil
	}
	return Other, nil
}

func (f *Form) has(fieldType string) bool {
	return slices.ContainsFunc(f.Fields, func(one Field) bool { return one.Type == fieldType })
}
