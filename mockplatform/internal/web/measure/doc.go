// Package measure holds the benchmarks of the mock Platform as a whole, over
// real sockets. It has no code of its own: they are tests.
//
// A machine that is shared, or that somebody else has, shows other times from
// run to run. So each server runs in a process of its own with one processor,
// the mock and the least that a server could be (the floor) are asked in turn in
// the same run, and what counts is their ratio. Times are those that the
// server's process spent on a processor (getrusage), other than rates, which
// also depend on who asks. `make bench` prints all of it, with the benchmarks of
// the other packages.
//
// # Tokens (BenchmarkToken)
//
//	go test ./mockplatform/internal/web/measure -run '^$' -bench Token
//
// The floor is a gin handler that parses a form and answers a random token as
// JSON. The mock authenticates a client, judges the request at its gate, issues
// a token that it keeps, and writes the exchange into its journal. Wanted: at
// least 0.6 of the floor's rate. A signed token is to be at most one signing
// slower: "signing" is what it costs the floor to answer one that go-jose signs
// by ES256 instead of the random one.
//
// Measured in 2026-11 in eight runs on two cores with nothing else to do: the
// floor took 24 to 31 µs of processor time, the mock 42 to 55 µs. Its rate was
// 0.56 to 0.77 of the floor's, 0.62 in the median, and by processor time alone
// 0.57 to 0.66, 0.61 in the median. ES256 was 0.82 to 0.93 of one signing slower
// than opaque.
//
// # Many live tokens (BenchmarkLive)
//
//	go test ./mockplatform/internal/web/measure -run '^$' -bench Live
//
// One refresh, which rotates, among 10,000 and among 1,000,000 live pairs of
// tokens, and the same with a Go map behind a mutex in the floor. Wanted: at
// most 1.25 times as much among a million. Measured in 2026-11, beside other
// work as above: 52 and 60 µs, 1.15 times as much; the map 31 and 37 µs, 1.18 times.
//
// # Single use (BenchmarkSingleUse of package token)
//
// A hundred parallel redemptions of one code and of one refresh token, in memory
// and on Redis; the figures stand there.
//
// # Soak (BenchmarkSoak)
//
//	MINT_BENCH_SOAK=10m GOMAXPROCS=1 go test ./mockplatform/internal/web/measure -run '^$' -bench Soak -timeout 30m
//
// Twelve customers ask as fast as they can, rightly and wrongly, while faults of
// all kinds are armed for them. It fails when an answer was not what was asked
// for and no fault explains it, or when goroutines or memory grow. Without the
// variable it takes three seconds and the warming up.
//
// Measured in 2026-11 for ten minutes, beside other work as above: 1,009,048
// requests, of which faults hurt 183,040 and nothing else any; 4 goroutines at
// each of six points; 9.2, 9.2, 9.2, 10.3, 9.2 and 11.3 MB of heap, where up to
// some thousand families that are over stay to explain refusals.
//
// # Platforms (BenchmarkCreate of package platform)
//
// Creating and deleting one; the figures stand there.
package measure
