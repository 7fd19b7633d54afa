package topology_test

import (
	"errors"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/mint-conformance/mint/mockplatform/control"
	"github.com/mint-conformance/mint/steps/topology"
)

func TestReplicasLookLikeOneServer(t *testing.T) {
	if _, err := exec.LookPath("redis-server"); err != nil && os.Getenv("REDIS_SERVER") == "" {
		t.Skip("there is no redis-server: install one, or name it in REDIS_SERVER (scripts/redis does)")
	}
	top := inProcess(t, topology.NewReplicas)
	p, err := top.Control().CreatePlatform(t.Context(), control.CreatePlatform{Profile: "mint"})
	if err != nil || top.Name() != "replicas" {
		t.Fatalf("%s: %v", top.Name(), err)
	}
	if _, err := top.Control().ArmFault(t.Context(), p.Name, control.Fault{
		Match: control.FaultMatch{Endpoint: "metadata", Nth: 2}, Action: control.FaultAction{Kind: "drop_before"}, Count: 1,
	}); err != nil {
		t.Fatal(err)
	}
	var got []string
	for range 4 {
		res, err := top.HTTPClient().Get(p.Endpoints.Metadata)
		if err != nil {
			got = append(got, "dropped")
			continue
		}
		got = append(got, http.StatusText(res.StatusCode))
		if err := res.Body.Close(); err != nil {
			t.Error(err)
		}
	}
	if want := "OK dropped OK OK"; strings.Join(got, " ") != want {
		t.Errorf("answered %v, want %s", got, want)
	}
	for range 2 {
		journal, err := top.Control().Journal(t.Context(), p.Name, 0, time.Second)
		if err != nil || journal.Last != 4 {
			t.Errorf("a journal of %d exchanges, %v", journal.Last, err)
		}
	}
}

func TestReplicasWithoutRedisCannotBeSetUp(t *testing.T) {
	t.Setenv("PATH", "")
	t.Setenv("REDIS_SERVER", "")
	t.Setenv("TMPDIR", t.TempDir())
	if _, err := topology.NewReplicas(t.Context(), topology.Options{}); !errors.Is(err, topology.ErrSetup) || !strings.Contains(err.Error(), "run scripts/redis") {
		t.Errorf("%v", err)
	}
}
