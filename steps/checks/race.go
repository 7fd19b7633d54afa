package checks

import (
	"context"
	"errors"
	"sync"

	"github.com/mint-conformance/mint/steps/exchange"
)

// sample is how many of something a check takes: as many as it likes of a
// mock, few of a server that is in use.
func (t *trial) sample(mock, partner int) int {
	if t.target.Mock != nil {
		return mock
	}
	return partner
}

// race sends requests at the same instant, and answers in their order. As many
// connections are opened first, by harmless requests to the same address, so
// that none of the race waits for its handshake.
func (t *trial) race(ctx context.Context, requests []exchange.Request) ([]exchange.Exchange, error) {
	if _, err := t.together(ctx, len(requests), func(int) exchange.Request {
		return exchange.Request{About: "open a connection", Method: "OPTIONS", URL: requests[0].URL}
	}); err != nil {
		return nil, err
	}
	return t.together(exchange.Unpaced(ctx), len(requests), func(i int) exchange.Request { return requests[i] })
}

func (t *trial) together(ctx context.Context, n int, request func(i int) exchange.Request) ([]exchange.Exchange, error) {
	answers, errs := make([]exchange.Exchange, n), make([]error, n)
	var ready, done sync.WaitGroup
	fire := make(chan struct{})
	for i := range n {
		ready.Add(1)
		done.Go(func() {
			r := request(i)
			ready.Done()
			<-fire
			answers[i], errs[i] = t.send.Do(ctx, r)
		})
	}
	ready.Wait()
	close(fire)
	done.Wait()
	return answers, errors.Join(errs...)
}
