// Package checks holds the sentences of the feature files below
// features/checks: each scenario there is one check of the catalogue and
// judges whatever server the run is about, a mock Platform or a partner's.
//
// A scenario has a trial: the target it was given, the requests it sent and
// what it found. Rules that all of them keep, and that the trial enforces:
//
//   - What the check needs but does not judge (a login, a first token) is
//     prepared by Given steps; trouble there means that the check could not
//     run, never that the server fails it.
//   - A refusal counts only if the server refused by intent
//     (exchange.Exchange.Refused), and only beside a positive control: the same
//     request, made as it should be, was accepted.
//   - A step tells what it found by a *report.Finding; any other error is a
//     fault of the harness.
package checks
