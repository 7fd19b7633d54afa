package steps

import (
	"bytes"
	"context"
	"io/fs"
	"reflect"
	"strings"
	"testing"
	"time"

	gherkin "github.com/cucumber/gherkin/go/v26"
	messages "github.com/cucumber/messages/go/v21"

	"github.com/mint-conformance/mint/features"
)

// pickles are all scenarios of the feature files, outlines expanded.
func pickles(t *testing.T) []*messages.Pickle {
	t.Helper()
	var all []*messages.Pickle
	err := fs.WalkDir(features.FS, ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, ".feature") || strings.HasPrefix(path, "checks/") {
			return err // checks speak a language of their own, see package checks
		}
		source, err := features.FS.ReadFile(path)
		if err != nil {
			return err
		}
		newID := (&messages.Incrementing{}).NewId
		document, err := gherkin.ParseGherkinDocument(bytes.NewReader(source), newID)
		if err != nil {
			return err
		}
		all = append(all, gherkin.Pickles(*document, path, newID)...)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

var kindOf = map[keyword]messages.PickleStepType{
	inGiven: messages.PickleStepType_CONTEXT,
	inWhen:  messages.PickleStepType_ACTION,
	inThen:  messages.PickleStepType_OUTCOME,
}

func TestEverySentenceIsDefinedOnce(t *testing.T) {
	all := definitions()
	used := make([]bool, len(all))
	for _, p := range pickles(t) {
		for _, step := range p.Steps {
			var matches []string
			for i, d := range all {
				if kindOf[d.keyword] == step.Type && d.pattern.MatchString(step.Text) {
					used[i] = true
					matches = append(matches, d.pattern.String())
				}
			}
			if len(matches) != 1 {
				t.Errorf("%s: %q: %s %q is defined %d times: %q", p.Uri, p.Name, step.Type, step.Text, len(matches), matches)
			}
		}
	}
	for i, d := range all {
		if !used[i] {
			t.Errorf("no feature file says %s", d.pattern)
		}
	}
	t.Logf("%d scenarios with outlines expanded, %d sentences", len(pickles(t)), len(all))
}

func TestEverySentenceFitsItsMethod(t *testing.T) {
	for _, d := range definitions() {
		method := d.method.Type()
		if method.NumIn() < 2 || method.In(0) != reflect.TypeFor[*world]() || method.In(1) != contextType {
			t.Errorf("%s: the method must take a context first", d.pattern)
			continue
		}
		if method.NumOut() != 1 || method.Out(0) != errorType {
			t.Errorf("%s: the method must return an error", d.pattern)
		}
		if got, want := d.pattern.NumSubexp(), method.NumIn()-2; got != want {
			t.Errorf("%s: %d captures for %d parameters", d.pattern, got, want)
		}
		for i := 2; i < method.NumIn(); i++ {
			switch in := method.In(i); {
			case in == reflect.TypeFor[time.Duration](), in.Kind() == reflect.String, in.Kind() == reflect.Int:
			default:
				t.Errorf("%s: no sentence can say a %s", d.pattern, in)
			}
		}
	}
}

func TestConvertedArguments(t *testing.T) {
	type heard struct {
		who person
		d   time.Duration
		n   times
		i   int
	}
	var got heard
	d := given(`{who} waits {duration}, {times}, {number}`, func(_ *world, _ context.Context, who person, d time.Duration, n times, i int) error {
		got = heard{who, d, n, i}
		return nil
	})
	bound := reflect.ValueOf(d.bind(&world{}))
	m := d.pattern.FindStringSubmatch("Maya waits 27 days, once, 3")
	if m == nil {
		t.Fatalf("%s does not match", d.pattern)
	}
	args := []reflect.Value{reflect.ValueOf(t.Context())}
	for _, text := range m[1:] {
		args = append(args, reflect.ValueOf(text))
	}
	if out := bound.Call(args); !out[0].IsNil() {
		t.Fatalf("got the error %v", out[0])
	}
	if want := (heard{"Maya", 27 * 24 * time.Hour, 1, 3}); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

// TestSpellings keeps the search for secrets honest: what it must find is
// hidden in every spelling and at every place base64 can begin at.
func TestSpellings(t *testing.T) {
	const secret = "a-secret-of-some-length_4711"
	for before := range 3 {
		padding := strings.Repeat("x", before)
		for _, hidden := range hide(padding + secret + "yy") {
			found := false
			for _, s := range spellings(secret) {
				found = found || strings.Contains(hidden, s)
			}
			if !found {
				t.Errorf("the secret is not found in %q", hidden)
			}
		}
	}
	for _, s := range spellings(secret) {
		if strings.Contains("nothing of the kind is in here", s) {
			t.Errorf("found %q where it is not", s)
		}
	}
}
