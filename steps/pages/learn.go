package pages

import (
	"context"
	_ "embed" // learn.js
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/mint-conformance/mint/steps/browser"
	"github.com/mint-conformance/mint/steps/report"
)

//go:embed learn.js
var learnScript string

// deed is one thing that a person did, as learn.js tells it. Value is what she
// typed and never leaves memory.
type deed struct {
	Kind, Ref, Value, What string
	Top                    bool // in the page itself, not in a frame
	Page                   document
}

// deeds gathers what a person does.
type deeds struct {
	mu  sync.Mutex
	all []deed
}

// mostDeeds bounds what is kept of a person who does not come to an end.
const mostDeeds = 10000

func (d *deeds) hear(text string) {
	var one deed
	if json.Unmarshal([]byte(text), &one) != nil {
		return // not from learn.js
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if last := len(d.all) - 1; last >= 0 && one.Kind == "fill" && d.all[last].Kind == "fill" && d.all[last].Ref == one.Ref && d.all[last].Page.ID == one.Page.ID {
		d.all[last] = one // the same field, a letter later
		return
	}
	if len(d.all) < mostDeeds {
		d.all = append(d.all, one)
	}
}

func (d *deeds) told() []deed {
	d.mu.Lock()
	defer d.mu.Unlock()
	return append([]deed(nil), d.all...)
}

// Learn has a person do a whole walk in the window, up to the answer to the
// client, and makes steps of a login of what she did. She is told what to do and
// has wait for it. Only placeholders stand for what she typed.
func (b *Browser) Learn(ctx context.Context, w Walk, wait time.Duration, tell func(sentence string)) (Lesson, Landing, error) {
	way := Landing{URL: w.URL, Kind: Blank, ByHand: true}
	if err := b.watch(ctx, w.Redirects); err != nil {
		return Lesson{}, way, err
	}
	d := &deeds{}
	if err := b.session.Listen(ctx, fmt.Sprintf("(%s)(%s)", strings.TrimSpace(learnScript), liveScript), d.hear); err != nil {
		return Lesson{}, way, err
	}
	if err := b.session.Goto(ctx, w.URL); err != nil && b.session.Caught() == nil {
		var noPage *browser.PageError
		if errors.Is(err, browser.ErrUnreachable) || errors.As(err, &noPage) {
			return Lesson{}, way, nil
		}
		return Lesson{}, way, err
	}
	if err := b.session.Front(ctx); err != nil {
		return Lesson{}, way, err
	}
	if b.session.Caught() == nil {
		tell(fmt.Sprintf("please log in in the browser window, within %s, as %s with the password of the file, and allow the application what it asks for; what you click is noted, and of what you type only where", wait, w.Username))
	}
	patience := time.NewTimer(wait)
	defer patience.Stop()
	select {
	case <-b.session.Arrived():
	case <-ctx.Done():
		return Lesson{}, way, context.Cause(ctx)
	case <-patience.C:
		if page, _, ok, err := b.read(ctx); ok && err == nil {
			way.URL = page.URL
		}
		return Lesson{}, way, report.Unable(&AbsentError{"log in as " + w.Username + " and allow the application what it asks for", bare(way.URL), wait})
	}
	end, err := b.landed(ctx, *b.session.Caught())
	if err != nil {
		return Lesson{}, way, err
	}
	return learn(d.told(), w), way.redirected(end), nil
}
