// Package selftest proves that the harness can be trusted: for each defect that
// a mock Platform can be given, exactly the declared checks fail (the kill
// matrix), lawful oddities fail none (false alarms), and servers that answer
// nonsense pass none (nuisances).
package selftest
