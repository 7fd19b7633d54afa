// Package scripts holds shell scripts, and the test of a rule that binds the
// whole repository and therefore belongs to none of its packages: which
// package may import which.
package scripts

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/mint-conformance/mint"

// pkg is what `go list` says about a package of this module. Paths of our own
// packages are relative to the module: "./client/internal/web".
type pkg struct {
	ImportPath   string
	Imports      []string // of the package itself
	TestImports  []string
	XTestImports []string
	Deps         []string // everything the package needs, but not its tests
}

// direct is what a package and its tests import.
func (p pkg) direct() []string {
	return slices.Concat(p.Imports, p.TestImports, p.XTestImports)
}

// arrow is one rule about imports.
type arrow struct {
	name string
	// why is printed with every breach: the person who reads it wants to know
	// what the rule is good for before looking for a way around it.
	why string
	// breach says what is wrong with package path importing (or, where deep
	// is set, needing) dep, or "" if nothing is.
	breach func(path, dep string) string
	deep   bool
}

var arrows = []arrow{
	{
		name: "client and mockplatform are strangers",
		why:  "code that both sides of the protocol share would hide a bug from both: the mock would agree with MINT's mistakes",
		deep: true,
		breach: func(path, dep string) string {
			for _, sides := range [][2]string{{"./client", "./mockplatform"}, {"./mockplatform", "./client"}} {
				if within(path, sides[0]) && within(dep, sides[1]) {
					return "one side needs the other"
				}
				if within(path, sides[0]) && ours(dep) && !within(dep, sides[0]) && dep != "./fixtures" {
					return "the sides share nothing of ours but the data in fixtures"
				}
			}
			return ""
		},
	},
	{
		name: "steps sees faces only",
		why:  "scenarios must hold for a Platform in a container and for a partner's server, where nothing but the faces is there",
		breach: func(path, dep string) string {
			allowed := []string{"./mockplatform", "./mockplatform/control", "./client", "./fixtures", "./features"}
			if within(path, "./steps") && ours(dep) && !within(dep, "./steps") && !slices.Contains(allowed, dep) {
				return "steps may import " + strings.Join(allowed, ", ") + " and its own packages"
			}
			return ""
		},
	},
	{
		name: "nobody but steps imports steps",
		why:  "both programs must build and ship without the harness and its libraries",
		breach: func(path, dep string) string {
			if within(dep, "./steps") && !within(path, "./steps") {
				return "steps is at the end of every arrow"
			}
			return ""
		},
	},
	{
		name:   "fixtures imports nothing of ours",
		why:    "it is data that everybody may read, and so at the start of every arrow",
		breach: nothingOfOurs("./fixtures"),
	},
	{
		name:   "features imports nothing of ours",
		why:    "it is text and an index of its tags; what the text means is said in steps",
		breach: nothingOfOurs("./features"),
	},
	{
		name: "nobody imports cmd",
		why:  "a main only reads flags and calls its face; whatever somebody else needs belongs into the face",
		breach: func(path, dep string) string {
			if ours(dep) && slices.Contains(strings.Split(dep, "/"), "cmd") && !within(path, dep) {
				return "that is a main program's"
			}
			return ""
		},
	},
	{
		name: "web is imported by its face alone",
		why:  "pages and routes call the domain; a domain that knows its pages can be tested only through them",
		breach: func(path, dep string) string {
			for _, side := range []string{"./client", "./mockplatform"} {
				if web := side + "/internal/web"; within(dep, web) && path != side && !within(path, web) {
					return "only " + side + " may"
				}
			}
			return ""
		},
	},
	{
		name:   "gin only in the web packages",
		why:    "HTTP routing is a detail of two packages; net/http is what the others speak",
		breach: confined([]string{"github.com/gin-gonic/", "github.com/gin-contrib/"}, "./client/internal/web", "./mockplatform/internal/web"),
	},
	{
		name:   "go-oauth2 only in issuer",
		why:    "its types would spread through the mock and decide what it can do; issuer is where they end",
		breach: confined([]string{"github.com/go-oauth2/"}, "./mockplatform/internal/issuer"),
	},
	{
		name:   "godog, rod and testcontainers only under steps",
		why:    "who imports the mock Platform into own tests must not get a browser driver and a container engine with it",
		breach: confined([]string{"github.com/cucumber/godog", "github.com/go-rod/", "github.com/testcontainers/", "github.com/moby/", "github.com/docker/"}, "./steps"),
	},
}

func TestImportsFollowTheArrows(t *testing.T) {
	packages := list(t)
	for _, rule := range arrows {
		t.Run(rule.name, func(t *testing.T) {
			for _, p := range packages {
				deps := p.direct()
				if rule.deep {
					deps = append(deps, p.Deps...)
				}
				slices.Sort(deps)
				for _, dep := range slices.Compact(deps) {
					if breach := rule.breach(p.ImportPath, dep); breach != "" {
						t.Errorf("%s needs %s: %s.\nWhy: %s.", p.ImportPath, dep, breach, rule.why)
					}
				}
			}
		})
	}
}

// A rule that no import can break would be a comment.
func TestEachArrowCanBeBroken(t *testing.T) {
	for _, row := range []struct{ rule, path, dep string }{
		{"client and mockplatform are strangers", "./client/internal/web", "./mockplatform/control"},
		{"client and mockplatform are strangers", "./mockplatform/internal/issuer", "./client"},
		{"client and mockplatform are strangers", "./client", "./internal/shared"},
		{"steps sees faces only", "./steps/browser", "./client/internal/web"},
		{"steps sees faces only", "./steps", "./mockplatform/cmd/mockplatform"},
		{"nobody but steps imports steps", "./client", "./steps/report"},
		{"fixtures imports nothing of ours", "./fixtures", "./client"},
		{"features imports nothing of ours", "./features", "./steps"},
		{"nobody imports cmd", "./steps", "./steps/cmd/conformance"},
		{"web is imported by its face alone", "./client/internal/connection", "./client/internal/web"},
		{"gin only in the web packages", "./client", "github.com/gin-gonic/gin"},
		{"go-oauth2 only in issuer", "./mockplatform/internal/web", "github.com/go-oauth2/oauth2/v4/server"},
		{"godog, rod and testcontainers only under steps", "./mockplatform", "github.com/go-rod/rod"},
	} {
		i := slices.IndexFunc(arrows, func(a arrow) bool { return a.name == row.rule })
		if i < 0 {
			t.Errorf("there is no rule %q", row.rule)
			continue
		}
		if arrows[i].breach(row.path, row.dep) == "" {
			t.Errorf("%q lets %s import %s", row.rule, row.path, row.dep)
		}
	}
}

// within says whether path is dir or lies below it.
func within(path, dir string) bool { return path == dir || strings.HasPrefix(path, dir+"/") }

// ours says whether dep is a package of this module.
func ours(dep string) bool { return strings.HasPrefix(dep, "./") }

func nothingOfOurs(dir string) func(path, dep string) string {
	return func(path, dep string) string {
		if within(path, dir) && ours(dep) && !within(dep, dir) {
			return "that is ours"
		}
		return ""
	}
}

func confined(prefixes []string, dirs ...string) func(path, dep string) string {
	return func(path, dep string) string {
		foreign := slices.ContainsFunc(prefixes, func(prefix string) bool { return strings.HasPrefix(dep, prefix) })
		if foreign && !slices.ContainsFunc(dirs, func(dir string) bool { return within(path, dir) }) {
			return "it belongs into " + strings.Join(dirs, " and ")
		}
		return ""
	}
}

// list returns every package of the module.
func list(t *testing.T) []pkg {
	t.Helper()
	root := filepath.Dir(directory(t))
	readEverything(t, root)
	command := exec.CommandContext(t.Context(), "go", "list", "-e", "-deps", "-json=ImportPath,Imports,TestImports,XTestImports,Deps", "./...")
	command.Dir = root
	var stderr bytes.Buffer
	command.Stderr = &stderr
	output, err := command.Output()
	if err != nil {
		t.Fatalf("go list: %v\n%s", err, stderr.Bytes())
	}
	var packages []pkg
	for decoder := json.NewDecoder(bytes.NewReader(output)); ; {
		var p pkg
		err := decoder.Decode(&p)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		p.ImportPath = relative(p.ImportPath)
		if !ours(p.ImportPath) {
			continue
		}
		for _, paths := range [][]string{p.Imports, p.TestImports, p.XTestImports, p.Deps} {
			for i := range paths {
				paths[i] = relative(paths[i])
			}
		}
		packages = append(packages, p)
	}
	if len(packages) < 5 {
		t.Fatalf("go list found only %d packages of %s; the rules would hold for want of anything to break them", len(packages), module)
	}
	return packages
}

func relative(path string) string {
	if rest, found := strings.CutPrefix(path, module+"/"); found {
		return "./" + rest
	}
	return path
}

func directory(t *testing.T) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

// readEverything looks at every Go file, so that go test does not answer from
// its cache after an import has changed: it knows what this process reads, not
// what go list does.
func readEverything(t *testing.T, root string) {
	t.Helper()
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && path != root && strings.HasPrefix(entry.Name(), ".") {
			return filepath.SkipDir
		}
		if filepath.Ext(path) == ".go" {
			_, err = os.Stat(path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
