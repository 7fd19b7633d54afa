package pages

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
)

// Plan is what the person does on one page: fill, untick, tick, then press.
type Plan struct {
	Kind   Kind
	About  string // "log in", "allow"; empty if there is nothing to do
	Form   *Form
	Fill   []Filling
	Tick   []*Field // boxes and choices that must not stay empty
	Untick []*Field
	Press  *Button // nil presses Enter
	Done   bool    // the walk ends here
	// Refused says that the login is asked for again after the credentials.
	Refused bool
	// Err says which step of the login cannot be taken on the page.
	Err error

	step int // of the login, from 1
}

// Filling is text to type into a field.
type Filling struct {
	Field *Field
	Value string
}

// Progress is what the person has done on the way so far. The zero value is
// the beginning of a walk.
type Progress struct {
	Named, LoggedIn, Switched bool
	Consents                  int
	step                      int    // how many steps of the login were taken or passed over
	waited                    bool   // what the last of them waits for has appeared
	last                      string // the consent page that was answered last
	aside                     []string
}

// Decide says what the person of the walk does on a page, and what she will
// have done then: what the steps of the login say, else what the page looks like.
// It is all that visitors have of a mind.
func Decide(p Page, w Walk, done Progress) (Plan, Progress) {
	plan, done, mine := w.follow(p, done)
	if mine {
		return plan, done
	}
	return guess(p, w, done)
}

// guess is Decide without steps.
func guess(p Page, w Walk, done Progress) (Plan, Progress) {
	kind, form := Recognise(p.without(done.aside))
	plan := Plan{Kind: kind, Form: form}
	switch kind {
	case Login, Username:
		return plan.logIn(p, w, done)
	case Consent:
		return plan.consent(p, w, done)
	case Chooser:
		return plan.choose(w, done)
	case Notice:
		return plan.goOn(done)
	case Passkey:
		if form != nil && !slices.Contains(done.aside, mark(form)) {
			done.aside = append(slices.Clone(done.aside), mark(form))
			plan.About, plan.Press = "ask for another way to log in", form.other()
			return plan, done
		}
	}
	plan.Done = true
	return plan, done
}

// logIn types what the page asks for and was not given yet.
func (plan Plan) logIn(p Page, w Walk, done Progress) (Plan, Progress) {
	form := plan.Form
	again := done.LoggedIn || plan.Kind == Username && done.Named
	switch {
	case again && (p.Challenged() || mentions(p.Text, captchaWords)):
		plan.Kind, plan.Done = Captcha, true
		plan.Refused = mentions(p.Text, wrongWords)
		return plan, done
	case again && mentions(p.Text, lockedWords):
		plan.Kind, plan.Done, plan.Refused = Locked, true, true
		return plan, done
	case again:
		plan.Done, plan.Refused = true, true
		return plan, done
	}
	if field := form.identifier(); field != nil {
		plan.Fill = append(plan.Fill, Filling{field, w.Username})
		done.Named = true
	}
	for i := range form.Fields {
		if one := &form.Fields[i]; one.Type == "password" && !one.Unseen {
			plan.Fill = append(plan.Fill, Filling{one, w.Password})
			done.LoggedIn = true
		}
	}
	plan.Tick = form.empty()
	plan.About, plan.Done = "log in", w.Username == ""
	plan.Press = form.sends()
	return plan, done
}

// sends is the button that sends a login, nil for Enter.
func (f *Form) sends() *Button {
	if b := f.best(loginWords); b != nil && !b.Script {
		return b
	}
	if b := f.best(onWords); b != nil {
		return b
	}
	if b := f.best(loginWords); b != nil {
		return b
	}
	for _, b := range f.pressable() {
		if !b.Script && !b.astray() && !b.says(denyWords) {
			return b
		}
	}
	return nil
}

// consent takes the person's decision. A page that comes back unchanged ends
// the walk; another one belongs to a consent in several steps.
func (plan Plan) consent(p Page, w Walk, done Progress) (Plan, Progress) {
	form := plan.Form
	if other := p.switching(); w.Switch && !done.Switched && other != nil {
		done.Switched = true
		plan.About, plan.Form, plan.Press = "use another account", other.form, other.button
		return plan, done
	}
	const most = 5
	if w.Decision == Abandon || done.last == mark(form) || done.Consents == most {
		plan.Done = true
		return plan, done
	}
	done.last, done.Consents = mark(form), done.Consents+1
	press, about := form.consenting(), "allow"
	if w.Decision == Deny {
		press, about = form.denial(), "deny"
	}
	if press == nil {
		plan.Done = true
		return plan, done
	}
	plan.About, plan.Press, plan.Tick = about, press, form.empty()
	for i := range form.Fields {
		if one := &form.Fields[i]; one.Type == "checkbox" && one.Checked && mentions(one.Label+" "+one.Value, w.Untick) {
			plan.Untick = append(plan.Untick, one)
		}
	}
	return plan, done
}

// consenting is the button that allows, or goes on.
func (f *Form) consenting() *Button {
	if b := f.best(allowWords); b != nil {
		return b
	}
	return f.best(onWords)
}

// choose takes the account of the person, or another one than those shown.
func (plan Plan) choose(w Walk, done Progress) (Plan, Progress) {
	at := mark(plan.Form)
	if slices.Contains(done.aside, at) || w.Username == "" {
		plan.Done = true
		return plan, done
	}
	done.aside = append(slices.Clone(done.aside), at)
	for i := range plan.Form.Buttons {
		if b := &plan.Form.Buttons[i]; mentions(b.Text+" "+b.Value, []string{strings.ToLower(w.Username)}) {
			plan.About, plan.Press = "choose the account", b
			return plan, done
		}
	}
	for i := range plan.Form.Buttons {
		if b := &plan.Form.Buttons[i]; mentions(b.Text, anotherWords) {
			plan.About, plan.Press = "use another account", b
			return plan, done
		}
	}
	plan.Done = true
	return plan, done
}

// goOn gets past a notice, with as little agreement as it takes.
func (plan Plan) goOn(done Progress) (Plan, Progress) {
	press := plan.Form.best(rejectCookie)
	for _, words := range [][]string{closeCookie, onWords} {
		if press == nil {
			press = plan.Form.best(words)
		}
	}
	if deny := plan.Form.denial(); deny != nil {
		press = deny
	}
	if press == nil {
		plan.Kind, plan.Done = Other, true
		return plan, done
	}
	done.aside = append(slices.Clone(done.aside), mark(plan.Form))
	plan.About, plan.Press = "get past a notice", press
	return plan, done
}

// without leaves out the notices that were answered already, should they still
// be there.
func (p Page) without(answered []string) Page {
	p.Forms = slices.DeleteFunc(slices.Clone(p.Forms), func(f Form) bool {
		return slices.Contains(answered, mark(&f)) && (isBanner(p, &f) || isNotice(p, &f))
	})
	return p
}

// choice is a button and the form it stands in.
type choice struct {
	form   *Form
	button *Button
}

// switching is the button to another account on a page of somebody logged in.
func (p Page) switching() *choice {
	for i := range p.Forms {
		for j := range p.Forms[i].Buttons {
			if b := &p.Forms[i].Buttons[j]; mentions(b.Text, anotherWords) {
				return &choice{&p.Forms[i], b}
			}
		}
	}
	return nil
}

// empty are the boxes that have to be ticked and are not, and the first of each
// choice of which one has to be made.
func (f *Form) empty() (all []*Field) {
	chosen := map[string]bool{}
	for _, one := range f.Fields {
		chosen[one.Name] = chosen[one.Name] || one.Type == "radio" && one.Checked
	}
	for i := range f.Fields {
		one := &f.Fields[i]
		switch {
		case one.Disabled:
		case one.Type == "checkbox" && one.Required && !one.Checked:
			all = append(all, one)
		case one.Type == "radio" && !chosen[one.Name]:
			chosen[one.Name] = true
			all = append(all, one)
		}
	}
	return all
}

// mark tells forms apart: by what they ask and say, not by what they hold.
func mark(f *Form) string {
	sum := sha256.New()
	action, _, _ := strings.Cut(f.Action, "?")
	_, _ = fmt.Fprintln(sum, action, f.Method, f.Text)
	for _, one := range f.Fields {
		_, _ = fmt.Fprintln(sum, one.Name, one.Type, one.Label)
	}
	for _, one := range f.Buttons {
		_, _ = fmt.Fprintln(sum, one.Name, one.Value, one.Text)
	}
	return hex.EncodeToString(sum.Sum(nil))
}

// follow notes what a plan tells about the way.
func (l *Landing) follow(plan Plan, p Page) {
	l.Page, l.URL, l.Kind = p, p.URL, plan.Kind
	switch plan.Kind {
	case Login, Username:
		l.SawLogin = true
	case Consent:
		if !l.SawConsent {
			l.ConsentPage = p
		}
		l.SawConsent = true
	}
	if plan.Refused {
		l.SawLogin, l.Refused = true, true
	}
	if plan.Done {
		l.Message = p.Message()
	}
}
