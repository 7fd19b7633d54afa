package pages

import (
	"context"
	"time"
)

// Look opens an address and reads the page, without acting on it.
func (b *Browser) Look(ctx context.Context, address string) (Page, error) {
	if err := b.session.Goto(ctx, address); err != nil {
		return Page{}, err
	}
	for {
		if page, _, ok, err := b.read(ctx); ok || err != nil {
			return page, err
		}
	}
}

// Hurry has answers that do not come in given up sooner.
func (b *Browser) Hurry(d time.Duration) { b.arrival = d }
