package browser

import (
	"context"
	"fmt"
	"net/http"

	"github.com/go-rod/rod/lib/proto"
)

// AcceptCertificates has the window load pages whatever their certificates, for
// servers whose certificates are judged elsewhere. A popup does not inherit it.
func (s *Session) AcceptCertificates(ctx context.Context) error {
	ctx, done := s.within(ctx)
	defer done()
	if err := (proto.SecuritySetIgnoreCertificateErrors{Ignore: true}).Call(s.on(ctx)); err != nil {
		return fmt.Errorf("accepting certificates: %w", err)
	}
	return nil
}

// SetCookies gives the window cookies for the address, such as those of a
// customer who has logged in elsewhere.
func (s *Session) SetCookies(ctx context.Context, address string, cookies []*http.Cookie) error {
	ctx, done := s.within(ctx)
	defer done()
	for _, c := range cookies {
		if _, err := (proto.NetworkSetCookie{Name: c.Name, Value: c.Value, URL: address}).Call(s.on(ctx)); err != nil {
			return fmt.Errorf("setting the cookie %s: %w", c.Name, err)
		}
	}
	return nil
}

// Tab presses the tabulator key, as somebody does who uses no mouse. The window
// must be shown (Show).
func (s *Session) Tab(ctx context.Context) error {
	ctx, done := s.within(ctx)
	defer done()
	for _, kind := range []proto.InputDispatchKeyEventType{proto.InputDispatchKeyEventTypeRawKeyDown, proto.InputDispatchKeyEventTypeKeyUp} {
		err := proto.InputDispatchKeyEvent{Type: kind, Key: "Tab", Code: "Tab", WindowsVirtualKeyCode: 9, NativeVirtualKeyCode: 9}.Call(s.on(ctx))
		if err != nil {
			return fmt.Errorf("pressing Tab: %w", err)
		}
	}
	return nil
}
