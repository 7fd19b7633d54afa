package runner

import (
	"fmt"
	"slices"
	"strings"
)

// Expression is a parsed tag expression of Cucumber: tags, and, or, not and
// parentheses. not binds tightest, or loosest.
type Expression struct {
	fits func(tags []string) bool
	tags []string
}

// Fits says whether a scenario with these tags is selected.
func (e Expression) Fits(tags []string) bool { return e.fits(tags) }

// Tags lists the tags that occur in the expression.
func (e Expression) Tags() []string { return e.tags }

// ParseExpression reads a tag expression such as "@mint and not (@slow or
// @wip)". The error names the place and the mend.
func ParseExpression(text string) (Expression, error) {
	p := &expressionParser{text: text, words: expressionWords(text)}
	fits, err := p.either()
	if err == nil && len(p.words) > 0 {
		err = p.unexpected()
	}
	if err != nil {
		return Expression{}, fmt.Errorf("tag expression %q: %w", text, err)
	}
	return Expression{fits: fits, tags: p.tags}, nil
}

type expressionParser struct {
	text  string
	words []string
	tags  []string
}

func expressionWords(text string) []string {
	return strings.Fields(strings.NewReplacer("(", " ( ", ")", " ) ").Replace(text))
}

func (p *expressionParser) next(word string) bool {
	if len(p.words) == 0 || p.words[0] != word {
		return false
	}
	p.words = p.words[1:]
	return true
}

func (p *expressionParser) either() (func([]string) bool, error) {
	left, err := p.both()
	for err == nil && p.next("or") {
		a := left
		var b func([]string) bool
		if b, err = p.both(); err == nil {
			left = func(tags []string) bool { return a(tags) || b(tags) }
		}
	}
	return left, err
}

func (p *expressionParser) both() (func([]string) bool, error) {
	left, err := p.one()
	for err == nil && p.next("and") {
		a := left
		var b func([]string) bool
		if b, err = p.one(); err == nil {
			left = func(tags []string) bool { return a(tags) && b(tags) }
		}
	}
	return left, err
}

func (p *expressionParser) one() (func([]string) bool, error) {
	switch {
	case p.next("not"):
		inner, err := p.one()
		if err != nil {
			return nil, err
		}
		return func(tags []string) bool { return !inner(tags) }, nil
	case p.next("("):
		inner, err := p.either()
		if err != nil {
			return nil, err
		}
		if !p.next(")") {
			return nil, fmt.Errorf("a closing parenthesis is missing")
		}
		return inner, nil
	case len(p.words) == 0:
		return nil, fmt.Errorf("it ends where a tag is expected, such as @mint")
	case !strings.HasPrefix(p.words[0], "@") || strings.ContainsAny(p.words[0], "&|,~!"):
		return nil, p.unexpected()
	}
	tag := p.words[0]
	p.words = p.words[1:]
	if !slices.Contains(p.tags, tag) {
		p.tags = append(p.tags, tag)
	}
	return func(tags []string) bool { return slices.Contains(tags, tag) }, nil
}

func (p *expressionParser) unexpected() error {
	word := p.words[0]
	mend := "write tags with their @, joined by and, or, not and parentheses"
	switch {
	case strings.ContainsAny(word, "&|,~!"):
		mend = `write "and", "or" and "not" instead of && || , ~ !`
	case strings.EqualFold(word, "and"), strings.EqualFold(word, "or"), strings.EqualFold(word, "not"):
		mend = "and, or, not are written small and stand between or before tags"
	case strings.HasPrefix(word, "@"):
		mend = "join tags by and or or"
	}
	return fmt.Errorf("%q is not understood there; %s", word, mend)
}
