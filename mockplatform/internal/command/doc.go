// Package command is the command line of mockplatform: serve, profiles and
// ctl. It reads flags and prints; the work is done by package mockplatform and
// by the control API's client. It reads no environment variables.
//
// Platforms and profiles complete from the server (complete.go).
//
// Exit codes: 0 done · 1 the control API refused or could not be reached ·
// 2 usage or configuration. Every error is one sentence on standard error,
// except that all faults of a profile are listed, one per line.
package command
