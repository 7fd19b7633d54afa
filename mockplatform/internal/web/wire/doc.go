// Package wire is what one HTTP exchange looks like inside the mock Platform:
// a Request that was read once and bounded, an Exchange that grows into its
// journal entry, and an Answer that is complete before its first byte leaves.
//
// Why: since a handler returns its answer instead of writing it, the journal
// entry is always there before the client can see the answer, a fault can
// replace any answer, and handlers are tested as plain functions. The package
// routes nothing and knows no Platform.
package wire
