//go:build unix

package measure_test

import (
	"bytes"
	"strconv"
	"testing"
)

// wallet holds the refresh tokens of a server, each caller's its own, and
// presents them in an order that no cache can guess.
type wallet struct {
	values [connections][]string
	at     [connections]int
}

func (w *wallet) next(caller int) string {
	mine := w.values[caller]
	w.at[caller] = (w.at[caller] + 7919) % len(mine) // a prime that divides none of the sizes
	return "grant_type=refresh_token&client_id=100&refresh_token=" + mine[w.at[caller]]
}

var member = []byte(`"refresh_token":"`)

func (w *wallet) took(caller int, answer []byte) {
	_, rest, _ := bytes.Cut(answer, member)
	value, _, _ := bytes.Cut(rest, []byte(`"`))
	w.values[caller][w.at[caller]] = string(value)
}

// treasury is a server with many live pairs of tokens.
type treasury struct {
	*server
	wallet *wallet
}

func keep(b *testing.B, what string) treasury {
	b.Helper()
	w := &wallet{}
	return treasury{ask(b, what, w.next, w.took), w}
}

// fill leaves the server with exactly n pairs, none of which was refreshed yet.
func (t treasury) fill(n int) {
	t.tb.Helper()
	*t.wallet = wallet{}
	for i, value := range t.tell("fill " + strconv.Itoa(n))[1:] {
		t.wallet.values[i%connections] = append(t.wallet.values[i%connections], value)
	}
}

// BenchmarkLive refreshes one of many live tokens over sockets: among 10,000
// and among 1,000,000 of them, and the same with a Go map behind a mutex
// instead of the mock. See the package for what the figures say.
func BenchmarkLive(b *testing.B) {
	const turns, requests, few, many = 12, 9600, 10_000, 1_000_000
	floor, mock := [2]treasury{keep(b, "map"), keep(b, "map")}, [2]treasury{keep(b, "refreshing"), keep(b, "refreshing")}
	all := []treasury{floor[0], floor[1], mock[0], mock[1]}
	floor[1].fill(many)
	mock[1].fill(many)
	turn := func() {
		for _, t := range all {
			if t == floor[0] || t == mock[0] {
				t.fill(few) // or its families would have grown a history that the million's have not
			}
			t.slice(requests)
		}
	}
	turn()
	for _, t := range all {
		t.forget()
	}
	for b.Loop() {
		for range turns {
			turn()
		}
	}
	b.ReportMetric(0, "ns/op") // as in BenchmarkToken
	b.ReportMetric(floor[0].perRequest(), "map-10k-µs")
	b.ReportMetric(floor[1].perRequest(), "map-1M-µs")
	b.ReportMetric(floor[1].perRequest()/floor[0].perRequest(), "map-times")
	b.ReportMetric(mock[0].perRequest(), "mock-10k-µs")
	b.ReportMetric(mock[1].perRequest(), "mock-1M-µs")
	b.ReportMetric(mock[1].perRequest()/mock[0].perRequest(), "mock-times")
}
