package checks

import (
	"crypto/rand"
	"fmt"
	"net/http"
	"regexp"
	"strings"

	"github.com/mint-conformance/mint/steps/target"
)

// changes are what the tables of feature files may do to a token request. They
// can be joined by commas: "with a wrong secret, over Basic".
var changes = []struct {
	pattern *regexp.Regexp
	make    func(o *order, args []string)
}{
	say(`in the right way`, func(*order, []string) {}),

	// who asks
	say(`as the (second|public|native|machine) client`, func(o *order, a []string) {
		if c := o.t.named(a[0]); c != nil {
			o.id, o.secret, o.places = c.ID, c.Secret, []string{c.Method}
		}
	}),
	say(`over Basic`, func(o *order, _ []string) { o.places = []string{"basic"} }),
	say(`with credentials in the body`, func(o *order, _ []string) { o.places = []string{"body"} }),
	say(`with credentials in the query`, func(o *order, _ []string) { o.places = []string{"query"} }),
	say(`with credentials over Basic and in the body`, func(o *order, _ []string) { o.places = []string{"basic", "body"} }),
	say(`with a wrong secret`, func(o *order, _ []string) { o.secret = oneOff(o.secret) }),
	say(`with an empty secret`, func(o *order, _ []string) { o.secret = "" }),
	say(`without a secret`, func(o *order, _ []string) { o.places = []string{"none"} }),
	say(`without credentials`, func(o *order, _ []string) { o.places = nil }),

	// how it is sent
	say(`by GET`, func(o *order, _ []string) { o.method = http.MethodGet }),
	say(`with all parameters in the query`, func(o *order, _ []string) { o.inQuery = true }),
	say(`as JSON`, func(o *order, _ []string) { o.asJSON = true }),
	say(`with the media type "([^"]*)"`, func(o *order, a []string) { o.contentType = a[0] }),

	// parameters
	say(`without (\w+)`, func(o *order, a []string) { o.form.Del(a[0]) }),
	say(`with an empty (\w+)`, func(o *order, a []string) { o.form.Set(a[0], "") }),
	say(`with (\w+) "([^"]*)"`, func(o *order, a []string) { o.form.Set(a[0], a[1]) }),
	say(`with (\w+) twice`, func(o *order, a []string) {
		value := o.form.Get(a[0])
		if a[0] == "client_id" {
			value = o.id
		}
		o.form[a[0]] = []string{value, value}
	}),
	say(`with an? (\w+) one character off`, func(o *order, a []string) { o.form.Set(a[0], oneOff(o.form.Get(a[0]))) }),
	say(`with a random (\w+)`, func(o *order, a []string) { o.form.Set(a[0], random(len(o.form.Get(a[0])))) }),
	say(`with a shortened (\w+)`, func(o *order, a []string) {
		value := o.form.Get(a[0])
		o.form.Set(a[0], value[:max(0, len(value)-4)])
	}),
	say(`with (\w+) spelled (\w+)`, func(o *order, a []string) {
		if a[0] == "client_id" { // a parameter of its own, wherever credentials go
			o.form.Set(a[1], o.id)
			o.id = ""
			return
		}
		o.form[a[1]] = o.form[a[0]]
		o.form.Del(a[0])
	}),
}

func say(pattern string, make func(o *order, args []string)) (c struct {
	pattern *regexp.Regexp
	make    func(o *order, args []string)
}) {
	c.pattern, c.make = regexp.MustCompile("^"+pattern+"$"), make
	return c
}

// changesIn takes words apart at the commas between changes; a comma inside
// quotes belongs to its change.
func changesIn(words string) []string {
	var all []string
	quoted, start := false, 0
	for i, r := range words {
		switch {
		case r == '"':
			quoted = !quoted
		case r == ',' && !quoted:
			all = append(all, strings.TrimSpace(words[start:i]))
			start = i + 1
		}
	}
	return append(all, strings.TrimSpace(words[start:]))
}

// one makes a single change.
func (o *order) one(words string) error {
	for _, c := range changes {
		if found := c.pattern.FindStringSubmatch(words); found != nil {
			c.make(o, found[1:])
			return nil
		}
	}
	return fmt.Errorf("no change of a token request is called %q; see steps/checks/changes.go", words)
}

// named is a client by what sentences call it, with the word client or without;
// nil if the target has none such.
func (t *trial) named(name string) *target.Client {
	switch strings.TrimSuffix(name, " client") {
	case "", "client":
		return t.target.Clients.Main
	case "second":
		return t.target.Clients.Second
	case "public":
		return t.target.Clients.Public
	case "native":
		return t.target.Clients.Native
	case "machine":
		return t.target.Clients.Machine
	case "client with two redirect URIs":
		return t.target.Clients.Two
	case "client with a query in its redirect URI":
		return t.target.Clients.Query
	}
	return nil
}

// oneOff is a text with one character in its middle exchanged for another of
// the same kind, so that length and alphabet stay right.
func oneOff(text string) string {
	for i := len(text) / 2; i < len(text); i++ {
		if other := likeness(text[i]); other != 0 {
			return text[:i] + string(other) + text[i+1:]
		}
	}
	return text + "x"
}

// likeness is another letter or digit of the same kind, 0 for punctuation,
// which may be structure.
func likeness(b byte) byte {
	var first byte
	switch {
	case b >= 'a' && b <= 'z':
		first = 'a'
	case b >= 'A' && b <= 'Z':
		first = 'A'
	case b >= '0' && b <= '9':
		first = '0'
	default:
		return 0
	}
	if b == first {
		first++
	}
	return first
}

// random is a text that nobody has given out, at least as long as length.
func random(length int) string {
	text := rand.Text()
	for len(text) < length {
		text += rand.Text()
	}
	return text
}
