package pages

import (
	"fmt"
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// Lesson is what was learnt from a person.
type Lesson struct {
	Steps []Step
	// Variables are those that the steps name, and the field that each is for.
	Variables map[string]string
	Notes     []string // what could not be learnt, for people
}

// pupil makes a lesson of deeds, one after the other.
type pupil struct {
	walk    Walk
	typed   []string // everything that was typed; none of it may be in the lesson
	lesson  Lesson
	open    Step   // what was filled since the last click
	at      string // the document that open is about
	consent bool   // the consent page was seen
}

// learn makes steps of a login of what a person did. Decisions on a consent page
// are left out: each check takes its own.
func learn(all []deed, w Walk) Lesson {
	p := &pupil{walk: w, lesson: Lesson{Variables: map[string]string{}}}
	for _, d := range all {
		if d.Kind == "fill" && d.Value != "" {
			p.typed = append(p.typed, d.Value)
		}
	}
	p.typed = append(p.typed, w.Username, w.Password)
	for _, d := range all {
		p.take(d)
	}
	p.close()
	p.withoutRetries()
	p.withoutDecision()
	p.lesson.Variables = map[string]string{} // without those of fields that were corrected
	for _, step := range p.lesson.Steps {
		for field, name := range step.Variables() {
			p.lesson.Variables[name] = field
		}
	}
	return p.lesson
}

func (p *pupil) note(format string, args ...any) {
	if text := fmt.Sprintf(format, args...); !p.tells(text) && !slices.Contains(p.lesson.Notes, text) {
		p.lesson.Notes = append(p.lesson.Notes, text)
	}
}

// tells says whether text holds something that was typed.
func (p *pupil) tells(text string) bool {
	return slices.ContainsFunc(p.typed, func(one string) bool {
		return len([]rune(one)) > 2 && strings.Contains(strings.ToLower(text), strings.ToLower(one))
	})
}

func (p *pupil) take(d deed) {
	if d.Page.ID != p.at {
		p.close()
		p.at = d.Page.ID
	}
	kind, _ := Recognise(d.Page.Page)
	if kind == Consent {
		p.consent = true
		return
	}
	switch d.Kind {
	case "fill":
		p.fill(d)
	case "click":
		p.click(d, kind)
	default:
		p.note("a click on %s at %s is none on a button or a link, which login cannot say", d.What, p.address(d))
	}
}

// close ends a step that was not ended by a click.
func (p *pupil) close() {
	if len(p.open.Fill) > 0 {
		p.lesson.Steps = append(p.lesson.Steps, p.open)
	}
	p.open = Step{}
}

func (p *pupil) fill(d deed) {
	var field Field
	name := ""
	for i := range d.Page.Forms {
		for _, one := range d.Page.Forms[i].Fields {
			if one.Ref == d.Ref {
				field = one
			}
		}
	}
	name = p.selector(field.ID, field.Name, field.Label, func(selector string) bool {
		_, found := d.Page.field(selector)
		return found != nil && found.Ref == d.Ref
	})
	if name == "" {
		p.note("a field at %s has no id, name or label of its own, which login could say", p.address(d))
		return
	}
	if p.open.Fill == nil {
		p.open = Step{URL: p.address(d), Fill: map[string]string{}}
	}
	switch d.Value {
	case "":
		delete(p.open.Fill, name)
	case p.walk.Password:
		p.open.Fill[name] = "${password}"
	case p.walk.Username:
		p.open.Fill[name] = "${username}"
	default:
		if field.Type == "password" {
			p.note("what was typed into %s is not the password of the file", name)
		}
		p.open.Fill[name] = "${env." + p.variable(name) + "}"
	}
}

var notInVariables = regexp.MustCompile(`[^A-Z0-9]+`)

// variable is the environment variable for a field.
func (p *pupil) variable(field string) string {
	plain := strings.Trim(notInVariables.ReplaceAllString(strings.TrimPrefix(strings.ToUpper(field), "[NAME="), "_"), "_")
	base := "LOGIN_" + plain
	if plain == "" {
		base = "LOGIN_FIELD"
	}
	name := base
	for n := 2; p.lesson.Variables[name] != "" && p.lesson.Variables[name] != field; n++ {
		name = fmt.Sprintf("%s_%d", base, n)
	}
	p.lesson.Variables[name] = field
	return name
}

func (p *pupil) click(d deed, kind Kind) {
	var button Button
	for i := range d.Page.Forms {
		for _, one := range d.Page.Forms[i].Buttons {
			if one.Ref == d.Ref {
				button = one
			}
		}
	}
	name := p.selector(button.ID, button.Name, button.Text, func(selector string) bool {
		_, found := d.Page.button(selector)
		return found != nil && found.Ref == d.Ref
	})
	step := p.open
	p.open = Step{}
	switch {
	case name != "":
		step.Click = name
	case len(step.Fill) == 0:
		p.note("a button at %s has no id, name or text of its own, which login could say", p.address(d))
		return
	}
	step.URL, step.Optional = p.address(d), kind == Notice && len(step.Fill) == 0
	p.lesson.Steps = append(p.lesson.Steps, step)
}

var madeUp = regexp.MustCompile(`[0-9]{3}|[:.]|^[0-9a-fA-F-]{16,}$`)

// selector is how a step names an element: by what is least likely to change,
// tells nothing that was typed, and means it alone.
func (p *pupil) selector(id, name, text string, means func(selector string) bool) string {
	var all []string
	if id != "" && !madeUp.MatchString(id) {
		all = append(all, "#"+id)
	}
	if name != "" && !madeUp.MatchString(name) {
		all = append(all, "[name="+name+"]")
	}
	all = append(all, fold(text))
	if id != "" {
		all = append(all, "#"+id)
	}
	for _, one := range all {
		if one != "" && badSelector(one) == "" && len(one) <= 100 && !p.tells(one) && means(one) {
			return one
		}
	}
	return ""
}

var madeUpPart = regexp.MustCompile(`^[0-9]+$|^[0-9a-fA-F-]{12,}$|^[A-Za-z0-9_-]*[0-9][A-Za-z0-9_-]{15,}$`)

// address is what the url of a step says: the path, in which * stands for what
// differs from one visit to the next. Frames have none: steps know the page alone.
func (p *pupil) address(d deed) string {
	u, err := url.Parse(d.Page.URL)
	if err != nil || !d.Top {
		return ""
	}
	path, _, _ := strings.Cut(u.EscapedPath(), ";")
	parts := strings.Split(path, "/")
	known := false
	for i, part := range parts {
		plain, err := url.PathUnescape(part)
		if err != nil || madeUpPart.MatchString(part) || p.tells(plain) {
			parts[i] = "*"
			continue
		}
		known = known || part != ""
	}
	if !known {
		return ""
	}
	return strings.Join(parts, "/")
}

// withoutRetries leaves out what the person did once more after a refusal.
func (p *pupil) withoutRetries() {
	same := func(a, b Step) bool {
		return len(a.Fill) > 0 && a.URL == b.URL && a.Click == b.Click && slices.Equal(slices.Sorted(maps.Keys(a.Fill)), slices.Sorted(maps.Keys(b.Fill)))
	}
	var kept []Step
	for i, step := range p.lesson.Steps {
		if !slices.ContainsFunc(p.lesson.Steps[i+1:], func(later Step) bool { return same(step, later) }) {
			kept = append(kept, step)
		}
	}
	p.lesson.Steps = kept
}

// withoutDecision leaves out the last click where no consent page was known for
// one and nothing was typed for it: it will have been the decision.
func (p *pupil) withoutDecision() {
	if n := len(p.lesson.Steps); n > 0 && !p.consent {
		last := p.lesson.Steps[n-1]
		before := slices.ContainsFunc(p.lesson.Steps[:n-1], func(s Step) bool { return s.types("${password}") })
		if before && len(last.Fill) == 0 && !last.Optional {
			p.lesson.Steps = p.lesson.Steps[:n-1]
			p.note("the last click, on %s at %s, was taken for the decision of the customer and left out; whether that page can be read shows when doctor runs with these steps", last.Click, last.URL)
		}
	}
	if typed := slices.ContainsFunc(p.lesson.Steps, func(s Step) bool { return s.types("${password}") }); !typed {
		p.note("the password of the file was not typed; look whether it is the one of the account")
	}
}
