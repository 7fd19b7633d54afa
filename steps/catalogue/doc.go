// Package catalogue knows what a server is checked for: one entry for every
// check, with its rule, its reason, its mend and the deviations that must make
// it fail. It holds data and what can be asked of them; it sends no request
// and gives no verdict.
//
// checks/ has one YAML file for each group of checks, sections.yaml the
// clauses they may cite, and ids/ the names of everything else a scenario may
// be tagged with: requirements of the spec documents, checks of the client,
// bugs, and what a person experiences. An id is a name: it is never used again
// for something else.
package catalogue
