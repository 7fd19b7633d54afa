package page

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"html/template"
	"io/fs"
	"path"
	"strings"
	"sync"
)

//go:embed templates/*.html
var templateFiles embed.FS

//go:embed assets/*
var assetFiles embed.FS

// Name is the name of a page's template.
type Name string

// The pages.
const (
	Overview    Name = "overview"
	Password    Name = "password"
	Connection  Name = "connection"
	Application Name = "application"
	Relay       Name = "relay"
	LinkUsed    Name = "used"
	Failure     Name = "failure"
)

// Asset is one embedded file that pages refer to.
type Asset struct {
	Content     []byte
	ContentType string
	// Version changes with the content; addresses carry it, so that a browser
	// may keep the file for ever.
	Version string
}

// parsed holds what is read once per process and never changed.
type parsed struct {
	pages  map[Name]*template.Template
	assets map[string]Asset
	err    error
}

var load = sync.OnceValue(parse)

func parse() parsed {
	out := parsed{pages: map[Name]*template.Template{}, assets: map[string]Asset{}}
	entries, err := fs.ReadDir(assetFiles, "assets")
	if err != nil {
		return parsed{err: fmt.Errorf("read the embedded assets: %w", err)}
	}
	for _, entry := range entries {
		content, err := assetFiles.ReadFile("assets/" + entry.Name())
		if err != nil {
			return parsed{err: fmt.Errorf("read the embedded assets: %w", err)}
		}
		sum := sha256.Sum256(content)
		out.assets[entry.Name()] = Asset{Content: content, ContentType: contentType(entry.Name()), Version: hex.EncodeToString(sum[:6])}
	}
	funcs := template.FuncMap{
		"asset":   func(name string) string { return "/static/" + name + "?v=" + out.assets[name].Version },
		"when":    When,
		"machine": machine,
	}
	layout, err := template.New("layout.html").Funcs(funcs).ParseFS(templateFiles, "templates/layout.html", "templates/parts.html")
	if err != nil {
		return parsed{err: fmt.Errorf("parse the layout: %w", err)}
	}
	for _, name := range []Name{Overview, Password, Connection, Application, Relay, LinkUsed, Failure} {
		page, err := layout.Clone()
		if err == nil {
			page, err = page.ParseFS(templateFiles, "templates/"+string(name)+".html")
		}
		if err != nil {
			return parsed{err: fmt.Errorf("parse page %s: %w", name, err)}
		}
		out.pages[name] = page
	}
	return out
}

func contentType(name string) string {
	switch path.Ext(name) {
	case ".css":
		return "text/css; charset=utf-8"
	case ".js":
		return "text/javascript; charset=utf-8"
	case ".svg":
		return "image/svg+xml"
	}
	return "application/octet-stream"
}

// Load parses all templates; later calls cost nothing. An error is a fault of
// the build.
func Load() error { return load().err }

// Assets returns the embedded files by name.
func Assets() map[string]Asset { return load().assets }

// Render fills the named page. It writes nothing unless the whole page could
// be filled.
func Render(name Name, view any) ([]byte, error) {
	all := load()
	if all.err != nil {
		return nil, all.err
	}
	var b bytes.Buffer
	if err := all.pages[name].ExecuteTemplate(&b, "layout.html", view); err != nil {
		return nil, fmt.Errorf("fill page %s: %w", name, err)
	}
	return b.Bytes(), nil
}

// list joins words as English does: "a", "a and b", "a, b and c".
func list(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:len(words)-1], ", ") + " and " + words[len(words)-1]
}
