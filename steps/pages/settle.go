package pages

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"time"

	"github.com/mint-conformance/mint/steps/browser"
)

// How long a page may take. What a person may act on is taken as soon as it
// stays for a moment; what she cannot, such as an error page, only after it
// has had time to become something else.
const (
	oftenLook = 40 * time.Millisecond
	moment    = 80 * time.Millisecond
	deadEnd   = 800 * time.Millisecond
	mostWait  = 8 * time.Second
)

// settled waits until the window shows another page than before and that page
// has stopped changing, or a redirect to a client was caught. A page that stays
// as it is, is told after mostWait. The key tells pages apart.
func (b *Browser) settled(ctx context.Context, before string, decide func(Page) Plan) (page Page, key string, err error) {
	begin, since := instant(), instant()
	for {
		if b.session.Caught() != nil {
			return page, key, nil
		}
		now, nowKey, ok, err := b.readUnlessArrived(ctx)
		if b.session.Caught() != nil {
			return page, key, nil
		}
		if err != nil {
			return page, key, err
		}
		if !ok || nowKey != key {
			since = instant()
		}
		if ok {
			page, key = now, nowKey
		}
		stays := deadEnd
		switch plan := decide(page); {
		case plan.Err != nil: // what the step wants may still appear
			stays = mostWait
		case !plan.Done:
			stays = moment
		}
		calm, waited := instant().Sub(since), instant().Sub(begin)
		if ok && key != before && calm >= stays && !b.busy() || waited >= mostWait {
			return page, key, nil
		}
		select {
		case <-ctx.Done():
			return page, key, context.Cause(ctx)
		case <-b.session.Arrived():
		case <-time.After(oftenLook):
		}
	}
}

// readUnlessArrived is read, given up as soon as a redirect was caught: the page
// under it is going away then and may not answer any more.
func (b *Browser) readUnlessArrived(ctx context.Context) (Page, string, bool, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	arrived := b.session.Arrived()
	go func() {
		select {
		case <-arrived:
			cancel()
		case <-ctx.Done():
		}
	}()
	return b.read(ctx)
}

// busy says whether answers are awaited that may change the page.
func (b *Browser) busy() bool {
	for _, r := range b.session.Requests() {
		if r.Status == 0 && r.Failed == "" && (r.Type == "Document" || r.Type == "XHR" || r.Type == "Fetch") && !strings.HasPrefix(r.URL, "data:") {
			return true
		}
	}
	return false
}

// document is what live.js reads of one frame.
type document struct {
	Page
	ID      string
	Loading bool
}

// read reads the window with its frames; ok is false while it changes.
func (b *Browser) read(ctx context.Context) (page Page, key string, ok bool, err error) {
	frames, err := b.session.Frames(ctx)
	if err != nil {
		return page, "", false, err
	}
	sum := sha256.New()
	for i, frame := range frames {
		var d document
		read, err := frame.Try(ctx, &d, liveScript, "read", nil)
		switch {
		case err != nil:
			return page, "", false, err
		case i == 0 && (!read || d.Loading):
			return page, "", false, nil
		case !read || i > 0 && mentions(d.URL, captchaFrames):
			continue // a captcha is known by its address
		}
		for f := range d.Forms {
			d.Forms[f].refer(i)
		}
		if i == 0 {
			page = d.Page
		} else {
			page.Text = strings.TrimSpace(page.Text + " " + d.Text)
			page.Forms, page.Alerts, page.Frames = append(page.Forms, d.Forms...), append(page.Alerts, d.Alerts...), append(page.Frames, d.Frames...)
		}
		_, _ = fmt.Fprintln(sum, d.ID, d.URL, d.Text, d.Alerts)
		for f := range d.Forms {
			_, _ = fmt.Fprintln(sum, mark(&d.Forms[f]))
		}
	}
	b.frames, page.Status = frames, statusOf(page.URL, b.session.Requests())
	return page, hex.EncodeToString(sum.Sum(nil)), true, nil
}

// refer makes references unique among frames.
func (f *Form) refer(frame int) {
	for i := range f.Fields {
		f.Fields[i].Ref = fmt.Sprintf("%d:%s", frame, f.Fields[i].Ref)
	}
	for i := range f.Buttons {
		f.Buttons[i].Ref = fmt.Sprintf("%d:%s", frame, f.Buttons[i].Ref)
	}
}

// statusOf is the status of the last answer for the document at an address; 0
// if there is none.
func statusOf(address string, requests []browser.Request) (status int) {
	bare, _, _ := strings.Cut(address, "#")
	for _, r := range requests {
		if at, _, _ := strings.Cut(r.URL, "#"); at == bare && r.Type == "Document" && r.Status != 0 {
			status = r.Status
		}
	}
	return status
}

// instant is only for saying how long a page has taken.
func instant() time.Time {
	return time.Now() //nolint:forbidigo // waiting for a real browser takes real time
}
