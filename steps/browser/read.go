package browser

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/go-rod/rod/lib/cdp"
	"github.com/go-rod/rod/lib/proto"
)

// WaitFor waits until css matches.
func (s *Session) WaitFor(ctx context.Context, css string) error {
	return s.look(ctx, css, "wait", args{"css": css}, nil)
}

// WaitForText waits until an element that matches css contains text.
func (s *Session) WaitForText(ctx context.Context, css, text string) error {
	return s.look(ctx, fmt.Sprintf("%s saying %q", css, text), "contains", args{"css": css, "text": text}, nil)
}

// WaitForURL waits until the page's address begins with prefix.
func (s *Session) WaitForURL(ctx context.Context, prefix string) error {
	return s.look(ctx, "a page at "+blanked(prefix), "at", args{"url": prefix}, nil)
}

// Text waits for css and returns the visible text of its first match, white
// space collapsed.
func (s *Session) Text(ctx context.Context, css string) (string, error) {
	var text string
	err := s.look(ctx, "the text of "+css, "text", args{"css": css}, &text)
	return text, err
}

// Texts returns the visible texts of all matches of css on the loaded page,
// without waiting for one; none is no error.
func (s *Session) Texts(ctx context.Context, css string) ([]string, error) {
	var texts []string
	err := s.look(ctx, "the texts of "+css, "texts", args{"css": css}, &texts)
	return texts, err
}

// Attr waits for css and returns an attribute of its first match; "" when the
// attribute is missing.
func (s *Session) Attr(ctx context.Context, css, name string) (string, error) {
	var value *string
	err := s.look(ctx, fmt.Sprintf("attribute %s of %s", name, css), "attr", args{"css": css, "name": name}, &value)
	if err != nil || value == nil {
		return "", err
	}
	return *value, nil
}

// Exists says whether css matches on the loaded page, without waiting for it.
func (s *Session) Exists(ctx context.Context, css string) (bool, error) {
	var found bool
	err := s.look(ctx, "whether there is "+css, "exists", args{"css": css}, &found)
	return found, err
}

// URL is the address of the present page.
func (s *Session) URL(ctx context.Context) (string, error) {
	var address string
	err := s.look(ctx, "the page's address", "url", nil, &address)
	return address, err
}

// HTML is the page's present document.
func (s *Session) HTML(ctx context.Context) (string, error) {
	var document string
	err := s.look(ctx, "the page's source", "html", nil, &document)
	return document, err
}

// Eval runs a JavaScript function with JSON arguments on the page once it is
// loaded, awaits its promise if it returns one, and decodes its answer into
// result (nil to ignore it). It is for what no other method covers, such as a
// form that a foreign page would send. What depends on drawing, such as the
// focus, needs Show before.
func (s *Session) Eval(ctx context.Context, result any, function string, arguments ...any) error {
	if arguments == nil {
		arguments = []any{}
	}
	given, err := json.Marshal(arguments)
	if err != nil {
		return err
	}
	if err := s.look(ctx, "the page", "loaded", nil, nil); err != nil {
		return err
	}
	ctx, done := s.within(ctx)
	defer done()
	again, err := s.evaluate(ctx, fmt.Sprintf("(%s)(...%s)", function, given), result)
	if err != nil && ctx.Err() != nil {
		return s.gaveUp(ctx, "running a script", DefaultWait, answer{Reason: "it did not end"})
	}
	if again {
		return &PageError{Wanted: "running a script", Reason: "the page went away meanwhile"}
	}
	return err
}

// Cookie is one cookie as the browser keeps it.
type Cookie struct {
	Name, Value, Domain, Path, SameSite string
	HTTPOnly, Secure                    bool
}

// Cookies are the cookies that the browser would send to address.
func (s *Session) Cookies(ctx context.Context, address string) ([]Cookie, error) {
	ctx, done := s.within(ctx)
	defer done()
	res, err := proto.NetworkGetCookies{Urls: []string{address}}.Call(s.on(ctx))
	if err != nil {
		return nil, fmt.Errorf("the cookies of %s: %w", blanked(address), err)
	}
	var all []Cookie
	for _, c := range res.Cookies {
		all = append(all, Cookie{
			Name: c.Name, Value: c.Value, Domain: c.Domain, Path: c.Path,
			SameSite: string(c.SameSite), HTTPOnly: c.HTTPOnly, Secure: c.Secure,
		})
	}
	return all, nil
}

// Screenshot is a PNG of the whole page.
func (s *Session) Screenshot(ctx context.Context) ([]byte, error) {
	return s.capture(ctx, proto.PageCaptureScreenshot{
		Format: proto.PageCaptureScreenshotFormatPng, CaptureBeyondViewport: true, OptimizeForSpeed: true,
	})
}

// thumbnailScale is the size of a thumbnail to that of its page.
const thumbnailScale = 0.5

// Thumbnail is a small JPEG (image/jpeg) of the page's top, Width x Height at
// half size, for the report. A WebP would cost three times as much time.
func (s *Session) Thumbnail(ctx context.Context) ([]byte, error) {
	quality := 60
	return s.capture(ctx, proto.PageCaptureScreenshot{
		Format: proto.PageCaptureScreenshotFormatJpeg, Quality: &quality, OptimizeForSpeed: true,
		Clip: &proto.PageViewport{Width: Width, Height: Height, Scale: thumbnailScale},
	})
}

// settleTime is how long a picture waits for a page that is still loading; one
// that never loads is taken as it is.
const settleTime = time.Second

func (s *Session) capture(ctx context.Context, how proto.PageCaptureScreenshot) ([]byte, error) {
	ctx, done := s.within(ctx)
	defer done()
	settle, settled := context.WithTimeout(ctx, settleTime)
	_ = s.look(settle, "the page", "url", nil, nil)
	settled()
	for {
		res, err := how.Call(s.on(ctx))
		if err == nil {
			return res.Data, nil
		}
		var refused *cdp.Error // such as "not attached to an active page", while pages change
		if !errors.As(err, &refused) || refused.Code == cdp.ErrSessionNotFound.Code {
			return nil, fmt.Errorf("a picture of the page: %w", err)
		}
		select {
		case <-ctx.Done():
			return nil, fmt.Errorf("a picture of the page: %w", err)
		case <-time.After(lookAgain):
		}
	}
}
