package steps

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strings"

	"github.com/mint-conformance/mint/steps/browser"
)

var hostingSteps = []definition{
	given(`{who} is on (the client's page|a stranger's page)`, (*world).isOnPage),
	when(`{who} allows access in the (popup|frame) that it opens`, (*world).allowsInside),
	when(`that page opens the platform in a frame`, (*world).opensFrame),

	then(`that page is told a code of at least {number} characters`, (*world).pageIsToldCode),
	then(`it is told state and iss as sent and configured`, (*world).pageIsToldState),
	then(`the told code is in no address`, (*world).toldCodeInNoAddress),
	then(`that page is told nothing`, (*world).pageIsToldNothing),
	then(`the frame shows nothing of the platform`, (*world).frameIsRefused),
}

// hosting is a page that opens the Platform in a popup or a frame: the one that
// fixtures/clients offers to developers.
type hosting struct {
	stranger *catcher // serves the page on an origin that is not registered
	popup    *browser.Session
	told     map[string]string
}

// isOnPage opens the page, filled in with the client's registration; a
// stranger's asks for just the same.
func (w *world) isOnPage(ctx context.Context, who person, whose string) error {
	c, err := w.theClient(ctx, "")
	if err != nil {
		return err
	}
	server := w.catcher
	if whose == "a stranger's page" {
		if server, err = newCatcher(); err != nil {
			return err
		}
		w.hosting.stranger = server
	}
	v, err := w.visitor(ctx, who)
	if err != nil {
		return err
	}
	fields := url.Values{"authorize": {c.platform.Endpoints.Authorize}, "client_id": {c.id}, "redirect_uri": {c.redirect}}
	return v.session.Goto(ctx, server.address+hostPath+"?"+fields.Encode())
}

// place is where a page opens the Platform.
type place string

func (w *world) allowsInside(ctx context.Context, who person, in place) error {
	v, err := w.visitor(ctx, who)
	if err != nil {
		return err
	}
	if err := v.session.Press(ctx, "Connect in a "+string(in)); err != nil {
		return err
	}
	var inside *browser.Session
	if in == "popup" {
		inside, err = v.session.Popup(ctx)
		w.hosting.popup = inside
	} else {
		inside, err = w.framed(ctx, v)
	}
	if err != nil {
		return err
	}
	there := platformPages{session: inside, platform: w.client.platform, as: v.account}
	if err := inside.WaitForURL(ctx, w.client.platform.Issuer); err != nil {
		return err
	}
	if err := there.logInIfAsked(ctx); err != nil {
		return err
	}
	return there.decide(ctx, allowsAll)
}

// framed is the frame, once something was loaded into it.
func (w *world) framed(ctx context.Context, v *visitor) (*browser.Session, error) {
	if err := v.session.WaitFor(ctx, "iframe[data-loaded]"); err != nil {
		return nil, err
	}
	return v.session.Frame(ctx)
}

func (w *world) opensFrame(ctx context.Context) error {
	v, err := w.her()
	if err != nil {
		return err
	}
	if err := v.session.Press(ctx, "Connect in a frame"); err != nil {
		return err
	}
	return v.session.WaitFor(ctx, "iframe[data-loaded]")
}

// pageIsToldCode reads what the page was told. It takes messages of the
// Platform's origin alone, and compares the state with the one it has sent.
func (w *world) pageIsToldCode(ctx context.Context, least int) error {
	v, err := w.her()
	if err != nil {
		return err
	}
	if err := v.session.WaitForText(ctx, "#status", "The Platform has answered."); err != nil {
		return err
	}
	text, err := v.session.Text(ctx, "#told")
	if err != nil {
		return err
	}
	if err := json.Unmarshal([]byte(text), &w.hosting.told); err != nil {
		return fmt.Errorf("expected a message of names and strings, got %s", text)
	}
	if n := len(w.hosting.told["code"]); n < least {
		return fmt.Errorf("expected a code of at least %d characters, got %d", least, n)
	}
	return nil
}

func (w *world) pageIsToldState(context.Context) error {
	told := w.hosting.told
	if told["state"] == "" { // its value was the page's to compare
		return errors.New("expected a state in the message, there is none")
	}
	return expectEqual("iss", told["iss"], w.client.platform.Issuer)
}

func (w *world) toldCodeInNoAddress(context.Context) error {
	v, err := w.her()
	if err != nil {
		return err
	}
	all := v.session.Requests()
	if w.hosting.popup != nil {
		all = append(all, w.hosting.popup.Requests()...)
	}
	for _, r := range all {
		if strings.Contains(r.URL, w.hosting.told["code"]) {
			return errors.New("the code stood in the address of a request")
		}
	}
	return expectEqual("the number of requests to the redirection endpoint", len(w.catcher.all()), 0)
}

// pageIsToldNothing waits until the popup has ended, which it does after it has
// sent its message: the page then says whether one came.
func (w *world) pageIsToldNothing(ctx context.Context) error {
	v, err := w.her()
	if err != nil {
		return err
	}
	if w.hosting.popup != nil {
		if err := w.hosting.popup.Closed(ctx); err != nil {
			return err
		}
		if err := v.session.WaitForText(ctx, "#status", "The popup is closed and has told nothing."); err != nil {
			return err
		}
	}
	status, err := v.session.Text(ctx, "#status")
	if err == nil && strings.HasPrefix(status, "The Platform has answered") {
		err = errors.New("expected the page to be told nothing, it was told an answer")
	}
	return err
}

func (w *world) frameIsRefused(ctx context.Context) error {
	v, err := w.her()
	if err != nil {
		return err
	}
	refused, err := v.session.FrameRefused(ctx)
	if err == nil && !refused {
		err = errors.New("expected the browser to refuse the frame, it shows what the platform answered")
	}
	return err
}
