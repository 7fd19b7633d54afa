package keyring

import (
	"slices"
	"testing"
	"time"
)

func export(t testing.TB, r *Ring) []byte {
	t.Helper()
	document, err := r.Export()
	if err != nil {
		t.Fatal(err)
	}
	return document
}

func ids(r *Ring, now time.Time) (out []string) {
	for _, k := range r.Public(now).Keys {
		out = append(out, k.KeyID)
	}
	return out
}

// Two rings with the same keys read each other's tokens.
func TestExportedKeysServeAnotherRing(t *testing.T) {
	for _, alg := range algs {
		for _, encrypted := range []bool{false, true} {
			one := ring(t, Config{Alg: alg, Encrypted: encrypted})
			two := ring(t, Config{Alg: alg, Encrypted: encrypted, Keys: export(t, one)})
			for _, v := range []string{sign(t, one, nil), sign(t, two, nil)} {
				for _, r := range []*Ring{one, two} {
					if _, err := r.Read(v); err != nil {
						t.Errorf("%s, encrypted %t: %v", alg, encrypted, err)
					}
				}
			}
			if !slices.Equal(ids(one, born), ids(two, born)) {
				t.Errorf("%s: %v and %v", alg, ids(one, born), ids(two, born))
			}
		}
	}
}

// A key that the others could not be told of signs nothing.
func TestRotationThatCannotBeTold(t *testing.T) {
	r := ring(t, Config{Alg: "ES256"})
	before := ids(r, born)
	func() {
		defer func() {
			if recover() == nil {
				t.Error("what happened when telling was swallowed")
			}
		}()
		_, _ = r.Rotate(born, func(id string, exported []byte) {
			if slices.Contains(before, id) || len(exported) == 0 {
				t.Errorf("told of %q, %d bytes", id, len(exported))
			}
			panic("out of reach")
		})
	}()
	if got := ids(r, born); !slices.Equal(got, before) {
		t.Errorf("keys %v, want %v", got, before)
	}
	if _, err := r.Rotate(born, nil); err != nil {
		t.Errorf("the next rotation: %v", err)
	}
}

// Rotations reach the other ring, in whatever order they arrive.
func TestAdoptedKeysSignFromThenOn(t *testing.T) {
	one := ring(t, Config{Alg: "ES256"})
	two := ring(t, Config{Alg: "ES256", Keys: export(t, one)})
	three := ring(t, Config{Alg: "ES256", Keys: export(t, one)})
	rotate := func(r *Ring, now time.Time) (told []byte) {
		t.Helper()
		if _, err := r.Rotate(now, func(_ string, exported []byte) { told = exported }); err != nil {
			t.Fatal(err)
		}
		return told
	}
	earlier, later := rotate(one, born), rotate(two, born.Add(time.Minute))
	for r, documents := range map[*Ring][][]byte{one: {later}, two: {earlier}, three: {later, earlier, later}} {
		for _, document := range documents {
			if err := r.Adopt(document); err != nil {
				t.Fatal(err)
			}
		}
	}
	want := ids(one, born)
	if len(want) != 3 || !slices.Equal(want, ids(two, born)) || !slices.Equal(want, ids(three, born)) {
		t.Errorf("%v, %v, %v", want, ids(two, born), ids(three, born))
	}
	for _, r := range []*Ring{one, two, three} {
		if _, err := three.Read(sign(t, r, nil)); err != nil {
			t.Error(err)
		}
	}
	if got := ids(three, end.Add(time.Minute)); len(got) != 1 || got[0] != want[0] {
		t.Errorf("published after the old tokens' end: %v", got)
	}
}

func TestBadExportsAreRefused(t *testing.T) {
	es, ed := ring(t, Config{Alg: "ES256"}), ring(t, Config{Alg: "EdDSA"})
	for name, document := range map[string][]byte{
		"empty": {}, "no JSON": []byte("keys"), "no keys": []byte("{}"), "no key": []byte(`{"keys":[{"private":"eA=="}]}`), "another algorithm": export(t, ed),
	} {
		if err := es.Adopt(document); err == nil {
			t.Errorf("%s: adopted", name)
		}
		if r, err := New(Config{Alg: "ES256", Keys: document}); err == nil || r != nil {
			t.Errorf("%s: %v, %v", name, r, err)
		}
	}
	if r, err := New(Config{Alg: "ES256", Encrypted: true, Keys: export(t, es)}); err == nil {
		t.Errorf("without the key that opens: %v", r)
	}
	if err := es.Adopt(export(t, es)); err != nil || len(ids(es, born)) != 1 {
		t.Errorf("its own export: %v, %v", err, ids(es, born))
	}
}
