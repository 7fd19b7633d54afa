package report

import (
	"fmt"
	"html"
	"html/template"
	"net/url"
	"strings"

	"github.com/mint-conformance/mint/steps/exchange"
)

// The measures of a sequence diagram, in its own units.
const (
	laneWidth  = 250
	rowHeight  = 46
	headHeight = 34
	maxRows    = 24
)

// diagram draws exchanges as a sequence diagram: who asked whom for what, and
// what came back. It is an SVG without anything outside itself.
func diagram(all []exchange.Exchange) template.HTML {
	if len(all) == 0 {
		return ""
	}
	shown := all[:min(len(all), maxRows)]
	lanes := []string{"Client", "Server"}
	if hasBrowser(shown) {
		lanes = []string{"Customer's browser", "Client", "Server"}
	}
	width, height := laneWidth*len(lanes), headHeight+rowHeight*len(shown)+12
	var b strings.Builder
	fmt.Fprintf(&b, `<svg class="diagram" viewBox="0 0 %d %d" role="img" aria-label="%s">`,
		width, height, html.EscapeString(fmt.Sprintf("Sequence of %d requests; the list below says the same in words", len(all))))
	x := map[string]int{}
	for i, lane := range lanes {
		x[lane] = laneWidth*i + laneWidth/2
		fmt.Fprintf(&b, `<line class="lane" x1="%d" y1="%d" x2="%d" y2="%d"/><text class="head" x="%d" y="18">%s</text>`,
			x[lane], headHeight-8, x[lane], height, x[lane], html.EscapeString(lane))
	}
	for i, e := range shown {
		from := "Client"
		if e.Browser {
			from = "Customer's browser"
		}
		arrows(&b, e, x[from], x["Server"], headHeight+rowHeight*i+16)
	}
	b.WriteString(`</svg>`)
	if len(all) > len(shown) {
		fmt.Fprintf(&b, `<p class="note">The first %d of %d requests are drawn.</p>`, len(shown), len(all))
	}
	return template.HTML(b.String()) //nolint:gosec // everything in it is escaped above
}

func hasBrowser(all []exchange.Exchange) bool {
	for _, e := range all {
		if e.Browser {
			return true
		}
	}
	return false
}

// arrows draws one request and its answer.
func arrows(b *strings.Builder, e exchange.Exchange, from, to, y int) {
	class := "asked"
	if e.Control {
		class += " control"
	}
	path := e.URL
	if u, err := url.Parse(e.URL); err == nil {
		path = u.Path
	}
	if runes, limit := []rune(path), (to-from)/9; len(runes) > limit { // about as much as fits between the lanes
		path = "…" + string(runes[len(runes)-limit+1:])
	}
	fmt.Fprintf(b, `<text x="%d" y="%d">%d. %s %s</text><path class="%s" d="M%d %dH%dl-7 -4m7 4l-7 4"/>`,
		(from+to)/2, y-4, e.Number, html.EscapeString(e.Method), html.EscapeString(path), class, from, y, to)
	outcome := e.Err
	if e.Status != 0 {
		outcome = strings.TrimSpace(fmt.Sprintf("%d %s", e.Status, e.Said()))
	}
	if runes, limit := []rune(outcome), (to-from)/7; len(runes) > limit {
		outcome = string(runes[:limit-1]) + "…"
	}
	fmt.Fprintf(b, `<text x="%d" y="%d">%s</text><path class="answered" d="M%d %dH%dl7 -4m-7 4l7 4"/>`,
		(from+to)/2, y+15, html.EscapeString(outcome), to, y+19, from)
}
