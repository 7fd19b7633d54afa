// Package steps is the vocabulary of the feature files: what each sentence
// does to a Platform, to MINT and to a browser, and what it reads from them.
//
// Every scenario gets a world of its own: its own Platforms on the shared mock
// server, its own MINT, an own browser window per person. Steps act from
// outside only, as a person (through the browser), as an OAuth client (plain
// HTTP) or as the operator of a Platform (control API); none reaches into the
// programs. Waiting is always for something (a page, a journal entry), never
// for a time; time passes by moving the Platforms' clocks, which MINT follows.
//
// The files are named after nouns. Each *_steps.go begins with the list of its
// sentences; the methods below it are short and call the page objects
// (platform_pages.go, mint_pages.go), the protocol client (oauth_client.go) and
// the journal's questions (journal.go). No step calls another step.
//
// # Decisions
//
// Steps are a table of precompiled patterns and methods (binding.go), not calls
// of godog's sc.Step: godog compiles a string pattern again for every scenario,
// and only a table lets a test say which sentence is used nowhere. The table
// also turns a captured word into its type (a person, a duration) before the
// method runs, so that no step parses text.
package steps
