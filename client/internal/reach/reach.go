// Package reach tells whether a platform can be reached at all before a
// browser is sent there (U-01, U-02): a customer who is told "cannot be
// reached, try again" on MINT's page is better off than one who meets his
// browser's error page.
//
// It stands in front of the domain and adds that one question: a TCP
// connection to the token endpoint, the address that MINT's back end uses,
// closed at once. No request is sent, so no platform sees a call that nobody
// asked for. Whatever else may be wrong with a platform shows when it is used.
package reach

import (
	"context"
	"fmt"
	"net"
	"net/url"
	"sync"
	"time"

	"github.com/mint-conformance/mint/client/internal/connection"
	"github.com/mint-conformance/mint/client/internal/platform"
)

// How long a platform may take to accept a connection: when a customer wants
// to go there, and when a page only wants to know.
const (
	startTimeout = 2 * time.Second
	lookTimeout  = 500 * time.Millisecond
)

// Service is the domain, with platforms that are asked first.
type Service struct {
	*connection.Service
	titles    map[string]string
	addresses map[string]string // host:port by platform id
	now       func() time.Time
}

// New puts the question in front of service.
func New(service *connection.Service, integrations []platform.Integration, now func() time.Time) *Service {
	s := &Service{Service: service, titles: map[string]string{}, addresses: map[string]string{}, now: now}
	for _, i := range integrations {
		s.titles[i.ID], s.addresses[i.ID] = i.Title, address(i.TokenEndpoint)
	}
	return s
}

// address is host:port of an endpoint, empty when there is none.
func address(endpoint string) string {
	parsed, err := url.Parse(endpoint)
	if err != nil || parsed.Hostname() == "" {
		return ""
	}
	port := parsed.Port()
	if port == "" {
		port = map[string]string{"https": "443", "http": "80"}[parsed.Scheme]
	}
	return net.JoinHostPort(parsed.Hostname(), port)
}

// reachable dials the platform. One that cannot be dialled by design (no
// address) counts as reachable.
func (s *Service) reachable(ctx context.Context, platformID string, timeout time.Duration) bool {
	to := s.addresses[platformID]
	if to == "" {
		return true
	}
	dialer := net.Dialer{Timeout: timeout}
	conn, err := dialer.DialContext(ctx, "tcp", to)
	if err != nil {
		return ctx.Err() != nil // a browser that went away is no verdict
	}
	_ = conn.Close()
	return true
}

// StartConnect is connection.Service.StartConnect for a platform that can be
// reached, else a *connection.Problem of kind ErrUnavailable; then no flow has
// begun.
func (s *Service) StartConnect(ctx context.Context, workspace, session, platformID string, scopes []string) (string, error) {
	if !s.reachable(ctx, platformID, startTimeout) {
		return "", &connection.Problem{Kind: connection.ErrUnavailable,
			Sentence: fmt.Sprintf("%s cannot be reached at the moment. Nothing was connected. Please try again.", s.titles[platformID])}
	}
	return s.Service.StartConnect(ctx, workspace, session, platformID, scopes)
}

// Overview is connection.Service.Overview, with what a customer should know
// before he presses Connect: platforms without a connection become
// unavailable, the others keep their state and tell it.
func (s *Service) Overview(ctx context.Context, workspace string) ([]connection.PlatformState, error) {
	states, err := s.Service.Overview(ctx, workspace)
	if err != nil {
		return nil, err
	}
	var asked sync.WaitGroup
	for i := range states {
		if idle(states[i].State) {
			asked.Go(func() {
				if !s.reachable(ctx, states[i].PlatformID, lookTimeout) {
					s.tell(&states[i])
				}
			})
		}
	}
	asked.Wait()
	return states, nil
}

// idle says that the next step with this platform is the customer's.
func idle(state connection.State) bool {
	switch state {
	case connection.StateNotConnected, connection.StateDisconnected, connection.StateNeedsReconnect, connection.StateUnreadable:
		return true
	}
	return false
}

func (s *Service) tell(state *connection.PlatformState) {
	if state.State == connection.StateNotConnected {
		state.State, state.Reason, state.Since = connection.StateUnavailable, connection.ReasonUnreachable, s.now()
		state.Explanation = state.Title + " cannot be reached at the moment. Your other platforms are not affected; please try again later."
		return
	}
	if state.Explanation != "" {
		state.Explanation += " "
	}
	state.Explanation += "At the moment " + state.Title + " cannot be reached."
}
