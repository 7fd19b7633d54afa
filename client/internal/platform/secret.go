package platform

import (
	"fmt"
	"io"
	"log/slog"
)

// redacted is what every secret prints as.
const redacted = "[redacted]"

// Secret is a string that must not be seen: client secrets, tokens, passwords,
// code verifiers. It prints, logs and marshals as "[redacted]"; Reveal is the
// one way to the value, so that each use can be found by its name.
type Secret string

// Reveal returns the value itself.
func (s Secret) Reveal() string { return string(s) }

// String implements fmt.Stringer.
func (s Secret) String() string { return redacted }

// Format implements fmt.Formatter, so that every verb is safe.
func (s Secret) Format(state fmt.State, _ rune) { _, _ = io.WriteString(state, redacted) }

// LogValue implements slog.LogValuer.
func (s Secret) LogValue() slog.Value { return slog.StringValue(redacted) }

// MarshalText implements encoding.TextMarshaler: JSON and YAML documents never
// hold the value.
func (s Secret) MarshalText() ([]byte, error) { return []byte(redacted), nil }
