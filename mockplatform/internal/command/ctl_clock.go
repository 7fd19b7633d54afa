package command

import (
	"context"
	"time"

	"github.com/spf13/cobra"

	"github.com/mint-conformance/mint/mockplatform/control"
)

func (o *operator) clock() *cobra.Command {
	change := func(use, short string, args int, what func(args []string) control.ChangeClock) *cobra.Command {
		return o.do(use, short, args, func(ctx context.Context, c *control.Client, args []string) (any, func(), error) {
			ctx, cancel := within(ctx, 0)
			defer cancel()
			now, err := c.ChangeClock(ctx, args[0], what(args))
			return now, o.showClock(now), err
		})
	}
	yes, no := true, false
	show := o.do("show PLATFORM", "Show a Platform's clock", 1, func(ctx context.Context, c *control.Client, args []string) (any, func(), error) {
		ctx, cancel := within(ctx, 0)
		defer cancel()
		now, err := c.Clock(ctx, args[0])
		return now, o.showClock(now), err
	})
	unfollow := o.do("unfollow PLATFORM FOLLOWER", "Take a follower off the list that a change waits for", 2, func(ctx context.Context, c *control.Client, args []string) (any, func(), error) {
		ctx, cancel := within(ctx, 0)
		defer cancel()
		return nil, o.say("%s follows no more.", args[1]), c.UnfollowClock(ctx, args[0], args[1])
	})
	return group("clock", "Show and move a Platform's clock, which only goes forward", show,
		change("advance PLATFORM DURATION", "Move the clock forward (20m, 168h, 30d)", 2, func(args []string) control.ChangeClock {
			return control.ChangeClock{Advance: args[1]}
		}),
		change("freeze PLATFORM", "Stop the clock", 1, func([]string) control.ChangeClock { return control.ChangeClock{Freeze: &yes} }),
		change("resume PLATFORM", "Let the clock run again", 1, func([]string) control.ChangeClock { return control.ChangeClock{Freeze: &no} }),
		unfollow,
	)
}

func (o *operator) showClock(now control.Clock) func() {
	state := "running"
	if now.Frozen {
		state = "frozen"
	}
	return o.say("%s, %s", now.Now.Format(time.RFC3339), state)
}
