package vault

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func newRing(t *testing.T) (*Keyring, string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "keys.json")
	if err := GenerateKeyring(path); err != nil {
		t.Fatal(err)
	}
	ring, err := LoadKeyring(path)
	if err != nil {
		t.Fatal(err)
	}
	return ring, path
}

var here = Binding{Table: "connections", Column: "access_token", Record: "c1", Workspace: "w1", Generation: 3}

func TestSealAndOpen(t *testing.T) {
	ring, _ := newRing(t)
	for _, value := range []string{"", "a", strings.Repeat("x", 9000)} {
		one, err := ring.Seal(here, []byte(value))
		if err != nil {
			t.Fatal(err)
		}
		two, err := ring.Seal(here, []byte(value))
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Equal(one, two) {
			t.Error("equal values have equal envelopes")
		}
		if len(value) > 8 && bytes.Contains(one, []byte(value)) {
			t.Error("the envelope shows its value")
		}
		if got, err := ring.Open(here, one); err != nil || string(got) != value {
			t.Errorf("opened %d bytes, %v; want %d", len(got), err, len(value))
		}
	}
}

// CL-63: another place, an altered byte, a cut, another ring.
func TestOpenRefuses(t *testing.T) {
	ring, _ := newRing(t)
	other, _ := newRing(t)
	sealed, err := ring.Seal(here, []byte("token"))
	if err != nil {
		t.Fatal(err)
	}
	for name, binding := range map[string]Binding{
		"table":      {"outbox", here.Column, here.Record, here.Workspace, here.Generation},
		"column":     {here.Table, "refresh_token", here.Record, here.Workspace, here.Generation},
		"record":     {here.Table, here.Column, "c2", here.Workspace, here.Generation},
		"workspace":  {here.Table, here.Column, here.Record, "w2", here.Generation},
		"generation": {here.Table, here.Column, here.Record, here.Workspace, 4},
		"boundaries": {here.Table + here.Column[:1], here.Column[1:], here.Record, here.Workspace, here.Generation},
	} {
		if _, err := ring.Open(binding, sealed); !errors.Is(err, ErrUnreadable) {
			t.Errorf("another %s: %v, want ErrUnreadable", name, err)
		}
	}
	for i := range sealed {
		altered := bytes.Clone(sealed)
		altered[i] ^= 1
		if _, err := ring.Open(here, altered); !errors.Is(err, ErrUnreadable) {
			t.Errorf("byte %d altered: %v, want ErrUnreadable", i, err)
		}
		if _, err := ring.Open(here, sealed[:i]); !errors.Is(err, ErrUnreadable) {
			t.Errorf("cut to %d bytes: %v, want ErrUnreadable", i, err)
		}
	}
	if _, err := other.Open(here, sealed); !errors.Is(err, ErrUnreadable) {
		t.Errorf("another ring: %v, want ErrUnreadable", err)
	}
}

func FuzzOpen(f *testing.F) {
	path := filepath.Join(f.TempDir(), "keys.json")
	if err := GenerateKeyring(path); err != nil {
		f.Fatal(err)
	}
	ring, err := LoadKeyring(path)
	if err != nil {
		f.Fatal(err)
	}
	sealed, err := ring.Seal(here, []byte("token"))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(sealed)
	f.Fuzz(func(t *testing.T, envelope []byte) {
		if value, err := ring.Open(here, envelope); err == nil && string(value) != "token" {
			t.Errorf("opened %q", value)
		}
	})
}

// A new key seals from now on; old values open; a ring in use follows its file.
func TestAddKey(t *testing.T) {
	running, path := newRing(t)
	old, err := running.Seal(here, []byte("old"))
	if err != nil {
		t.Fatal(err)
	}
	keyID, err := AddKey(path)
	if err != nil {
		t.Fatal(err)
	}
	fresh, err := LoadKeyring(path)
	if err != nil || fresh.ActiveKey() != keyID || running.ActiveKey() == keyID {
		t.Fatalf("active key %s (%v), running %s; want %s and another", fresh.ActiveKey(), err, running.ActiveKey(), keyID)
	}
	if got, err := fresh.Open(here, old); err != nil || string(got) != "old" || fresh.IsCurrent(old) {
		t.Errorf("old value: %q, %v, current %t", got, err, fresh.IsCurrent(old))
	}
	sealed, err := fresh.Seal(here, []byte("new"))
	if err != nil || !fresh.IsCurrent(sealed) {
		t.Fatal("the new key does not seal")
	}
	if got, err := running.Open(here, sealed); err != nil || string(got) != "new" {
		t.Errorf("running ring opened %q, %v", got, err)
	}
	if running.Fingerprint("x", "token") != fresh.Fingerprint("x", "token") {
		t.Error("fingerprints changed with the key")
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode = %v, %v; want 0600", info.Mode(), err)
	}
}

func TestFingerprint(t *testing.T) {
	ring, _ := newRing(t)
	other, _ := newRing(t)
	print := ring.Fingerprint("refresh_token", "secret")
	if print != ring.Fingerprint("refresh_token", "secret") || print == ring.Fingerprint("state", "secret") ||
		print == ring.Fingerprint("refresh_token", "secre") || print == other.Fingerprint("refresh_token", "secret") || len(print) != 64 {
		t.Errorf("fingerprint = %s", print)
	}
}

// Every file that is no key ring is refused with a sentence that names it and
// the mend, and without what it holds.
func TestLoadKeyringRefuses(t *testing.T) {
	directory := t.TempDir()
	ring, path := newRing(t)
	good, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	key := strings.Split(strings.SplitAfter(string(good), `"key": "`)[1], `"`)[0]
	for name, row := range map[string]struct {
		content string
		mode    os.FileMode
		mend    string
	}{
		"readable by others":  {string(good), 0o644, "chmod 600"},
		"writable by group":   {string(good), 0o620, "chmod 600"},
		"empty":               {``, 0o600, "mint keys init"},
		"no JSON":             {`keys`, 0o600, "mint keys init"},
		"unknown member":      {strings.Replace(string(good), `"active"`, `"aktive"`, 1), 0o600, "aktive"},
		"newer":               {strings.Replace(string(good), `"version": 1`, `"version": 2, "more": []`, 1), 0o600, "newer MINT"},
		"no version":          {strings.Replace(string(good), `"version": 1`, `"version": 0`, 1), 0o600, "version"},
		"active is not there": {strings.Replace(string(good), ring.ActiveKey(), "k-00000000", 1), 0o600, "active"},
		"short key":           {strings.Replace(string(good), key, "YWJj", 1), 0o600, "keys[0]"},
		"trailing":            {string(good) + `{}`, 0o600, "follows"},
		"wrong type":          {`{"version":1,"keys":"abc"}`, 0o600, "keys has the wrong type"},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(directory, strings.ReplaceAll(name, " ", "-"))
			if err := os.WriteFile(path, []byte(row.content), row.mode); err != nil {
				t.Fatal(err)
			}
			if err := os.Chmod(path, row.mode); err != nil {
				t.Fatal(err)
			}
			_, err := LoadKeyring(path)
			if err == nil || !strings.Contains(err.Error(), path) || !strings.Contains(err.Error(), row.mend) || strings.Contains(err.Error(), key) {
				t.Errorf("error = %v, want one that names %s and %q", err, path, row.mend)
			}
		})
	}
	if _, err := LoadKeyring(filepath.Join(directory, "nowhere")); err == nil || !strings.Contains(err.Error(), "mint keys init") {
		t.Errorf("missing file: %v", err)
	}
	if _, err := LoadKeyring(directory); err == nil || !strings.Contains(err.Error(), "not a file") {
		t.Errorf("a directory: %v", err)
	}
}

func TestGenerateKeyringRefusesToReplace(t *testing.T) {
	_, path := newRing(t)
	before, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := GenerateKeyring(path); err == nil || !strings.Contains(err.Error(), "exists already") {
		t.Errorf("error = %v", err)
	}
	if after, err := os.ReadFile(path); err != nil || !bytes.Equal(before, after) {
		t.Error("the existing ring was touched")
	}
	if err := GenerateKeyring(filepath.Join(path, "keys.json")); err == nil {
		t.Error("a ring below a file was written")
	}
	entries, err := os.ReadDir(filepath.Dir(path))
	if err != nil || len(entries) != 1 {
		t.Errorf("left behind: %v", entries)
	}
}

// CL-42: a ring prints no key.
func TestKeyringPrintsNoKey(t *testing.T) {
	ring, path := newRing(t)
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	key := strings.Split(strings.SplitAfter(string(content), `"key": "`)[1], `"`)[0]
	for _, format := range []string{"%v", "%+v", "%#v", "%s"} {
		if printed := fmt.Sprintf(format, ring); strings.Contains(printed, key) || len(printed) > 80 {
			t.Errorf("%s prints %s", format, printed)
		}
	}
}
