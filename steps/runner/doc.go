// Package runner runs feature files: it reads them, selects scenarios, lets
// godog execute their steps and turns what happened into a report. It knows
// the rules of a run (order, deadlines, outcomes, exit codes) and nothing of
// what the steps do.
//
// Decisions. Every scenario is handed to godog as a feature of its own,
// written out from its pickle (backgrounds and outline values filled in):
// godog shuffles only within a feature, knows only a tag language of its own
// and cannot select the row of an outline. Results come from hooks instead of
// a godog formatter, since godog delivers formatter calls late and without
// times when scenarios run side by side; godog's own exit code is only
// compared with them. godog's StopOnFailure is never used (it races).
package runner
