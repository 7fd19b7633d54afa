package browser

import (
	"context"
	"errors"
	"fmt"

	"github.com/go-rod/rod/lib/cdp"
	"github.com/go-rod/rod/lib/proto"
)

// Goto opens address, following redirects, and returns once the browser shows
// the page or its error. An address that cannot be reached is ErrUnreachable.
func (s *Session) Goto(ctx context.Context, address string) error {
	wanted := "opening " + blanked(address)
	ctx, done := s.within(ctx)
	defer done()
	res, err := proto.PageNavigate{URL: address}.Call(s.on(ctx))
	var refused *cdp.Error
	switch {
	case errors.As(err, &refused) && refused.Code == cdp.ErrSessionNotFound.Code:
		return fmt.Errorf("%s: %w: %s", wanted, ErrLost, refused.Message)
	case err != nil && ctx.Err() != nil:
		return s.gaveUp(ctx, wanted, DefaultWait, answer{Reason: "no answer"})
	case err != nil:
		return fmt.Errorf("%s: %w", wanted, err)
	case res.ErrorText == "net::ERR_ABORTED": // no content, or a download
		return &PageError{Wanted: wanted, Reason: "the answer is no page"}
	case res.ErrorText != "":
		return fmt.Errorf("%s: %w: %s", wanted, ErrUnreachable, res.ErrorText)
	}
	return nil
}

// Fill types value into the field with the label.
func (s *Session) Fill(ctx context.Context, label, value string) error {
	return s.look(ctx, fmt.Sprintf("filling %q", label), "fill", args{"name": label, "value": value}, nil)
}

// SetChecked ticks or clears the check box with the label.
func (s *Session) SetChecked(ctx context.Context, label string, on bool) error {
	return s.look(ctx, fmt.Sprintf("ticking %q", label), "check", args{"name": label, "on": on}, nil)
}

// Press presses the button; a disabled one is an error.
func (s *Session) Press(ctx context.Context, button string) error {
	return s.look(ctx, fmt.Sprintf("button %q", button), "press", args{"name": button}, nil)
}

// PressIn presses the button within the first element that matches css.
func (s *Session) PressIn(ctx context.Context, css, button string) error {
	return s.look(ctx, fmt.Sprintf("button %q in %s", button, css), "press", args{"name": button, "within": css}, nil)
}

// Follow follows the link.
func (s *Session) Follow(ctx context.Context, link string) error {
	return s.look(ctx, fmt.Sprintf("link %q", link), "follow", args{"name": link}, nil)
}

// FollowIn follows the link within the first element that matches css.
func (s *Session) FollowIn(ctx context.Context, css, link string) error {
	return s.look(ctx, fmt.Sprintf("link %q in %s", link, css), "follow", args{"name": link, "within": css}, nil)
}

// Back goes one page back, as the browser's button would.
func (s *Session) Back(ctx context.Context) error {
	return s.look(ctx, "going back", "back", nil, nil)
}

// Reload loads the page again.
func (s *Session) Reload(ctx context.Context) error {
	return s.look(ctx, "reloading", "reload", nil, nil)
}
