package doctor

import (
	"context"
	"crypto/rand"
	"errors"
	"time"

	"github.com/mint-conformance/mint/steps/browser"
	"github.com/mint-conformance/mint/steps/exchange"
	"github.com/mint-conformance/mint/steps/pages"
	"github.com/mint-conformance/mint/steps/partner"
	"github.com/mint-conformance/mint/steps/target"
)

// Learn has a person go through login and consent once, in the window that use
// opens, and answers the steps of the login. She has wait for it, and tell is told
// what to say to her. A *partner.Trouble is why that came to nothing.
func Learn(ctx context.Context, t *target.Target, use func(context.Context) (*browser.Browser, error), now func() time.Time, wait time.Duration, tell func(sentence string)) (pages.Lesson, error) {
	if !t.Has("authorization_code") {
		return pages.Lesson{}, &partner.Trouble{Cause: "the server has no login that a customer goes through", Mend: "leave --learn out", Blame: partner.Configuration}
	}
	v := &visit{target: t, use: use, send: &exchange.Client{HTTP: t.HTTP, Agent: "MINT-Conformance (doctor)", Now: now, Before: t.Before}}
	person, err := v.visitor(ctx)
	if err != nil {
		return pages.Lesson{}, err
	}
	defer func() { _ = person.Close() }() // the window of a browser that ends with this
	window, ok := person.(*pages.Browser)
	if !ok {
		return pages.Lesson{}, errors.New("nobody learns from pages in plain HTTP")
	}
	lesson, landing, err := window.Learn(ctx, v.good(rand.Text()+rand.Text()), wait, tell)
	switch {
	case err != nil:
		return lesson, explained(err)
	case landing.Code() == "":
		return lesson, OfLanding(t, landing)
	}
	return lesson, nil
}
