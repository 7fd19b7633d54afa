package browser

import (
	"context"

	"github.com/go-rod/rod/lib/proto"
)

// Crash ends the page's renderer; no answer ever comes.
func (s *Session) Crash(ctx context.Context) { _ = proto.PageCrash{}.Call(s.on(ctx)) }
