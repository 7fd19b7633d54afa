package throttle_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/mint-conformance/mint/mockplatform/internal/lapse"
	"github.com/mint-conformance/mint/mockplatform/internal/throttle"
)

var start = time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC)

func TestThrottle(t *testing.T) {
	watch := throttle.New(lapse.NewMemory(throttle.MaxNames))
	now := start
	for range throttle.MaxFailures - 1 {
		watch.Failed(now, "maya")
	}
	if got := watch.Paused(now, "maya"); got != 0 {
		t.Fatalf("paused for %s after nine failures", got)
	}
	watch.Failed(now.Add(throttle.Window-time.Second), "maya")
	now = now.Add(throttle.Window - time.Second)
	if got := watch.Paused(now, "maya"); got != throttle.Pause {
		t.Fatalf("paused for %s after ten failures, want %s", got, throttle.Pause)
	}
	if got := watch.Paused(now, "victor"); got != 0 {
		t.Errorf("another name is paused for %s", got)
	}
	if got := watch.Paused(now.Add(throttle.Pause-time.Second), "maya"); got != time.Second {
		t.Errorf("one second before its end the pause lasts %s", got)
	}
	if got := watch.Paused(now.Add(throttle.Pause), "maya"); got != 0 {
		t.Errorf("after its end the pause lasts %s", got)
	}
}

// Failures spread over more than a minute do not add up, and a success forgets.
func TestThrottleForgets(t *testing.T) {
	watch := throttle.New(lapse.NewMemory(throttle.MaxNames))
	for i := range 3 * throttle.MaxFailures {
		watch.Failed(start.Add(time.Duration(i)*throttle.Window/(throttle.MaxFailures-1)), "slow")
	}
	if got := watch.Paused(start.Add(4*throttle.Window), "slow"); got != 0 {
		t.Errorf("slow failures paused for %s", got)
	}
	for range throttle.MaxFailures - 1 {
		watch.Failed(start, "maya")
	}
	watch.Succeeded(start, "maya")
	watch.Failed(start, "maya")
	if got := watch.Paused(start, "maya"); got != 0 {
		t.Errorf("failures from before the success paused for %s", got)
	}
}

// Whatever people type, memory stays bounded.
func TestThrottleIsBounded(t *testing.T) {
	watch := throttle.New(lapse.NewMemory(throttle.MaxNames))
	for i := range 25_000 {
		watch.Failed(start, fmt.Sprint("name-", i))
	}
	watch.Failed(start, "last")
	for range throttle.MaxFailures - 1 {
		watch.Failed(start, "last")
	}
	if got := watch.Paused(start, "last"); got != throttle.Pause {
		t.Errorf("a name that came late is paused for %s, want %s", got, throttle.Pause)
	}
}
