package browser

import (
	"context"
	"fmt"

	"github.com/go-rod/rod/lib/cdp"
	"github.com/go-rod/rod/lib/proto"
)

const (
	// telling is the function by which a script that listens tells of something.
	telling = "conformanceTell"
	// besides is the world of such scripts, which the documents' own do not see.
	besides = "conformance-listening"
)

// Listen runs a script in each document that the window and its frames open from
// now on, before and beside the document's own scripts. hear gets what it hands
// to conformanceTell(text), in order; it must not call the session. A second call
// adds a script and replaces hear.
func (s *Session) Listen(ctx context.Context, script string, hear func(text string)) error {
	ctx, done := s.within(ctx)
	defer done()
	s.heard.Store(&hear)
	for _, call := range []func() error{
		func() error { return proto.PageEnable{}.Call(s.on(ctx)) },
		func() error { return proto.RuntimeEnable{}.Call(s.on(ctx)) },
		func() error {
			return proto.RuntimeAddBinding{Name: telling, ExecutionContextName: besides}.Call(s.on(ctx))
		},
		func() error {
			_, err := proto.PageAddScriptToEvaluateOnNewDocument{Source: script, WorldName: besides}.Call(s.on(ctx))
			return err
		},
	} {
		if err := call(); err != nil {
			return fmt.Errorf("listening in the window: %w", lostUnless(err))
		}
	}
	return nil
}

// hears hands over what a script tells.
func (s *Session) hears(e *cdp.Event) {
	var told proto.RuntimeBindingCalled
	if hear := s.heard.Load(); hear != nil && decode(e, &told) && told.Name == telling {
		(*hear)(told.Payload)
	}
}
