// Package hands is a second pair of hands at a browser that something else
// drives: for tests of what a person does there. Mouse and keyboard are those of
// the browser itself, so that pages see what they see of a person.
package hands

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"time"

	"github.com/go-rod/rod/lib/cdp"
	"github.com/go-rod/rod/lib/proto"
)

// often is the pause between two looks for something.
const often = 20 * time.Millisecond

// Start runs a headless browser that others can drive by its address. stop ends
// it and removes its files.
func Start(ctx context.Context, bin string) (address string, stop func() error, err error) {
	profile, err := os.MkdirTemp("", "mint-conformance-hands-")
	if err != nil {
		return "", nil, err
	}
	cmd := exec.CommandContext(ctx, bin, "--headless", "--no-sandbox", "--remote-debugging-port=0", "--user-data-dir="+profile,
		"--no-first-run", "--disable-dev-shm-usage", "--disable-background-networking", "--disable-site-isolation-trials",
		"--disable-features=IsolateOrigins,site-per-process,HttpsUpgrades", "--no-proxy-server", "about:blank")
	cmd.Env = append(os.Environ(), "TMPDIR="+profile)
	stop = func() error {
		if address != "" { // where a script starts the browser, killing cmd ends the script alone
			quit(context.WithoutCancel(ctx), address)
		}
		if cmd.Process != nil {
			_ = cmd.Process.Kill() // it may have ended
			_ = cmd.Wait()         // how it ended says nothing
		}
		var err error
		for range 50 { // a dying helper may still write into the directory
			if err = os.RemoveAll(profile); err == nil {
				return nil
			}
			<-time.After(often)
		}
		return err
	}
	said, err := cmd.StderrPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		return "", nil, errors.Join(err, stop())
	}
	for lines := bufio.NewScanner(said); lines.Scan(); {
		if _, at, ok := strings.Cut(lines.Text(), "DevTools listening on "); ok {
			go func() { // the browser must not wait for somebody to read on
				for lines.Scan() {
				}
			}()
			address = strings.TrimSpace(at)
			return address, stop, nil
		}
	}
	return "", nil, errors.Join(fmt.Errorf("%s tells no address", bin), stop())
}

// quit has the browser at an address end itself.
func quit(ctx context.Context, address string) {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	h, err := Connect(ctx, address)
	if err != nil {
		return // it has ended
	}
	_, _ = h.client.Call(ctx, "", proto.BrowserClose{}.ProtoReq(), proto.BrowserClose{}) // it may hang up before it answers
	_ = h.Close()
}

// Hands act in the pages of one browser. They are used by one goroutine.
type Hands struct {
	client *cdp.Client
	socket *cdp.WebSocket
}

// Connect reaches the browser at an address that Start told.
func Connect(ctx context.Context, address string) (*Hands, error) {
	h := &Hands{socket: &cdp.WebSocket{}}
	if err := h.socket.Connect(ctx, address, nil); err != nil {
		return nil, err
	}
	h.client = cdp.New().Start(h.socket)
	go func() {
		for range h.client.Event() { // the client wants them taken
		}
	}()
	return h, nil
}

// Close lets the browser go.
func (h *Hands) Close() error { return h.socket.Close() }

// Page is a page to act in.
type Page struct {
	hands   *Hands
	session proto.TargetSessionID
}

// call is what proto's typed calls are sent through.
type call struct {
	ctx     context.Context
	hands   *Hands
	session proto.TargetSessionID
}

// GetContext implements proto.Contextable.
func (c call) GetContext() context.Context { return c.ctx }

// GetSessionID implements proto.Sessionable.
func (c call) GetSessionID() proto.TargetSessionID { return c.session }

// Call implements proto.Client.
func (c call) Call(ctx context.Context, session, method string, params any) ([]byte, error) {
	return c.hands.client.Call(ctx, session, method, params)
}

// At waits for a page whose address holds part.
func (h *Hands) At(ctx context.Context, part string) (*Page, error) {
	whole := call{ctx, h, ""}
	for {
		all, err := proto.TargetGetTargets{}.Call(whole)
		if err != nil {
			return nil, err
		}
		for _, one := range all.TargetInfos {
			if one.Type == proto.TargetTargetInfoTypePage && strings.Contains(one.URL, part) {
				attached, err := proto.TargetAttachToTarget{TargetID: one.TargetID, Flatten: true}.Call(whole)
				if err != nil {
					return nil, err
				}
				return &Page{h, attached.SessionID}, nil
			}
		}
		if err := pause(ctx); err != nil {
			return nil, fmt.Errorf("no page at %q: %w", part, err)
		}
	}
}

func pause(ctx context.Context) error {
	select {
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-time.After(often):
		return nil
	}
}

// middle is where an element is, once it is there and drawn.
const middle = `(() => { const e = document.querySelector(%s); if (!e || document.readyState !== 'complete') return null;
	e.scrollIntoView({block: 'center'}); const r = e.getBoundingClientRect(); return r.width ? [r.x + r.width / 2, r.y + r.height / 2] : null })()`

// Click clicks the element that a CSS selector names, once it is there.
func (p *Page) Click(ctx context.Context, css string) error {
	quoted, err := json.Marshal(css)
	if err != nil {
		return err
	}
	for {
		var at []float64
		got, err := proto.RuntimeEvaluate{Expression: fmt.Sprintf(middle, quoted), ReturnByValue: true}.Call(call{ctx, p.hands, p.session})
		if err == nil && got.Result != nil {
			text, _ := got.Result.Value.MarshalJSON() // what is no position is looked for again
			_ = json.Unmarshal(text, &at)
		}
		if len(at) == 2 {
			return p.press(ctx, at[0], at[1])
		}
		if err := pause(ctx); err != nil {
			return fmt.Errorf("nothing to click at %s: %w", css, err)
		}
	}
}

// press presses and lets go. A page that goes away under it answers no more.
func (p *Page) press(ctx context.Context, x, y float64) error {
	e := proto.InputDispatchMouseEvent{Type: proto.InputDispatchMouseEventTypeMousePressed, X: x, Y: y, Button: proto.InputMouseButtonLeft, ClickCount: 1}
	if err := e.Call(call{ctx, p.hands, p.session}); err != nil {
		return err
	}
	bounded, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	e.Type = proto.InputDispatchMouseEventTypeMouseReleased
	if err := e.Call(call{bounded, p.hands, p.session}); err != nil && ctx.Err() != nil {
		return err
	}
	return nil
}

// Type clicks a field and types text into it.
func (p *Page) Type(ctx context.Context, css, text string) error {
	if err := p.Click(ctx, css); err != nil {
		return err
	}
	return proto.InputInsertText{Text: text}.Call(call{ctx, p.hands, p.session})
}

// Enter presses the Enter key.
func (p *Page) Enter(ctx context.Context) error {
	for _, kind := range []proto.InputDispatchKeyEventType{proto.InputDispatchKeyEventTypeKeyDown, proto.InputDispatchKeyEventTypeKeyUp} {
		if err := (proto.InputDispatchKeyEvent{Type: kind, Key: "Enter", Code: "Enter", Text: "\r", WindowsVirtualKeyCode: 13}).Call(call{ctx, p.hands, p.session}); err != nil {
			return err
		}
	}
	return nil
}
