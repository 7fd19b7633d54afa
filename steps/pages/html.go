package pages

import (
	"net/url"
	"slices"
	"strings"

	"golang.org/x/net/html"
)

// Read turns an HTML document into a Page, for visitors without a browser.
func Read(address *url.URL, status int, document string) (Page, error) {
	root, err := html.Parse(strings.NewReader(document))
	if err != nil {
		return Page{}, err
	}
	r := reader{base: address, page: Page{URL: address.String(), Status: status}, labels: map[string]string{}}
	r.collectLabels(root)
	loose := Form{Loose: true}
	r.walk(root, &loose)
	r.page.Text = fold(r.text.String())
	if len(loose.Fields)+len(loose.Buttons) > 0 {
		loose.Text = r.page.Text
		r.page.Forms = append(r.page.Forms, loose)
	}
	return r.page, nil
}

// reader gathers what counts of a document.
type reader struct {
	base   *url.URL
	page   Page
	text   strings.Builder
	labels map[string]string // by the id of the field
}

func (r *reader) collectLabels(n *html.Node) {
	if n.Type == html.ElementNode && n.Data == "label" {
		if id := attribute(n, "for"); id != "" {
			r.labels[id] = fold(textOf(n))
		}
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		r.collectLabels(c)
	}
}

func (r *reader) walk(n *html.Node, in *Form) {
	switch n.Type {
	case html.TextNode:
		r.text.WriteString(n.Data + " ")
	case html.ElementNode:
		switch n.Data {
		case "script", "style", "template", "noscript", "head":
			if title := find(n, "title"); title != nil {
				r.page.Title = fold(textOf(title))
			}
			return
		case "form", "dialog":
			r.form(n)
			return
		case "input", "select", "textarea":
			r.field(n, in)
		case "button", "a":
			r.button(n, in)
		case "iframe":
			if src := attribute(n, "src"); src != "" && !unseen(n) {
				r.page.Frames = append(r.page.Frames, r.resolve(src))
			}
		default:
			if separate(n) && !in.encloses() {
				r.form(n)
				return
			}
			if attribute(n, "role") == "button" {
				r.button(n, in)
			}
		}
		if attribute(n, "role") == "alert" && !unseen(n) {
			r.page.Alerts = append(r.page.Alerts, fold(textOf(n)))
		}
	}
	r.children(n, in)
}

// separate says that what stands within an element belongs together and apart
// from the rest: a dialog, a banner.
func separate(n *html.Node) bool {
	if slices.Contains([]string{"dialog", "alertdialog"}, attribute(n, "role")) {
		return true
	}
	named := strings.ToLower(attribute(n, "id") + " " + attribute(n, "class"))
	return n.Data != "body" && n.Data != "html" && strings.Contains(named, "cookie")
}

// encloses says that a form is around what is read.
func (f *Form) encloses() bool { return f != nil && !f.Loose }

// form reads a form, or what stands together like one.
func (r *reader) form(n *html.Node) {
	if unseen(n) {
		return
	}
	f := Form{Text: fold(textOf(n)), Loose: n.Data != "form"}
	if !f.Loose {
		f.Action, f.Method = r.resolve(attribute(n, "action")), method(attribute(n, "method"))
	}
	r.children(n, &f)
	if !f.Loose || len(f.Fields)+len(f.Buttons) > 0 {
		r.page.Forms = append(r.page.Forms, f)
	}
}

func (r *reader) children(n *html.Node, in *Form) {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		r.walk(c, in)
	}
}

// unseen says whether an element is hidden, as far as that can be told without
// style sheets.
func unseen(n *html.Node) bool {
	for ; n != nil; n = n.Parent {
		style := strings.ReplaceAll(strings.ToLower(attribute(n, "style")), " ", "")
		if has(n, "hidden") || strings.Contains(style, "display:none") || strings.Contains(style, "visibility:hidden") {
			return true
		}
	}
	return false
}

// button reads a button, a link, or what has the role of a button.
func (r *reader) button(n *html.Node, in *Form) {
	kind := strings.ToLower(attribute(n, "type"))
	b := Button{
		ID: attribute(n, "id"), Name: attribute(n, "name"), Value: attribute(n, "value"), Text: fold(textOf(n)),
		Disabled: has(n, "disabled") || attribute(n, "aria-disabled") == "true",
		Script:   n.Data != "button" || kind == "button" || kind == "reset" || !in.encloses(),
	}
	if b.Text == "" {
		b.Text = attribute(n, "aria-label")
	}
	if n.Data == "a" && attribute(n, "role") != "button" {
		b.Href = r.resolve(attribute(n, "href"))
	}
	if !unseen(n) && b.Text != "" {
		in.Buttons = append(in.Buttons, b)
	}
}

func (r *reader) field(n *html.Node, in *Form) {
	kind := strings.ToLower(attribute(n, "type"))
	switch {
	case n.Data == "select":
		kind = "select"
	case kind == "":
		kind = "text"
	case kind == "submit" || kind == "image" || kind == "button":
		if !unseen(n) {
			in.Buttons = append(in.Buttons, Button{
				ID: attribute(n, "id"), Name: attribute(n, "name"), Value: attribute(n, "value"), Text: attribute(n, "value"),
				Script: kind == "button" || !in.encloses(), Disabled: has(n, "disabled"),
			})
		}
		return
	}
	label := r.labels[attribute(n, "id")]
	for p := n.Parent; label == "" && p != nil; p = p.Parent {
		if p.Data == "label" {
			label = fold(textOf(p))
		}
	}
	for _, name := range []string{"aria-label", "placeholder", "title"} {
		if label == "" {
			label = attribute(n, name)
		}
	}
	in.Fields = append(in.Fields, Field{
		Name: attribute(n, "name"), ID: attribute(n, "id"), Type: kind, Value: attribute(n, "value"), Label: label,
		Autocomplete: strings.ToLower(attribute(n, "autocomplete")), Checked: has(n, "checked"), Required: has(n, "required"),
		Disabled: has(n, "disabled"), Fixed: has(n, "readonly"), Unseen: kind == "hidden" || unseen(n),
	})
}

func (r *reader) resolve(action string) string {
	address, err := r.base.Parse(action)
	if err != nil {
		return r.base.String()
	}
	return address.String()
}

func method(written string) string {
	if strings.EqualFold(written, "post") {
		return "POST"
	}
	return "GET"
}

func attribute(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func has(n *html.Node, name string) bool {
	return slices.ContainsFunc(n.Attr, func(a html.Attribute) bool { return a.Key == name })
}

func find(n *html.Node, element string) *html.Node {
	for c := range n.Descendants() {
		if c.Type == html.ElementNode && c.Data == element {
			return c
		}
	}
	return nil
}

func textOf(n *html.Node) string {
	var b strings.Builder
	for c := range n.Descendants() {
		if c.Type == html.TextNode && !slices.Contains([]string{"script", "style", "noscript"}, c.Parent.Data) {
			b.WriteString(c.Data + " ")
		}
	}
	return b.String()
}

func fold(text string) string { return strings.Join(strings.Fields(text), " ") }
