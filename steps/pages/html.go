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
	r.walk(root, nil)
	r.page.Text = fold(r.text.String())
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
	switch {
	case n.Type == html.TextNode:
		r.text.WriteString(n.Data + " ")
	case n.Type == html.ElementNode:
		switch n.Data {
		case "script", "style", "template", "head":
			if title := find(n, "title"); title != nil {
				r.page.Title = fold(textOf(title))
			}
			return
		case "form":
			f := Form{Action: r.resolve(attribute(n, "action")), Method: method(attribute(n, "method"))}
			r.children(n, &f)
			r.page.Forms = append(r.page.Forms, f)
			return
		case "input", "select", "textarea":
			r.field(n, in)
		case "button":
			if in != nil && slices.Contains([]string{"", "submit"}, attribute(n, "type")) {
				in.Buttons = append(in.Buttons, Button{attribute(n, "name"), attribute(n, "value"), fold(textOf(n))})
			}
		}
	}
	r.children(n, in)
}

func (r *reader) children(n *html.Node, in *Form) {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		r.walk(c, in)
	}
}

func (r *reader) field(n *html.Node, in *Form) {
	if in == nil {
		return
	}
	kind := strings.ToLower(attribute(n, "type"))
	if kind == "" {
		kind = "text"
	}
	if kind == "submit" || kind == "image" {
		in.Buttons = append(in.Buttons, Button{attribute(n, "name"), attribute(n, "value"), attribute(n, "value")})
		return
	}
	label := r.labels[attribute(n, "id")]
	for p := n.Parent; label == "" && p != nil; p = p.Parent {
		if p.Data == "label" {
			label = fold(textOf(p))
		}
	}
	for _, name := range []string{"aria-label", "placeholder"} {
		if label == "" {
			label = attribute(n, name)
		}
	}
	in.Fields = append(in.Fields, Field{
		Name: attribute(n, "name"), Type: kind, Value: attribute(n, "value"), Label: label,
		Autocomplete: attribute(n, "autocomplete"), Checked: has(n, "checked"), Required: has(n, "required"),
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
		if c.Type == html.TextNode {
			b.WriteString(c.Data + " ")
		}
	}
	return b.String()
}

func fold(text string) string { return strings.Join(strings.Fields(text), " ") }
