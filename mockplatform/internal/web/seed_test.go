package web_test

import (
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/mint-conformance/mint/mockplatform"
	"github.com/mint-conformance/mint/mockplatform/control"
)

// The same seed and the same requests make the same journal, apart from time
// and from the port that happened to be free.
func TestSeedRepeatsARun(t *testing.T) {
	run := func(seed uint64) []control.Exchange {
		cfg := mockplatform.Default()
		cfg.Listen, cfg.Control, cfg.Seed = "127.0.0.1:0", "127.0.0.1:0", seed
		cfg.Now = func() time.Time { return noon }
		server, err := mockplatform.New(cfg)
		if err != nil {
			t.Fatal(err)
		}
		defer func() {
			if err := server.Close(); err != nil {
				t.Error(err)
			}
		}()
		c := newWireClient(t)
		for _, name := range []string{"mint", "mailup", "service"} {
			p := described(t, server, name)
			got := tokens(t, c, p, "maya", nil)
			if got = c.form(p.Endpoints.Token, url.Values{
				"grant_type": {"refresh_token"}, "refresh_token": {got.member("refresh_token")},
				"client_id": {p.Clients[0].ID}, "client_secret": {p.Clients[0].Secret},
			}); got.status != http.StatusOK {
				t.Fatalf("%s: %d %s", name, got.status, got.body)
			}
		}
		var all []control.Exchange
		for _, name := range []string{"mint", "mailup", "service"} {
			found, err := server.Control().Journal(t.Context(), name, 0, 0)
			if err != nil {
				t.Fatal(err)
			}
			for _, e := range found.Exchanges {
				all = append(all, control.Exchange{
					Seq: e.Seq, Endpoint: e.Endpoint, Status: e.Status, Family: e.Family, Parameters: e.Parameters,
					Presented: e.Presented, Issued: e.Issued,
				})
			}
		}
		return all
	}
	first := run(7)
	if diff := cmp.Diff(first, run(7)); diff != "" || len(first) < 15 {
		t.Errorf("%d exchanges, the same seed differs (-first +second):\n%s", len(first), diff)
	}
	if cmp.Equal(first, run(8)) {
		t.Error("another seed makes the same values")
	}
}
