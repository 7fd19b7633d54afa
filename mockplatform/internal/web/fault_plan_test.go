package web_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/mint-conformance/mint/mockplatform"
	"github.com/mint-conformance/mint/mockplatform/control"
)

// A plan is armed as a whole or not at all, and all its mistakes are told.
func TestPlansAreArmedTogether(t *testing.T) {
	s := newStage(t, "mailup")
	good := control.Fault{Match: control.FaultMatch{Endpoint: "api", Nth: 2}, Action: control.FaultAction{Kind: "unauthorized"}, Count: 1}
	nobody, endless := good, good
	nobody.Match.Customer, endless.Count = "mia", 0
	_, err := s.mock.Control().ArmFaults(t.Context(), "mailup", control.FaultPlan{Faults: []control.Fault{good, nobody, endless}})
	var refused *control.Error
	if !errors.As(err, &refused) || refused.Status != 422 ||
		!strings.Contains(refused.Message, "faults[1].match.customer") || !strings.Contains(refused.Message, "faults[2].count") {
		t.Errorf("a bad plan: %v", err)
	}
	if list, err := s.mock.Control().Faults(t.Context(), "mailup"); err != nil || len(list) != 0 {
		t.Errorf("a bad plan armed %d faults (%v)", len(list), err)
	}
	armed, err := s.mock.Control().ArmFaults(t.Context(), "mailup", control.FaultPlan{Faults: []control.Fault{good, good}})
	if err != nil || len(armed) != 2 || armed[0].ID == armed[1].ID {
		t.Fatalf("a good plan: %+v %v", armed, err)
	}
	var statuses []int
	for range 4 {
		statuses = append(statuses, s.me(s.at).status)
	}
	if want := []int{200, 401, 401, 200}; statuses[0] != want[0] || statuses[1] != want[1] || statuses[2] != want[2] || statuses[3] != want[3] {
		t.Errorf("answered %v, want %v", statuses, want)
	}
}

// A client that went away does not keep its request waiting.
func TestDelayEndsWithTheClient(t *testing.T) {
	cfg := mockplatform.Default()
	cfg.Listen, cfg.Control, cfg.Platforms = "127.0.0.1:0", "127.0.0.1:0", []mockplatform.Hosted{{Profile: "mailup"}}
	waiting, ended := make(chan struct{}, 1), make(chan struct{}, 1)
	cfg.Timer = func(time.Duration) (<-chan time.Time, func() bool) {
		waiting <- struct{}{}
		return nil, func() bool { ended <- struct{}{}; return true }
	}
	server, err := mockplatform.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	s := &stage{t: t, mock: server, p: described(t, server, "mailup"), c: newWireClient(t)}
	s.connect()
	s.arm("api", control.FaultAction{Kind: "delay_after", Delay: "1m"})
	ctx, cancel := context.WithCancel(t.Context())
	go func() { <-waiting; cancel() }()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, s.p.Endpoints.Me, nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+s.at)
	if answer, err := s.c.http.Do(request); err == nil {
		_ = answer.Body.Close()
		t.Error("the client had an answer")
	}
	select {
	case <-ended:
	case <-time.After(5 * time.Second):
		t.Error("the request still waits")
	}
}
