package scratch

import (
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"sync"
	"testing"
)

// names lists what lies in a directory.
func names(t *testing.T, dir string) (all []string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		all = append(all, e.Name())
	}
	return all
}

// TestMakeTakesAwayWhatWasLeftBehind, and neither what somebody holds nor what
// is not a run's.
func TestMakeTakesAwayWhatWasLeftBehind(t *testing.T) {
	if runtime.GOOS != "linux" && runtime.GOOS != "darwin" {
		t.Skip("without locks nothing is swept: " + runtime.GOOS)
	}
	dir := t.TempDir()
	for _, name := range []string{prefix + "browser-1/Default", prefix + "embedded-2/mint-7", "mint-conformance-3", "another"} {
		if err := os.MkdirAll(filepath.Join(dir, name), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(dir, prefix+"file"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	first, err := Make(dir, "browser")
	if err != nil {
		t.Fatal(err)
	}
	second, err := Make(dir, "embedded")
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"another", "mint-conformance-3", filepath.Base(first.Dir), filepath.Base(second.Dir), prefix + "file"}
	slices.Sort(want)
	if got := names(t, dir); !slices.Equal(got, want) {
		t.Errorf("left %q, want %q", got, want)
	}
	for _, p := range []*Place{first, second} {
		if err := p.Remove(); err != nil {
			t.Error(err)
		}
	}
	if got := names(t, dir); !slices.Equal(got, []string{"another", "mint-conformance-3", prefix + "file"}) {
		t.Errorf("after Remove: %q", got)
	}
}

// TestMakeSideBySide: whoever sweeps takes no directory of a neighbour who has
// only just begun.
func TestMakeSideBySide(t *testing.T) {
	dir := t.TempDir()
	places := make([]*Place, 64)
	var all sync.WaitGroup
	for i := range places {
		all.Go(func() {
			p, err := Make(dir, "race")
			if err != nil {
				t.Error(err)
				return
			}
			if err := os.WriteFile(filepath.Join(p.Dir, "file"), nil, 0o600); err != nil {
				t.Error(err)
			}
			places[i] = p
		})
	}
	all.Wait()
	if got := len(names(t, dir)); got != len(places) {
		t.Errorf("%d directories of %d", got, len(places))
	}
	for _, p := range places {
		if p != nil && p.Remove() != nil {
			t.Errorf("%s stays", p.Dir)
		}
	}
}

func TestMakeNowhere(t *testing.T) {
	if _, err := Make("/no/such/place", "x"); !os.IsNotExist(err) {
		t.Errorf("got %v", err)
	}
}
