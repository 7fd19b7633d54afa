package oauth

import (
	"errors"
	"slices"
	"strings"
)

// Scope is a set of scope tokens in the order they were given, without
// repeats (RFC 6749 section 3.3). The nil Scope is the empty set.
type Scope []string

// ParseScope reads a space-delimited scope parameter. It refuses characters
// outside RFC 6749 section 3.3 and folds repeated tokens into one. An empty or
// blank string is the empty set.
func ParseScope(s string) (Scope, error) {
	var out Scope
	for _, t := range strings.Split(s, " ") {
		if t == "" {
			continue
		}
		if !validScopeToken(t) {
			return nil, errors.New("scope holds a character that RFC 6749 section 3.3 does not allow")
		}
		if !slices.Contains(out, t) {
			out = append(out, t)
		}
	}
	return out, nil
}

func validScopeToken(t string) bool {
	for i := range len(t) {
		c := t[i]
		if c < 0x21 || c > 0x7e || c == '"' || c == '\\' {
			return false
		}
	}
	return t != ""
}

// String is the space-delimited form.
func (s Scope) String() string { return strings.Join(s, " ") }

// Has reports whether the set holds name.
func (s Scope) Has(name string) bool { return slices.Contains(s, name) }

// Within reports whether every member of s is in other.
func (s Scope) Within(other Scope) bool {
	for _, name := range s {
		if !other.Has(name) {
			return false
		}
	}
	return true
}

// Without answers the members of s that are not in other, in s's order.
func (s Scope) Without(other Scope) Scope {
	var out Scope
	for _, name := range s {
		if !other.Has(name) {
			out = append(out, name)
		}
	}
	return out
}

// Sorted is the same set in alphabetical order.
func (s Scope) Sorted() Scope {
	out := slices.Clone(s)
	slices.Sort(out)
	return out
}
