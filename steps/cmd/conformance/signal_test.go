package main

import (
	"os"
	"syscall"
	"testing"
	"time"
)

// TestUntilStopped: the first signal stops the run, its echo does nothing, and
// one that comes later ends the program.
func TestUntilStopped(t *testing.T) {
	signals := make(chan os.Signal)
	times := make(chan time.Time, 3)
	exits := make(chan int, 2)
	ctx := untilStopped(signals, func() time.Time { return <-times }, func(code int) { exits <- code })
	if ctx.Err() != nil {
		t.Fatal("it ended before anybody asked")
	}
	start := time.Unix(1000, 0)
	times <- start
	signals <- syscall.SIGTERM
	<-ctx.Done()
	times <- start.Add(echo - 1)
	signals <- syscall.SIGTERM
	times <- start.Add(echo)
	signals <- os.Interrupt
	if code := <-exits; code != 128+int(syscall.SIGINT) || len(exits) != 0 {
		t.Errorf("exit code %d, %d more", code, len(exits))
	}
	close(signals)
}
