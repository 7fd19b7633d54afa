package steps

import (
	"context"
	"fmt"
	"time"

	"github.com/mint-conformance/mint/mockplatform/control"
)

var clockSteps = []definition{
	given(`the clocks stand still`, (*world).clocksStandStill),
	given(`{duration} have passed`, (*world).pass),
	when(`{duration} pass`, (*world).pass),
}

func (w *world) clocksStandStill(ctx context.Context) error {
	if _, err := w.platform(ctx, ""); err != nil {
		return err
	}
	freeze := true
	for _, p := range w.platforms {
		if _, err := p.control.ChangeClock(ctx, p.Name, control.ChangeClock{Freeze: &freeze}); err != nil {
			return fmt.Errorf("freezing the clock of the %s platform: %w", p.profile, err)
		}
	}
	return nil
}

func (w *world) pass(ctx context.Context, d time.Duration) error { return w.advance(ctx, d) }

// advance moves the clocks of all Platforms; MINT follows the first one's and
// has acknowledged the change when this returns.
func (w *world) advance(ctx context.Context, d time.Duration) error {
	if d == 0 {
		return nil
	}
	if _, err := w.platform(ctx, ""); err != nil {
		return err
	}
	for _, p := range w.platforms {
		if _, err := p.control.Advance(ctx, p.Name, d); err != nil {
			return fmt.Errorf("moving the clock of the %s platform by %v: %w", p.profile, d, err)
		}
	}
	return nil
}
