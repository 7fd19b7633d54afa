package web

import (
	"cmp"
	"time"
)

// Limits are what one client, or all of them together, may take from the
// process. A zero member takes its default, in brackets. Fixed ones beside
// them: 64 KiB of body and 100 parameters per request.
type Limits struct {
	Header time.Duration // for the headers of a request to arrive (5s)
	Read   time.Duration // for a whole request to arrive (15s)
	// Write is for an answer to be taken, counted from the headers; it is longer
	// than any long poll (5m).
	Write       time.Duration
	Idle        time.Duration // between two requests of one connection (2m)
	HeaderBytes int           // of one request's headers, roughly (32 KiB)
	Platforms   int           // hosted at a time (platform.DefaultLimit)
}

// orDefault fills in what is zero.
func (l Limits) orDefault() Limits {
	l.Header = cmp.Or(l.Header, 5*time.Second)
	l.Read = cmp.Or(l.Read, 15*time.Second)
	l.Write = cmp.Or(l.Write, 5*time.Minute)
	l.Idle = cmp.Or(l.Idle, 2*time.Minute)
	l.HeaderBytes = cmp.Or(l.HeaderBytes, 32<<10)
	return l
}
