package pages

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// Step is one thing that a person does on a page of a login that cannot be
// guessed, as the file of a partner's server writes it. Steps are taken in
// order, each once; on pages that they do not fit, the page is read as without
// them. Fields and buttons are named by their id ("#user"), their name
// ("[name=user]"), or what a person reads: the label or the text, in full.
type Step struct {
	// URL is what the page's address must contain or match; empty for any.
	URL string `yaml:"url,omitempty" doc:"what the page's address contains; * stands for anything; any page if left out"`
	// Fill maps fields to what is typed into them; ${username} and ${password}
	// stand for those of the customer, ${env.NAME} for an environment variable.
	Fill     map[string]string `yaml:"fill,omitempty" doc:"field (#id, [name=…] or its label): what is typed into it; ${username} and ${password} stand for the customer's, ${env.NAME} alone for an environment variable"`
	Click    string            `yaml:"click,omitempty" doc:"button or link (#id, [name=…] or its text) that is clicked after that; the form's own button if left out"`
	Wait     string            `yaml:"wait,omitempty" doc:"what has to appear before the next step: an address (it holds a slash), a field, a button, or text"`
	Optional bool              `yaml:"optional,omitempty" doc:"whether the step is passed over where its page, field or button does not appear"`
}

// StepError is a login step that could not be taken.
type StepError struct {
	Index int    // in the file, from 0
	Cause string // "there is no field #user on the page at https://…"
}

// Error names the step, as the file's other faults are named, and the mend.
func (e *StepError) Error() string {
	return fmt.Sprintf("login.%d: %s; correct the step, or mark it optional", e.Index, e.Cause)
}

// Fault says what is wrong with a step as it is written, "" if nothing is, and
// of which key.
func (s Step) Fault() (key, fault string) {
	if len(s.Fill) == 0 && s.Click == "" {
		return "click", "the step does nothing; write fill, click or both"
	}
	for _, field := range slices.Sorted(maps.Keys(s.Fill)) {
		if bad := badSelector(field); bad != "" {
			return "fill", bad
		}
		if rest := placeholders.Replace(s.Fill[field]); strings.Contains(rest, "${") && !fromEnv.MatchString(rest) {
			return "fill", fmt.Sprintf("what is typed into %s holds a name that is not known; use ${username} or ${password}, or ${env.NAME} for all of it", field)
		}
	}
	if s.Click != "" {
		return "click", badSelector(s.Click)
	}
	return "", ""
}

var (
	placeholders = strings.NewReplacer("${username}", "", "${password}", "")
	fromEnv      = regexp.MustCompile(`^\$\{env\.([A-Za-z_][A-Za-z0-9_]*)\}$`)
	byID         = regexp.MustCompile(`^#[^\s.>:\[#]+$`)
	byName       = regexp.MustCompile(`^\[name="?([^"\]]+)"?\]$`)
	otherwise    = regexp.MustCompile(`^(#|\[|\.|/|css=|role=|xpath=|text=)|^$`)
)

// Variables are the environment variables that are typed, by field.
func (s Step) Variables() map[string]string {
	all := map[string]string{}
	for field, value := range s.Fill {
		if m := fromEnv.FindStringSubmatch(value); m != nil {
			all[field] = m[1]
		}
	}
	return all
}

func badSelector(selector string) string {
	if byID.MatchString(selector) || byName.MatchString(selector) || !otherwise.MatchString(selector) {
		return ""
	}
	return fmt.Sprintf("%q names no element; write #id, [name=…], or the label or text that a person reads", selector)
}

// named says whether a selector means the element with these properties.
func named(selector, id, name, text string) bool {
	switch {
	case byID.MatchString(selector):
		return id == selector[1:]
	case byName.MatchString(selector):
		return name == byName.FindStringSubmatch(selector)[1]
	}
	return strings.EqualFold(fold(text), fold(selector))
}

func (p Page) field(selector string) (*Form, *Field) {
	for i := range p.Forms {
		for j := range p.Forms[i].Fields {
			if f := &p.Forms[i].Fields[j]; !f.Unseen && !f.Disabled && named(selector, f.ID, f.Name, f.Label) {
				return &p.Forms[i], f
			}
		}
	}
	return nil, nil
}

func (p Page) button(selector string) (*Form, *Button) {
	for i := range p.Forms {
		for j := range p.Forms[i].Buttons {
			if b := &p.Forms[i].Buttons[j]; !b.Disabled && named(selector, b.ID, b.Name, b.Text) {
				return &p.Forms[i], b
			}
		}
	}
	return nil, nil
}

// shows says whether what a step waits for is there.
func (p Page) shows(wait string) bool {
	field, _ := p.field(wait)
	button, _ := p.button(wait)
	return field != nil || button != nil || strings.Contains(wait, "/") && matches(p.URL, wait) ||
		strings.Contains(strings.ToLower(p.Text), strings.ToLower(wait))
}

// matches says whether an address holds a pattern in which * stands for anything.
func matches(address, pattern string) bool {
	parts := strings.Split(pattern, "*")
	for i := range parts {
		parts[i] = regexp.QuoteMeta(parts[i])
	}
	return regexp.MustCompile(strings.Join(parts, ".*")).MatchString(address)
}
