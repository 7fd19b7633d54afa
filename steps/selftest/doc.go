// Package selftest proves that the harness can be trusted: for each defect that
// a mock Platform can be given, exactly the declared checks fail (the kill
// matrix), lawful oddities fail none (false alarms), servers that answer
// nonsense pass none (nuisances), and the same server gets the same verdicts
// however often and in whatever order it is judged (repetitions).
//
// All of these are ours, so that a check and the mock could agree on a mistake.
// Therefore foreign, a module of its own below this package, has two servers
// judged that are not: one on ory/fosite, of which each verdict that is no pass
// has its reason written down, and the stock manager and server of go-oauth2,
// whose known defects must all be found. Stranger judges them as it judges a
// partner's server, by a file such as a partner writes, and `make test` compares
// what comes out with what has to.
package selftest
