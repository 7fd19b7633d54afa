package pages

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// follow says what the steps of a login have to do on a page; mine is false
// where they have nothing to say, and the page is read as any other.
func (w Walk) follow(p Page, done Progress) (plan Plan, next Progress, mine bool) {
	if done.step > 0 && !done.waited {
		last := w.login[done.step-1]
		if last.Wait != "" && !last.Optional && !p.shows(last.Wait) {
			return w.stuck(p, done, done.step-1, fmt.Sprintf("after it, %q does not appear, but the page at %s", last.Wait, bare(p.URL)))
		}
		done.waited = true
	}
	for i := done.step; i < len(w.login); i++ {
		s := w.login[i]
		plan, found, missing := s.plan(p, w)
		switch {
		case matches(p.URL, s.URL) && missing == "":
			done.step, done.waited = i+1, false
			done.Named = done.Named || s.types("${username}")
			done.LoggedIn = done.LoggedIn || s.types("${password}")
			plan.step = i + 1
			return plan, done, true
		case s.Optional:
		case !matches(p.URL, s.URL), !found && (s.URL == "" || plan.Kind == Consent):
			return Plan{}, done, false
		default:
			return w.stuck(p, done, i, missing+" on the page at "+bare(p.URL))
		}
	}
	return Plan{}, done, false
}

// stuck is the end of a walk at a step that cannot be taken, unless the page
// tells why: the login was refused, a captcha is shown, the account is locked.
func (w Walk) stuck(p Page, done Progress, step int, cause string) (Plan, Progress, bool) {
	plan, next := guess(p, w, done)
	if plan.Refused || plan.Kind == Captcha || plan.Kind == Locked {
		return plan, next, true
	}
	return Plan{Kind: plan.Kind, Done: true, Err: &StepError{step, cause}}, done, true
}

// plan is what the step does on a page; found says whether anything of it is
// there, and missing what is not.
func (s Step) plan(p Page, w Walk) (plan Plan, found bool, missing string) {
	plan.Kind, _ = Recognise(p)
	for _, selector := range slices.Sorted(maps.Keys(s.Fill)) {
		form, field := p.field(selector)
		if field == nil {
			missing = "there is no field " + selector
			continue
		}
		found = true
		if plan.Form == nil {
			plan.Form = form
		}
		plan.Fill = append(plan.Fill, Filling{field, strings.NewReplacer("${username}", w.Username, "${password}", w.Password).Replace(s.Fill[selector])})
	}
	switch form, button := p.button(s.Click); {
	case s.Click != "" && button == nil:
		missing = "there is no button or link " + s.Click
	case s.Click != "":
		found, plan.Form, plan.Press = true, form, button
	case plan.Form != nil:
		plan.Press = plan.Form.sends()
	}
	if missing != "" {
		return plan, found, missing
	}
	plan.About = "take a step of the login"
	if s.types("${username}") || s.types("${password}") {
		plan.Kind, plan.Done = Login, w.Username == ""
	}
	return plan, found, ""
}

// types says whether a placeholder is typed into a field.
func (s Step) types(placeholder string) bool {
	for _, value := range s.Fill {
		if strings.Contains(value, placeholder) {
			return true
		}
	}
	return false
}

// bare is an address without its query, which may hold secrets.
func bare(address string) string {
	before, _, _ := strings.Cut(address, "?")
	return before
}
