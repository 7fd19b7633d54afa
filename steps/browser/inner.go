package browser

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/go-rod/rod/lib/cdp"
	"github.com/go-rod/rod/lib/proto"
)

// Popup waits for the window that this page has opened. Closing the page's own
// session closes the popup as well; a popup that closes itself is lost.
func (s *Session) Popup(ctx context.Context) (*Session, error) {
	ctx, done := s.within(ctx)
	defer done()
	for {
		all, err := proto.TargetGetTargets{}.Call(s.b.target(ctx, ""))
		if err != nil {
			return nil, fmt.Errorf("the popup: %w", lostUnless(err))
		}
		for _, one := range all.TargetInfos {
			if one.Type == proto.TargetTargetInfoTypePage && one.OpenerID == s.target {
				return s.attach(ctx, one.TargetID)
			}
		}
		select {
		case <-ctx.Done():
			return nil, &PageError{Wanted: "a popup", Waited: DefaultWait, Reason: "the page has opened none"}
		case <-time.After(lookAgain):
		}
	}
}

func (s *Session) attach(ctx context.Context, popup proto.TargetTargetID) (*Session, error) {
	attached, err := proto.TargetAttachToTarget{TargetID: popup, Flatten: true}.Call(s.b.target(ctx, ""))
	if err != nil {
		return nil, fmt.Errorf("the popup: %w", lostUnless(err))
	}
	p := &Session{b: s.b, target: popup, page: attached.SessionID}
	p.ctx, p.lost = context.WithCancelCause(s.ctx)
	s.b.mu.Lock()
	s.b.sessions[p.page] = p
	s.b.mu.Unlock()
	for _, call := range []func() error{
		func() error { return proto.NetworkEnable{}.Call(p.on(ctx)) },
		func() error { return proto.InspectorEnable{}.Call(p.on(ctx)) },
	} {
		if err := call(); err != nil {
			return nil, fmt.Errorf("the popup: %w", lostUnless(err))
		}
	}
	return p, nil
}

// Closed waits until the popup has closed itself.
func (s *Session) Closed(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, DefaultWait)
	defer cancel()
	select {
	case <-s.ctx.Done():
		return nil
	case <-ctx.Done():
		return &PageError{Wanted: "the end of the popup", Waited: DefaultWait, Reason: "it is still open"}
	}
}

// Frame is the page's only frame, to be acted in like a page. It belongs to
// this session: it needs no Close, and its requests are among the page's.
func (s *Session) Frame(ctx context.Context) (*Session, error) {
	tree, err := s.frames(ctx)
	if err != nil {
		return nil, err
	}
	if n := len(tree.ChildFrames); n != 1 {
		return nil, &PageError{Wanted: "a frame", Reason: fmt.Sprintf("the page has %d of them", n)}
	}
	return &Session{b: s.b, target: s.target, page: s.page, frame: tree.ChildFrames[0].Frame.ID, ctx: s.ctx, lost: s.lost}, nil
}

// FrameRefused reports whether the browser has put a page of its own into the
// page's only frame, because what was to be shown there forbids it.
func (s *Session) FrameRefused(ctx context.Context) (bool, error) {
	tree, err := s.frames(ctx)
	if err != nil || len(tree.ChildFrames) != 1 {
		return false, err
	}
	return tree.ChildFrames[0].Frame.UnreachableURL != "", nil
}

func (s *Session) frames(ctx context.Context) (*proto.PageFrameTree, error) {
	ctx, done := s.within(ctx)
	defer done()
	tree, err := proto.PageGetFrameTree{}.Call(s.on(ctx))
	if err != nil {
		return nil, fmt.Errorf("the page's frames: %w", lostUnless(err))
	}
	return tree.FrameTree, nil
}

// inFrame is where scripts run that look at a frame: a world of ours beside
// the document's own scripts. It is not there while the document changes.
func (s *Session) inFrame(ctx context.Context) (id proto.RuntimeExecutionContextID, again bool, err error) {
	world, err := proto.PageCreateIsolatedWorld{FrameID: s.frame, WorldName: "conformance"}.Call(s.on(ctx))
	var refused *cdp.Error
	switch {
	case errors.As(err, &refused) && refused.Code != cdp.ErrSessionNotFound.Code:
		return 0, true, nil
	case err != nil:
		return 0, false, lostUnless(err)
	}
	return world.ExecutionContextID, false, nil
}
