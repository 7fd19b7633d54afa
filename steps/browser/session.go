package browser

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/go-rod/rod/lib/cdp"
	"github.com/go-rod/rod/lib/proto"
)

// Session is one customer's browser: an incognito window with its own cookies
// and one page. It serves one goroutine at a time.
//
// Labels, buttons and links are matched by their visible text exactly, white
// space collapsed; several visible matches are an error, which the …In
// variants solve by naming a container. What is looked for is awaited until
// ctx is done, at most DefaultWait. After a press that leads to another page,
// the next call waits for that page, so that the old one is never read.
type Session struct {
	b      *Browser
	window proto.BrowserBrowserContextID
	target proto.TargetTargetID
	page   proto.TargetSessionID
	frame  proto.PageFrameID // of a Session for a frame; see Frame
	log    requestLog
	caught atomic.Pointer[intercepted]  // see Intercept
	heard  atomic.Pointer[func(string)] // see Listen
	ctx    context.Context              // ends when the page is lost or closed
	lost   context.CancelCauseFunc
}

// NewSessionSized opens an incognito window of another size, such as 390 x 844
// for a phone.
func (b *Browser) NewSessionSized(ctx context.Context, width, height int) (*Session, error) {
	ctx, cancel := context.WithTimeout(ctx, DefaultWait)
	defer cancel()
	s, err := b.open(ctx, width, height)
	if err != nil {
		return nil, fmt.Errorf("a new window: %w", lostUnless(err))
	}
	return s, nil
}

func (b *Browser) open(ctx context.Context, width, height int) (_ *Session, err error) {
	whole := b.target(ctx, "")
	window, err := proto.TargetCreateBrowserContext{DisposeOnDetach: true}.Call(whole)
	if err != nil {
		return nil, err
	}
	s := &Session{b: b, window: window.BrowserContextID}
	s.ctx, s.lost = context.WithCancelCause(context.Background())
	defer func() {
		if err != nil {
			_ = s.Close()
		}
	}()
	s.target, err = b.blank(ctx, s.window, width, height)
	if err != nil {
		return nil, err
	}
	attached, err := proto.TargetAttachToTarget{TargetID: s.target, Flatten: true}.Call(whole)
	if err != nil {
		return nil, err
	}
	s.page = attached.SessionID
	b.mu.Lock()
	b.sessions[s.page] = s
	b.mu.Unlock()
	on := b.target(ctx, s.page)
	for _, call := range []func() error{
		func() error { return proto.NetworkEnable{}.Call(on) },
		func() error { return proto.InspectorEnable{}.Call(on) },
		func() error {
			return proto.EmulationSetDeviceMetricsOverride{Width: width, Height: height, DeviceScaleFactor: 1}.Call(on)
		},
	} {
		if err := call(); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// blank makes a blank page, its window minimised where nobody sees it: painting
// is a fifth of what a flow costs, and only pictures and Show need it.
func (b *Browser) blank(ctx context.Context, window proto.BrowserBrowserContextID, width, height int) (proto.TargetTargetID, error) {
	ask := struct { // proto's own type does not know windowState
		proto.TargetCreateTarget
		WindowState proto.BrowserWindowState `json:"windowState,omitempty"`
	}{TargetCreateTarget: proto.TargetCreateTarget{URL: "about:blank", BrowserContextID: window, Width: &width, Height: &height}}
	if b.unseen {
		ask.WindowState = proto.BrowserWindowStateMinimized
	}
	text, err := b.target(ctx, "").Call(ctx, "", ask.ProtoReq(), ask)
	if err != nil {
		return "", err
	}
	var made proto.TargetCreateTargetResult
	err = json.Unmarshal(text, &made)
	return made.TargetID, err
}

// Show brings the window up and returns once the page is loaded and drawn: from
// then on it has frames, and the focus is where autofocus puts it.
func (s *Session) Show(ctx context.Context) error {
	if s.b.unseen {
		bounded, done := s.within(ctx)
		defer done()
		at, err := proto.BrowserGetWindowForTarget{TargetID: s.target}.Call(s.on(bounded))
		if err != nil {
			return fmt.Errorf("showing the window: %w", err)
		}
		err = proto.BrowserSetWindowBounds{
			WindowID: at.WindowID,
			Bounds:   &proto.BrowserBounds{WindowState: proto.BrowserWindowStateNormal},
		}.Call(s.b.target(bounded, ""))
		if err != nil {
			return fmt.Errorf("showing the window: %w", err)
		}
	}
	return s.look(ctx, "the page", "drawn", nil, nil)
}

// Front brings the window to the front, for a person to act in it. Its page takes
// the size that the window really has, so that nothing of it lies out of sight.
func (s *Session) Front(ctx context.Context) error {
	ctx, done := s.within(ctx)
	defer done()
	if err := (proto.EmulationClearDeviceMetricsOverride{}).Call(s.on(ctx)); err != nil {
		return fmt.Errorf("bringing the window to the front: %w", lostUnless(err))
	}
	if err := (proto.PageBringToFront{}).Call(s.on(ctx)); err != nil {
		return fmt.Errorf("bringing the window to the front: %w", lostUnless(err))
	}
	return nil
}

// Close closes the window and forgets its cookies. It may be called twice.
func (s *Session) Close() error {
	if s.frame != "" {
		return nil
	}
	if s.page != "" {
		s.b.forget(s.page)
	}
	if s.window == "" || s.b.Lost() {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	err := proto.TargetDisposeBrowserContext{BrowserContextID: s.window}.Call(s.b.target(ctx, ""))
	s.window = ""
	s.lost(fmt.Errorf("%w: the session is closed", ErrLost))
	if err != nil {
		return fmt.Errorf("closing the window: %w", err)
	}
	return nil
}

// Requests lists every request of the session so far, redirect hops included,
// in order.
func (s *Session) Requests() []Request { return s.log.requests() }

// handle takes an event of this session; it must not call the browser.
func (s *Session) handle(e *cdp.Event) {
	switch e.Method {
	case (proto.InspectorTargetCrashed{}).ProtoEvent():
		s.lose("it crashed")
	case (proto.InspectorDetached{}).ProtoEvent():
		s.lose("it was detached")
	case (proto.FetchRequestPaused{}).ProtoEvent():
		s.stopped(e)
	case (proto.RuntimeBindingCalled{}).ProtoEvent():
		s.hears(e)
	default:
		s.log.handle(e)
	}
}

func (s *Session) lose(why string) { s.lost(fmt.Errorf("%w: %s", ErrLost, why)) }

// within bounds ctx by DefaultWait and by the life of the page.
func (s *Session) within(ctx context.Context) (context.Context, func()) {
	ctx, cancel := context.WithTimeout(ctx, DefaultWait)
	stop := context.AfterFunc(s.ctx, cancel)
	return ctx, func() { stop(); cancel() }
}

// on is the page as a target of protocol calls.
func (s *Session) on(ctx context.Context) target { return s.b.target(ctx, s.page) }

// evaluate runs one expression on the present document and decodes its value.
// The second answer says that the document changed under it: look again.
func (s *Session) evaluate(ctx context.Context, expression string, value any) (again bool, err error) {
	how := proto.RuntimeEvaluate{Expression: expression, ReturnByValue: true, AwaitPromise: true}
	if s.frame != "" {
		if how.ContextID, again, err = s.inFrame(ctx); err != nil || again {
			return again, err
		}
	}
	res, err := how.Call(s.on(ctx))
	var refused *cdp.Error
	switch {
	case errors.As(err, &refused) && refused.Code == cdp.ErrSessionNotFound.Code:
		return false, fmt.Errorf("%w: %s", ErrLost, refused.Message)
	case errors.As(err, &refused):
		return true, nil // the document went away while it was asked
	case err != nil:
		return false, err
	case res.ExceptionDetails != nil:
		return false, fmt.Errorf("the page's script failed: %s", exception(res.ExceptionDetails))
	case value == nil || res.Result == nil:
		return false, nil
	}
	text, err := res.Result.Value.MarshalJSON()
	if err != nil {
		return false, err
	}
	return false, json.Unmarshal(text, value)
}

func exception(d *proto.RuntimeExceptionDetails) string {
	if d.Exception != nil && d.Exception.Description != "" {
		return d.Exception.Description
	}
	return d.Text
}

// lostUnless marks err as ErrLost unless it is the caller's own deadline.
func lostUnless(err error) error {
	if errors.Is(err, ErrLost) || errors.Is(err, context.Canceled) {
		return err
	}
	return fmt.Errorf("%w: %w", ErrLost, err)
}
