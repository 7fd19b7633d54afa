//go:build unix

package measure_test

import (
	"net/url"
	"slices"
	"testing"
)

// own asks for a token of the client itself.
var own = url.Values{
	"grant_type": {"client_credentials"}, "client_id": {"service-mint"}, "client_secret": {"service-mint-secret-for-tests-only"},
}.Encode()

func always(int) string { return own }

// BenchmarkToken asks the token endpoint for tokens, opaque and signed, and in
// turn with them the least that a token endpoint can be. See the package for
// what the figures say.
func BenchmarkToken(b *testing.B) {
	const turns, requests = 24, 1600
	floor, signing := ask(b, "floor", always, nil), ask(b, "signing", always, nil)
	opaque, signed := ask(b, "opaque", always, nil), ask(b, "es256", always, nil)
	all := []*server{floor, signing, opaque, signed}
	for _, s := range all {
		s.slice(8 * requests) // it has a full journal then, and all code was seen
		s.forget()
	}
	var rates, times []float64
	for b.Loop() {
		for range turns {
			wall, cpu := make([]float64, len(all)), make([]float64, len(all))
			for i, s := range all {
				w, c := s.slice(requests)
				wall[i], cpu[i] = float64(w), float64(c)
			}
			rates = append(rates, wall[0]/wall[2])
			times = append(times, cpu[0]/cpu[2])
		}
	}
	b.ReportMetric(0, "ns/op") // of all turns together: it says nothing
	b.ReportMetric(floor.perRequest(), "floor-µs")
	b.ReportMetric(opaque.perRequest(), "opaque-µs")
	b.ReportMetric(median(rates), "of-floor-rate")
	b.ReportMetric(median(times), "of-floor-cpu")
	signature := signing.perRequest() - floor.perRequest()
	b.ReportMetric(signature, "signing-µs")
	b.ReportMetric(signed.perRequest()-opaque.perRequest(), "es256-slower-µs")
	b.ReportMetric((signed.perRequest()-opaque.perRequest())/signature, "signings-slower")
}

func median(values []float64) float64 {
	values = slices.Sorted(slices.Values(values))
	return values[len(values)/2]
}
