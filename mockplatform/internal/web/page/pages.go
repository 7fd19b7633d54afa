package page

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"strings"
)

//go:embed templates/*.html style/platform.css
var files embed.FS

// Pages holds the parsed templates and the themes. It is read-only after New
// and safe for concurrent use.
type Pages struct {
	templates map[string]*template.Template
	themes    map[string]*Theme
	spare     []*Theme
}

// New parses the embedded templates. An error means that this build is broken.
func New() (*Pages, error) {
	sheet, err := files.ReadFile("style/platform.css")
	if err != nil {
		return nil, fmt.Errorf("page style: %w", err)
	}
	css := squeeze(string(sheet))
	pages := &Pages{templates: make(map[string]*template.Template), themes: make(map[string]*Theme)}
	for name, palette := range palettes {
		pages.themes[name] = newTheme(palette, css)
	}
	for _, palette := range spare {
		pages.spare = append(pages.spare, newTheme(palette, css))
	}
	layout, err := template.ParseFS(files, "templates/layout.html")
	if err != nil {
		return nil, fmt.Errorf("page layout: %w", err)
	}
	for _, name := range []string{"login", "consent", "message", "connected", "developers", "registered", "landing", "hosted", "deliver", "identity"} {
		copied, err := layout.Clone()
		if err != nil {
			return nil, fmt.Errorf("page %s: %w", name, err)
		}
		parsed, err := copied.ParseFS(files, "templates/"+name+".html")
		if err != nil {
			return nil, fmt.Errorf("page %s: %w", name, err)
		}
		pages.templates[name] = parsed
	}
	return pages, nil
}

// Theme returns the look of a profile, the same one for the same name.
func (p *Pages) Theme(profile string) *Theme {
	if theme, ok := p.themes[profile]; ok {
		return theme
	}
	return p.spare[spareIndex(profile)]
}

// View is one page to draw: Login, Consent, Message and so on.
type View interface {
	template() string
	frame() *Frame
}

// Render draws a page.
func (p *Pages) Render(view View) ([]byte, error) {
	var html bytes.Buffer
	html.Grow(16 << 10)
	if err := p.templates[view.template()].ExecuteTemplate(&html, "layout", view); err != nil {
		return nil, fmt.Errorf("page %s: %w", view.template(), err)
	}
	return html.Bytes(), nil
}

// Policy is the content security policy of a page: its own style, its own
// icon, no script but its own, no frame around it but by the frame's Framers.
// Forms go to this origin and to the origins or schemes in formTargets, since
// browsers hold a form to its policy across redirects as well.
func Policy(view View, formTargets ...string) string {
	script, framers := "", "'none'"
	if scripted, is := view.(interface{ scriptSource() string }); is && scripted.scriptSource() != "" {
		script = "script-src " + scripted.scriptSource() + "; "
	}
	if origins := view.frame().Framers; len(origins) > 0 {
		framers = strings.Join(origins, " ")
	}
	return "default-src 'none'; style-src " + view.frame().Platform.Theme.StyleSource + "; " + script +
		"img-src data:; base-uri 'none'; frame-ancestors " + framers + "; form-action " +
		strings.Join(append([]string{"'self'"}, formTargets...), " ")
}
