package scratch

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
)

// prefix is how directories are named that Make answers for, and unheld how they
// are until they are locked, so that nobody sweeps them in between.
const (
	prefix = "mint-conformance-run-"
	unheld = "mint-conformance-new-"
)

// Place is a directory for the files of one run. It is locked as long as the
// program lives, so that others can tell it from one that was left behind.
type Place struct {
	Dir  string
	held *os.File
}

// Make makes a directory below dir, the system's place for temporary files if
// that is empty. First it takes away what programs have left there that were
// killed before they could.
func Make(dir, what string) (*Place, error) {
	if dir == "" {
		dir = os.TempDir()
	}
	sweep(dir)
	fresh, err := os.MkdirTemp(dir, unheld)
	if err != nil {
		return nil, err
	}
	held := lock(fresh)
	if held == nil { // without locks nothing is swept
		return &Place{Dir: fresh}, nil
	}
	p := &Place{Dir: filepath.Join(dir, prefix+what+"-"+strings.TrimPrefix(filepath.Base(fresh), unheld)), held: held}
	if err := os.Rename(fresh, p.Dir); err != nil {
		return nil, errors.Join(err, os.Remove(fresh), held.Close())
	}
	return p, nil
}

// Remove takes the directory away. It may be called again should it fail.
func (p *Place) Remove() error {
	if err := os.RemoveAll(p.Dir); err != nil {
		return err
	}
	if p.held != nil {
		_ = p.held.Close() // of a directory that is gone
	}
	return nil
}

// sweep takes away the directories that nobody holds any more. What cannot be
// swept is left to whoever owns it.
func sweep(dir string) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return
	}
	for _, e := range entries {
		if !e.IsDir() || !strings.HasPrefix(e.Name(), prefix) {
			continue
		}
		path := filepath.Join(dir, e.Name())
		if held := lock(path); held != nil {
			_ = os.RemoveAll(path)
			_ = held.Close()
		}
	}
}
