package partner

import (
	"os"
	"path/filepath"
	"strings"

	"github.com/mint-conformance/mint/steps/catalogue"
	"github.com/mint-conformance/mint/steps/document"
)

// Read reads a partner's file and the environment variables it names. The
// error lists every fault with its line, and holds no secret.
func Read(file string, getenv func(string) string) (*Document, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	return Parse(file, text, getenv)
}

// Parse is Read for text that has been read already. Paths in it are relative
// to the file.
func Parse(file string, text []byte, getenv func(string) string) (*Document, error) {
	d := &Document{}
	tree, faults := document.Decode(text, d)
	if faults != nil {
		return nil, &document.Faults{File: file, All: faults}
	}
	known, err := catalogue.Load()
	if err != nil {
		return nil, err
	}
	d.File, d.Title = file, d.Name
	if d.Title == "" {
		d.Title = strings.TrimSuffix(filepath.Base(file), filepath.Ext(file))
	}
	if d.CAFile != "" && !filepath.IsAbs(d.CAFile) {
		d.CAFile = filepath.Join(filepath.Dir(file), d.CAFile)
	}
	for i := range d.Waivers {
		d.Waivers[i].Line = tree.Line("waivers", i)
	}
	v := validation{document: d, tree: tree, getenv: getenv}
	v.all(known)
	if len(v.faults) > 0 {
		return nil, &document.Faults{File: file, All: v.faults}
	}
	return d, nil
}
