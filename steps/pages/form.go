package pages

import (
	"slices"
	"strings"
)

// sure is the score from which a field is one for a name on its own; below it,
// only beside one for a password.
const sure = 3

func (f *Form) has(fieldType string) bool {
	return slices.ContainsFunc(f.Fields, func(one Field) bool { return one.Type == fieldType && !one.Unseen })
}

// words are all that is said of a field.
func (f Field) words() string { return f.Name + " " + f.ID + " " + f.Label }

// textual says whether somebody may type text into the field.
func (f Field) textual() bool {
	return slices.Contains([]string{"text", "email", "tel", "number"}, f.Type) && !f.Unseen && !f.Disabled && !f.Fixed
}

// identifies scores how surely a field is one for a username, 0 for not at all.
func (f Field) identifies() int {
	what := f.words()
	switch {
	case !f.textual(), strings.Contains(f.Autocomplete, "one-time-code"), mentions(what, codeWords), mentions(what, searchWords):
		return 0
	case strings.Contains(f.Autocomplete, "username"):
		return 6
	case strings.Contains(f.Autocomplete, "email"), f.Type == "email":
		return 5
	case mentions(what, nameWords):
		return 4
	case f.Type == "tel":
		return 2
	}
	return 1
}

// identifier is the field for a username, nil without one.
func (f *Form) identifier() *Field {
	var best *Field
	for i := range f.Fields {
		if score := f.Fields[i].identifies(); score > 0 && (best == nil || score > best.identifies()) {
			best = &f.Fields[i]
		}
	}
	return best
}

// pressable are the buttons that may be pressed.
func (f *Form) pressable() (all []*Button) {
	for i := range f.Buttons {
		if b := &f.Buttons[i]; !b.Disabled && b.Href == "" {
			all = append(all, b)
		}
	}
	return all
}

// best is the button that says one of the words soonest in their order and is
// no other way, such as that of another identity provider.
func (f *Form) best(words []string) *Button {
	for _, w := range words {
		for _, b := range f.pressable() {
			if b.says([]string{w}) && !b.astray() && !b.says(denyWords) {
				return b
			}
		}
	}
	return nil
}

// denial is the button that denies.
func (f *Form) denial() *Button {
	for _, b := range f.pressable() {
		if b.says(denyWords) && !b.astray() {
			return b
		}
	}
	return nil
}

// other is the button or link to another way of proving who one is.
func (f *Form) other() *Button {
	for _, words := range [][]string{passwordWayWords, otherWayWords} {
		for i := range f.Buttons {
			if b := &f.Buttons[i]; !b.Disabled && mentions(b.Text, words) {
				return b
			}
		}
	}
	return nil
}

// astray says that the button leads somewhere else.
func (b *Button) astray() bool {
	if slices.Contains(loginWords, plainText(b.Text)) {
		return false
	}
	return mentions(b.Text, astrayWords)
}

// says is whether the button's text or value is about one of the words: it
// begins with it, or a word in it does; in languages that are written without
// spaces it may stand anywhere.
func (b *Button) says(words []string) bool {
	for _, said := range []string{b.Text, b.Value} {
		said = plainText(said)
		if slices.ContainsFunc(words, func(w string) bool { return about(said, w) }) {
			return true
		}
	}
	return false
}

// about: weak words, marked by a caret, only count at the beginning.
func about(said, word string) bool {
	first, weak := strings.CutPrefix(word, "^")
	whole, exact := strings.CutSuffix(first, "$")
	switch {
	case exact && weak:
		return said == whole
	case strings.HasPrefix(said, first):
		return true
	case weak || len([]rune(said)) > 60:
		return false
	case first[0] >= 0xE3: // Chinese and Japanese
		return strings.Contains(said, first)
	}
	return strings.Contains(said, " "+first)
}

// plainText is text in lower case with white space and apostrophes made equal.
func plainText(text string) string {
	return strings.ReplaceAll(strings.ToLower(strings.Join(strings.Fields(text), " ")), "’", "'")
}

func mentions(text string, words []string) bool {
	text = plainText(text)
	return slices.ContainsFunc(words, func(w string) bool { return strings.Contains(text, w) })
}
