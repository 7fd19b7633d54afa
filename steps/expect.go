package steps

import (
	"fmt"
	"strings"
)

// expectWords fails unless text, read as what, is not empty and contains all
// words, in any case; err is how reading it went.
func expectWords(what, text string, err error, words ...string) error {
	if err != nil {
		return err
	}
	if text == "" {
		return fmt.Errorf("expected %s to say something, got nothing", what)
	}
	for _, word := range words {
		if !strings.Contains(strings.ToLower(text), strings.ToLower(word)) {
			return fmt.Errorf("expected %s to say %q, got %q", what, word, text)
		}
	}
	return nil
}

// expectEqual fails unless got is want.
func expectEqual[T comparable](what string, got, want T) error {
	if got != want {
		return fmt.Errorf("expected %s to be %v, got %v", what, want, got)
	}
	return nil
}
