package topology

import (
	"context"
	"net"
)

// listens is a Topology whose MINTs do not share this process's loopback
// interface.
type listens interface {
	// listen opens a listener and returns the host name by which MINTs and
	// the Platform reach it.
	listen(ctx context.Context) (net.Listener, string, error)
}

// Listen opens a listener in this process that MINTs and the Platform server
// of t can reach: for a scenario that stands between the two. The returned URL
// has no path. What the scenario sends on from there to one of their addresses
// goes through t.HTTPClient.
func Listen(ctx context.Context, t Topology) (net.Listener, string, error) {
	host := "127.0.0.1"
	var listener net.Listener
	var err error
	if elsewhere, ok := t.(listens); ok {
		listener, host, err = elsewhere.listen(ctx)
	} else {
		listener, err = (&net.ListenConfig{}).Listen(ctx, "tcp", net.JoinHostPort(host, "0"))
	}
	if err != nil {
		return nil, "", unavailable(err)
	}
	_, port, err := net.SplitHostPort(listener.Addr().String())
	if err != nil {
		_ = listener.Close() // it has no address to be used by
		return nil, "", unavailable(err)
	}
	return listener, "http://" + net.JoinHostPort(host, port), nil
}
