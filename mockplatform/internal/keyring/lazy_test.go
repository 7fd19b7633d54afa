package keyring

import (
	"slices"
	"sync"
	"testing"
	"time"
)

// RSA keys are slow to make: nobody pays for them before they are needed, and
// whoever comes first comes to the same ones.
func TestRSAKeysAreMadeOnceAndLate(t *testing.T) {
	for _, cfg := range []Config{{Alg: "RS256"}, {Alg: "EdDSA", Encrypted: true}, {Alg: "RS256", Encrypted: true}} {
		r := ring(t, cfg)
		if early := r.keys.Load() != nil; early != (cfg.Alg != "RS256") {
			t.Errorf("%+v: the signing key is there from the start: %t", cfg, early)
		}
		const callers = 8
		var values, ids [callers]string
		var all sync.WaitGroup
		for i := range callers {
			all.Go(func() {
				values[i] = sign(t, r, nil)
				ids[i] = r.Public(born).Keys[0].KeyID
			})
		}
		all.Wait()
		if made := slices.Compact(ids[:]); len(made) != 1 {
			t.Errorf("%+v: %d first keys were made", cfg, len(made))
		}
		for _, value := range values {
			if _, err := r.Read(value); err != nil {
				t.Errorf("%+v: %v", cfg, err)
			}
		}
	}
}

// What a ring has not needed yet is made when another process is to share it,
// or when the first key is rotated away.
func TestLateKeysAreSharedAndRotated(t *testing.T) {
	cfg := Config{Alg: "RS256", Encrypted: true}
	own := ring(t, cfg)
	exported, err := own.Export()
	if err != nil {
		t.Fatal(err)
	}
	cfg.Keys = exported
	other := ring(t, cfg)
	if _, err := other.Read(sign(t, own, nil)); err != nil {
		t.Errorf("the other process: %v", err)
	}
	fresh := ring(t, Config{Alg: "RS256"})
	id, err := fresh.Rotate(born.Add(time.Minute), nil)
	if err != nil {
		t.Fatal(err)
	}
	if got := fresh.Public(born.Add(time.Minute)).Keys; len(got) != 2 || got[0].KeyID != id {
		t.Errorf("%d keys are published after the first rotation", len(got))
	}
}
