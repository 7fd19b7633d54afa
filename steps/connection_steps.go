package steps

import (
	"context"
	"fmt"
	"strings"
)

var connectionSteps = []definition{
	given(`{who} has connected {the platform}`, (*world).connects),
	when(`{who} connects {the platform}`, (*world).connects),
	given(`{who} has connected {the platform} as {who}`, (*world).connectsAs),
	given(`{who} has connected {the platform} for reading only`, (*world).connectsForReading),
	when(`{who} connects {the platform} for reading only`, (*world).connectsForReading),
	when(`{who} tries to connect {the platform}`, (*world).triesToConnect),
	when(`{who} reconnects {the platform}`, (*world).connects),
	given(`{who} has disconnected {the platform}`, (*world).disconnects),
	when(`{who} disconnects {the platform}`, (*world).disconnects),
	given(`MINT has restarted`, (*world).mintRestarts),

	then(`MINT shows {the platform} as {state}`, (*world).mintShows),
	then(`MINT lists {the platform} as {state}`, (*world).mintLists),
	then(`MINT shows {who} {the platform} as {state}`, (*world).mintShowsTo),
	then(`MINT does not show {the platform} as connected`, (*world).mintDoesNotShowConnected),
	then(`MINT lists {the platform} once, as connected`, (*world).mintListsOnce),
	given(`{who} has been asked to reconnect {the platform}`, (*world).lookAndAskedToReconnect),
	then(`{who} is asked to reconnect {the platform}`, (*world).askedToReconnect),
	then(`MINT needs {who} to reconnect {the platform}`, (*world).lookAndAskedToReconnect),
	then(`{who} is told that {the platform} was not connected`, (*world).toldNotConnected),
}

// state is a connection's state in the words of the feature files; MINT's
// pages write it with underscores.
type state string

func (s state) asWritten() string { return strings.ReplaceAll(string(s), " ", "_") }

func (w *world) connects(ctx context.Context, who person, of profile) error {
	v, p, err := w.visiting(ctx, who, of)
	if err != nil {
		return err
	}
	return w.connected(ctx, v, p, allowsAll)
}

func (w *world) connectsAs(ctx context.Context, who person, of profile, as person) error {
	v, p, err := w.visiting(ctx, who, of)
	if err != nil {
		return err
	}
	v.account = as
	return w.connected(ctx, v, p, allowsAll)
}

func (w *world) connectsForReading(ctx context.Context, who person, of profile) error {
	v, p, err := w.visiting(ctx, who, of)
	if err != nil {
		return err
	}
	return w.connected(ctx, v, p, allowsReading)
}

func (w *world) triesToConnect(ctx context.Context, who person, of profile) error {
	v, p, err := w.visiting(ctx, who, of)
	if err != nil {
		return err
	}
	if err := w.connect(ctx, v, p, allowsAll); err != nil {
		return err
	}
	return v.session.WaitFor(ctx, anAlert)
}

func (w *world) disconnects(ctx context.Context, who person, of profile) error {
	v, p, err := w.visiting(ctx, who, of)
	if err != nil {
		return err
	}
	if err := w.mintPages(v).disconnect(ctx, p, v.seen[p.profile]); err != nil {
		return err
	}
	if err := v.session.WaitFor(ctx, aNotice+", "+anAlert); err != nil {
		return err
	}
	return p.mark(ctx)
}

func (w *world) mintRestarts(ctx context.Context) error {
	if err := w.startMINT(ctx); err != nil {
		return err
	}
	return w.mint.Restart(ctx)
}

func (w *world) mintShows(ctx context.Context, of profile, want state) error {
	v, err := w.her()
	if err != nil {
		return err
	}
	return w.expectState(ctx, v.who, of, want)
}

// mintLists opens the list first, wherever the person is.
func (w *world) mintLists(ctx context.Context, of profile, want state) error {
	v, _, err := w.visiting(ctx, w.acting.who, of)
	if err != nil {
		return err
	}
	if err := w.mintPages(v).open(ctx); err != nil {
		return err
	}
	return w.expectState(ctx, v.who, of, want)
}

func (w *world) mintShowsTo(ctx context.Context, who person, of profile, want state) error {
	return w.expectState(ctx, who, of, want)
}

// expectState compares the state that MINT shows of a Platform.
func (w *world) expectState(ctx context.Context, who person, of profile, want state) error {
	v, p, err := w.visiting(ctx, who, of)
	if err != nil {
		return err
	}
	got, err := w.mintPages(v).stateOf(ctx, p, v.seen[p.profile])
	if err == nil && got != want.asWritten() {
		err = fmt.Errorf("expected MINT to show %s as %s, got %s", p.Title, want.asWritten(), got)
	}
	return err
}

func (w *world) mintDoesNotShowConnected(ctx context.Context, of profile) error {
	v, err := w.her()
	if err != nil {
		return err
	}
	p, err := w.platform(ctx, of)
	if err != nil {
		return err
	}
	got, err := w.mintPages(v).stateOf(ctx, p, v.seen[p.profile])
	if err == nil && got == "connected" {
		err = fmt.Errorf("expected MINT to show %s in any state but connected", p.Title)
	}
	return err
}

func (w *world) mintListsOnce(ctx context.Context, of profile) error {
	v, p, err := w.visiting(ctx, w.acting.who, of)
	if err != nil {
		return err
	}
	if err := w.mintPages(v).open(ctx); err != nil {
		return err
	}
	if err := w.expectState(ctx, v.who, of, "connected"); err != nil {
		return err
	}
	places, err := v.session.Texts(ctx, article(p))
	if err == nil && len(places) != 1 {
		err = fmt.Errorf("expected %s once in MINT's list, got it %d times", p.Title, len(places))
	}
	return err
}

func (w *world) askedToReconnect(ctx context.Context, who person, of profile) error {
	v, p, err := w.visiting(ctx, who, of)
	if err != nil {
		return err
	}
	return v.expectReconnect(ctx, p)
}

// expectReconnect reads the connection's page that the person is on.
func (v *visitor) expectReconnect(ctx context.Context, p *platform) error {
	got, err := v.session.Attr(ctx, onConnection, "data-state")
	if err != nil {
		return err
	}
	if got != "needs_reconnect" {
		return fmt.Errorf("expected the connection with %s to need reconnecting, got %s", p.Title, got)
	}
	return v.session.WaitForText(ctx, onConnection, "Reconnect "+p.Title)
}

func (w *world) lookAndAskedToReconnect(ctx context.Context, who person, of profile) error {
	v, p, err := w.visiting(ctx, who, of)
	if err != nil {
		return err
	}
	if err := w.mintPages(v).openConnection(ctx, v.seen[p.profile]); err != nil {
		return err
	}
	return v.expectReconnect(ctx, p)
}

func (w *world) toldNotConnected(ctx context.Context, who person, of profile) error {
	v, p, err := w.visiting(ctx, who, of)
	if err != nil {
		return err
	}
	got, err := w.mintPages(v).arriveAtAlert(ctx)
	return expectWords("MINT's alert", got, err, p.Title, "not connected")
}
