package web

import (
	"runtime"
	"testing"
	"time"
	"weak"

	"github.com/mint-conformance/mint/mockplatform/control"
	"github.com/mint-conformance/mint/mockplatform/internal/platform"
	"github.com/mint-conformance/mint/mockplatform/internal/redistest"
	"github.com/mint-conformance/mint/mockplatform/internal/shared"
	"github.com/mint-conformance/mint/mockplatform/internal/web/page"
)

// sitesOver are the sites of one more replica over the Redis at the address.
func sitesOver(t *testing.T, address string, pages *page.Pages) *sites {
	t.Helper()
	backend, err := shared.Open("redis://" + address + "/0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := backend.Close(); err != nil {
			t.Error(err)
		}
	})
	now := func() time.Time { return time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC) }
	registry, err := platform.NewRegistry(platform.RegistryConfig{BaseURL: "http://127.0.0.1:9400", Now: now, Shared: backend})
	if err != nil {
		t.Fatal(err)
	}
	return newSites(registry, pages, now)
}

// What a replica held of a Platform goes with it, whichever replica deletes it.
func TestADeletedPlatformIsLetGo(t *testing.T) {
	pages, err := page.New()
	if err != nil {
		t.Fatal(err)
	}
	address := redistest.Address(t)
	here, there := sitesOver(t, address, pages), sitesOver(t, address, pages)
	held := func(s *sites) (weak.Pointer[platform.Platform], weak.Pointer[site]) {
		one, ok := s.get("p")
		if !ok {
			t.Fatal("the Platform is not there")
		}
		if again, _ := s.get("p"); again != one {
			t.Error("the Platform has two sites")
		}
		return weak.Make(one.platform), weak.Make(one)
	}
	if _, err := here.registry.Create(control.CreatePlatform{Profile: "mint", Name: "p"}); err != nil {
		t.Fatal(err)
	}
	platformHere, siteHere := held(here)
	platformThere, siteThere := held(there)
	if !here.registry.Delete("p") {
		t.Fatal("it is not there to delete")
	}
	if n := len(there.registry.List()); n != 0 {
		t.Errorf("%d Platforms are left there", n)
	}
	for range 3 { // what a first collection finds, a second may still find referred to
		runtime.GC()
	}
	if platformHere.Value() != nil || siteHere.Value() != nil {
		t.Error("it is held where it was deleted")
	}
	if platformThere.Value() != nil || siteThere.Value() != nil {
		t.Error("it is held by the other replica")
	}
	runtime.KeepAlive([]*sites{here, there})
}
