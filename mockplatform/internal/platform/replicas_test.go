package platform

import (
	"encoding/json"
	"errors"
	"strconv"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/redis/go-redis/v9"

	"github.com/mint-conformance/mint/mockplatform/control"
	"github.com/mint-conformance/mint/mockplatform/internal/redistest"
	"github.com/mint-conformance/mint/mockplatform/internal/shared"
)

// replica is one more registry over the Redis at the address.
func replica(t testing.TB, address string) *Registry {
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
	return registry(t, func(c *RegistryConfig) { c.Shared = backend })
}

// titled asks for a Platform of the name whose title tells who asked.
func titled(name, title string) control.CreatePlatform {
	return control.CreatePlatform{Profile: "mint", Name: name, Settings: json.RawMessage(`{"title":"` + title + `"}`)}
}

// same fails unless both registries host the same Platform of the name.
func same(t *testing.T, a, b *Registry, name string) {
	t.Helper()
	here, known := a.Get(name)
	there, too := b.Get(name)
	if !known || !too {
		t.Fatalf("%s is known here %t, there %t", name, known, too)
	}
	if diff := cmp.Diff(here.Describe(), there.Describe()); diff != "" {
		t.Fatalf("%s (-here +there):\n%s", name, diff)
	}
	if string(here.Key("x")) != string(there.Key("x")) {
		t.Fatalf("%s has two secrets", name)
	}
}

// Of two replicas that are asked for one name at once one wins, both host what
// it made, and the other leaves nothing behind.
func TestOneReplicaWinsAName(t *testing.T) {
	address := redistest.Address(t)
	a, b := replica(t, address), replica(t, address)
	for round := range 30 {
		name, titles := "n"+strconv.Itoa(round), [2]string{"A", "B"}
		if round%2 == 0 {
			titles[1] = "A" // the same Platform, asked for twice
		}
		var errs [2]error
		var asked sync.WaitGroup
		for i, r := range []*Registry{a, b} {
			asked.Go(func() { _, errs[i] = r.Create(titled(name, titles[i])) })
		}
		asked.Wait()
		won := 0
		if errs[0] != nil {
			won = 1
		}
		if errs[won] != nil || !errors.Is(errs[1-won], ErrNameTaken) {
			t.Fatalf("round %d: %v, %v", round, errs[0], errs[1])
		}
		same(t, a, b, name)
		if p, _ := a.Get(name); p.Profile().Title != titles[won] {
			t.Fatalf("round %d: %s has won, and %s is there", round, titles[won], p.Profile().Title)
		}
		if !b.Delete(name) {
			t.Fatalf("round %d: it is not there to delete", round)
		}
	}
	client := redis.NewClient(&redis.Options{Addr: address})
	defer client.Close()
	left, err := client.Keys(t.Context(), "mint:{platform:*").Result()
	if err != nil || len(left) != 0 {
		t.Errorf("left behind: %q, %v", left, err)
	}
}

// A replica that hears of a deletion and of a new Platform of the name at once
// hosts the new one.
func TestReplicasReplaceAPlatform(t *testing.T) {
	address := redistest.Address(t)
	a, b := replica(t, address), replica(t, address)
	create(t, a, titled("p", "0"))
	for i := 1; i < 50; i++ {
		if !a.Delete("p") {
			t.Fatal("it is not there to delete")
		}
		create(t, a, titled("p", strconv.Itoa(i)))
		same(t, a, b, "p")
	}
	// Who is late with a deletion deletes no Platform that came after it.
	old, _ := b.Get("p")
	a.Delete("p")
	create(t, a, titled("p", "last"))
	if b.delete(old) {
		t.Error("a late deletion succeeded")
	}
	same(t, a, b, "p")
}

// A replica that starts after a Platform of its own was deleted and created
// anew hosts the new one.
func TestAReplicaStartsBesideAPlatformCreatedAnew(t *testing.T) {
	address := redistest.Address(t)
	wanted := control.CreatePlatform{Profile: "mint", Name: "mint"}
	a := replica(t, address)
	if _, err := a.Host(wanted); err != nil {
		t.Fatal(err)
	}
	a.Delete("mint")
	create(t, a, titled("mint", "anew"))
	b := replica(t, address)
	if _, err := b.Host(wanted); err != nil {
		t.Fatal(err)
	}
	same(t, a, b, "mint")
}
