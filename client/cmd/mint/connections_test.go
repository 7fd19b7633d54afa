package main

import (
	"strings"
	"testing"
)

// No terminal obeys how a platform names its accounts.
func TestTablesShowWhatPlatformsNamed(t *testing.T) {
	var out strings.Builder
	if err := printTable(&out, [][]string{{"c1", "Café – 広告", ""}, {"c2", "a\x1b[31m\nb\t\u009b\u202e\xff", "x"}}); err != nil {
		t.Fatal(err)
	}
	want := "c1  Café – 広告                       -\nc2  a\\x1b[31m\\nb\\t\\u009b\\u202e\\xff  x\n"
	if out.String() != want {
		t.Errorf("%q, want %q", out.String(), want)
	}
}
