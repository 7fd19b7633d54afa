//go:build unix

package measure_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/mint-conformance/mint/mockplatform/control"
)

const (
	soakTime  = "MINT_BENCH_SOAK" // environment variable: for how long, such as 10m
	soakLeast = 3 * time.Second
	// phases are the equal parts of a soak; after each the memory is measured.
	// The first one warms up, until warmRequests were answered at least.
	phases       = 6
	warmRequests = 50_000
	customers    = 12
)

// soak is one run of mixed load.
type soak struct {
	tb      testing.TB
	ctx     context.Context
	control *control.Client
	child   *child

	password, service   string // token endpoints
	me, account         string // of the API
	asked, hurt, wanted atomic.Int64
	customers           []*caller
}

func (s *soak) must(err error) {
	if err != nil && s.ctx.Err() == nil {
		s.tb.Error(err)
	}
}

// BenchmarkSoak lets customers ask, as fast as they can, for tokens, refreshes
// and campaigns, some of it wrongly, while an operator arms faults of every
// kind that they can meet, creates and deletes Platforms and reads the journal.
// It fails when an answer is neither right nor explained by a fault that fired,
// and when goroutines or memory have grown once all tokens have expired.
func BenchmarkSoak(b *testing.B) {
	s := newSoak(b)
	length := soakLeast
	if text := os.Getenv(soakTime); text != "" {
		var err error
		if length, err = time.ParseDuration(text); err != nil {
			b.Fatalf("%s: %v", soakTime, err)
		}
	}
	s.phase(length/phases, warmRequests)
	first := s.hold()
	points := []holding{first}
	for b.Loop() {
		for range phases - 1 {
			s.phase(length/phases, 0)
			points = append(points, s.hold())
		}
	}
	last := points[len(points)-1]
	for i, at := range points {
		b.Logf("point %d: %d goroutines, %.1f MB", i+1, at.goroutines, at.megabytes)
	}
	b.ReportMetric(0, "ns/op") // of a whole soak: it says nothing
	b.ReportMetric(float64(s.asked.Load()), "requests")
	b.ReportMetric(float64(s.wanted.Load()), "hurt-by-faults")
	b.ReportMetric(first.megabytes, "first-MB")
	b.ReportMetric(last.megabytes, "last-MB")
	b.ReportMetric(float64(last.goroutines-first.goroutines), "more-goroutines")
	if hurt, wanted := s.hurt.Load(), s.wanted.Load(); hurt != wanted {
		b.Errorf("%d answers were not what was asked for, faults explain %d", hurt, wanted)
	}
	if last.goroutines > first.goroutines {
		b.Errorf("%d goroutines at first, %d at last", first.goroutines, last.goroutines)
	}
	// Stores keep some thousand families that are over, to explain refusals.
	if noise := 4 + first.megabytes/20; last.megabytes > first.megabytes+noise {
		b.Errorf("%.1f MB at first, %.1f MB at last", first.megabytes, last.megabytes)
	}
}

func newSoak(b *testing.B) *soak {
	b.Helper()
	s := &soak{tb: b, ctx: b.Context(), child: begin(b, "soak")}
	s.control = control.NewClient(s.child.address, "")
	b.Cleanup(s.control.Close)
	ads, err := s.control.Platform(b.Context(), "mindbaz")
	if err != nil {
		b.Fatal(err)
	}
	service, err := s.control.Platform(b.Context(), "service")
	if err != nil {
		b.Fatal(err)
	}
	s.password, s.me = ads.Endpoints.Token, ads.Endpoints.Me
	s.service, s.account = service.Endpoints.Token, service.Endpoints.Application
	for range customers {
		one, err := call(s.password)
		if err != nil {
			b.Fatal(err)
		}
		b.Cleanup(one.hang)
		s.customers = append(s.customers, one)
	}
	return s
}

// phase lets everybody work for a time, and until so many requests were made.
func (s *soak) phase(length time.Duration, requests int64) {
	s.tb.Helper()
	var over atomic.Bool
	timer := time.AfterFunc(length, func() { over.Store(true) })
	defer timer.Stop()
	var operators, all sync.WaitGroup
	var done atomic.Bool
	for _, one := range s.customers {
		all.Go(func() {
			for !done.Load() && !s.tb.Failed() {
				s.journey(one)
			}
		})
	}
	for _, name := range []string{"mindbaz", "service"} {
		operators.Go(func() {
			for (!over.Load() || s.asked.Load() < requests) && !s.tb.Failed() {
				s.wanted.Add(int64(s.operate(name)))
			}
		})
	}
	operators.Wait()
	done.Store(true)
	all.Wait()
	if s.tb.Failed() {
		s.tb.FailNow()
	}
}

// journey is what one customer does; whoever is hurt begins anew.
func (s *soak) journey(c *caller) {
	const login = "grant_type=password&client_id=100&username=maya%40example.test&password=maya-password-1"
	if first, ok := s.token(c, s.password, login); ok && s.api(c, s.me, first.Access) {
		refresh := "grant_type=refresh_token&client_id=100&refresh_token=" + url.QueryEscape(first.Refresh)
		if next, ok := s.token(c, s.password, refresh); ok {
			s.refused(c, s.password, refresh)
			s.api(c, s.me, next.Access)
		}
	}
	if alone, ok := s.token(c, s.service, own); ok {
		s.api(c, s.account, alone.Access)
	}
	s.refused(c, s.service, own+"x")
}

// pair is what a customer takes of an answer.
type pair struct {
	Access  string `json:"access_token"`
	Refresh string `json:"refresh_token"`
}

func (s *soak) token(c *caller, endpoint, body string) (got pair, ok bool) {
	status, answer, err := c.send(head("POST", endpoint, "Content-Type: application/x-www-form-urlencoded\r\n"), body)
	ok = err == nil && status == http.StatusOK && json.Unmarshal(answer, &got) == nil && got.Access != ""
	s.count(ok)
	return got, ok
}

func (s *soak) api(c *caller, endpoint, token string) bool {
	status, answer, err := c.send(head("GET", endpoint, "Authorization: Bearer "+token+"\r\n"), "")
	ok := err == nil && status == http.StatusOK && json.Valid(answer)
	s.count(ok)
	return ok
}

// refused sends what is wrong. No fault meets it: validation is ahead of them.
func (s *soak) refused(c *caller, endpoint, body string) {
	status, answer, err := c.send(head("POST", endpoint, "Content-Type: application/x-www-form-urlencoded\r\n"), body)
	s.asked.Add(1)
	if err != nil || status/100 != 4 {
		s.tb.Errorf("a wrong request: %d %s, %v", status, answer, err)
	}
}

func (s *soak) count(ok bool) {
	s.asked.Add(1)
	if !ok {
		s.hurt.Add(1)
	}
}

func head(method, endpoint, header string) string {
	u, err := url.Parse(endpoint)
	if err != nil {
		panic(err) // the control API told it
	}
	return fmt.Sprintf("%s %s HTTP/1.1\r\nHost: %s\r\n%s", method, u.Path, u.Host, header)
}

// holding is what the server holds while nobody asks.
type holding struct {
	goroutines int
	megabytes  float64
}

// hold lets all tokens expire, which sweeps them, and measures. Connections
// that customers gave up end soon, not at once.
func (s *soak) hold() holding {
	s.tb.Helper()
	for _, one := range s.customers {
		one.hang()
	}
	for _, name := range []string{"mindbaz", "service"} {
		_, err := s.control.Advance(s.ctx, name, 400*24*time.Hour)
		s.must(err)
	}
	s.control.Close()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	var at holding
	for range 40 {
		<-tick.C
		lines := s.child.tell("state")
		goroutines, err := strconv.Atoi(lines[0])
		s.must(err)
		bytes, err := strconv.ParseFloat(lines[1], 64)
		s.must(err)
		again := goroutines == at.goroutines
		at = holding{goroutines, bytes / 1e6}
		if again {
			break
		}
	}
	return at
}
