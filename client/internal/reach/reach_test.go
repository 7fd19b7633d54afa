package reach

import (
	"context"
	"net"
	"testing"
	"time"

	"github.com/mint-conformance/mint/client/internal/connection"
	"github.com/mint-conformance/mint/client/internal/platform"
)

func TestAddressOfAnEndpoint(t *testing.T) {
	for endpoint, want := range map[string]string{
		"https://ads.example/token":     "ads.example:443",
		"http://ads.example/token":      "ads.example:80",
		"https://ads.example:8443/x":    "ads.example:8443",
		"http://[::1]:9400/mint/oauth2": "[::1]:9400",
		"":                              "",
		"::":                            "",
	} {
		if got := address(endpoint); got != want {
			t.Errorf("address(%q) = %q, want %q", endpoint, got, want)
		}
	}
}

func TestReachable(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	up := "http://" + listener.Addr().String()
	s := New(nil, []platform.Integration{{ID: "up", TokenEndpoint: up}, {ID: "none"}}, nil)
	for _, id := range []string{"up", "none", "unknown"} {
		if !s.reachable(t.Context(), id, time.Second) {
			t.Errorf("%s is not reachable", id)
		}
	}
	if err := listener.Close(); err != nil {
		t.Fatal(err)
	}
	if s.reachable(t.Context(), "up", time.Second) {
		t.Error("a closed port is reachable")
	}
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	if !s.reachable(gone, "up", time.Second) {
		t.Error("a browser that went away condemns the platform")
	}
}

func TestAPlatformThatIsDownIsToldByWhatItMeans(t *testing.T) {
	noon := time.Date(2026, 11, 14, 12, 0, 0, 0, time.UTC)
	s := &Service{now: func() time.Time { return noon }}
	for _, tt := range []struct {
		before, want connection.PlatformState
	}{
		{connection.PlatformState{Title: "Ads", State: connection.StateNotConnected},
			connection.PlatformState{Title: "Ads", State: connection.StateUnavailable, Reason: connection.ReasonUnreachable, Since: noon,
				Explanation: "Ads cannot be reached at the moment. Your other platforms are not affected; please try again later."}},
		{connection.PlatformState{Title: "Ads", State: connection.StateNeedsReconnect, Reason: connection.ReasonRevoked, Explanation: "Please reconnect."},
			connection.PlatformState{Title: "Ads", State: connection.StateNeedsReconnect, Reason: connection.ReasonRevoked, Explanation: "Please reconnect. At the moment Ads cannot be reached."}},
		{connection.PlatformState{Title: "Ads", State: connection.StateDisconnected},
			connection.PlatformState{Title: "Ads", State: connection.StateDisconnected, Explanation: "At the moment Ads cannot be reached."}},
	} {
		got := tt.before
		s.tell(&got)
		if got != tt.want {
			t.Errorf("told %+v, want %+v", got, tt.want)
		}
	}
}
