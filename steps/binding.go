package steps

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/cucumber/godog"
)

// keyword says under which Gherkin keyword a sentence may stand.
type keyword int

const (
	inGiven keyword = iota + 1
	inWhen
	inThen
)

// definition is one sentence: where it may stand, how it reads, and the
// method of world that does it. The method takes a context.Context and one
// parameter per capture group, and returns an error.
type definition struct {
	keyword keyword
	pattern *regexp.Regexp
	method  reflect.Value
}

func given(pattern string, method any) definition { return define(inGiven, pattern, method) }
func when(pattern string, method any) definition  { return define(inWhen, pattern, method) }
func then(pattern string, method any) definition  { return define(inThen, pattern, method) }

// define anchors the pattern and fills in the words that many sentences share.
func define(k keyword, pattern string, method any) definition {
	full := "^" + vocabulary.Replace(pattern) + "$"
	return definition{keyword: k, pattern: regexp.MustCompile(full), method: reflect.ValueOf(method)}
}

// vocabulary holds the words that patterns share. {the platform} is the only
// Platform of the scenario, or one named by its profile.
var vocabulary = strings.NewReplacer(
	"{who}", `(Maya|Victor|Nora|Oskar|Dana)`,
	"{her}", `(?:her|his)`,
	"{she}", `(?:she|he)`,
	"{profile}", `(mint|mailup|service|mindbaz)`,
	"{the platform}", `the (?:(mint|mailup|service|mindbaz) )?platform`,
	"{duration}", `(\d+ (?:second|minute|hour|day)s?)`,
	"{state}", `(not connected|connected|degraded|disconnected)`,
	"{proposal}", `(pause a campaign|raise a budget|resume a campaign)`,
	"{times}", `(once|\d+ times?)`,
	"{number}", `(\d+)`,
	"{options}", `([a-z_.]+=[^ ]*(?: and [a-z_.]+=[^ ]*)*)`,
	"{text}", `"([^"]*)"`,
)

// register hands the sentence to godog for one scenario's world.
func (d definition) register(sc *godog.ScenarioContext, w *world) {
	switch bound := d.bind(w); d.keyword {
	case inGiven:
		sc.Given(d.pattern, bound)
	case inWhen:
		sc.When(d.pattern, bound)
	case inThen:
		sc.Then(d.pattern, bound)
	}
}

var (
	contextType = reflect.TypeFor[context.Context]()
	errorType   = reflect.TypeFor[error]()
	stringType  = reflect.TypeFor[string]()
)

// bind makes the function that godog calls: strings in, converted to the
// types of the method's parameters.
func (d definition) bind(w *world) any {
	method := d.method.Type()
	in := []reflect.Type{contextType}
	for i := 2; i < method.NumIn(); i++ {
		in = append(in, stringType)
	}
	outer := reflect.FuncOf(in, []reflect.Type{errorType}, false)
	return reflect.MakeFunc(outer, func(args []reflect.Value) []reflect.Value {
		call := []reflect.Value{reflect.ValueOf(w), args[0]}
		for i, captured := range args[1:] {
			v, err := convert(captured.String(), method.In(i+2))
			if err != nil {
				return []reflect.Value{reflect.ValueOf(&err).Elem()}
			}
			call = append(call, v)
		}
		return d.method.Call(call)
	}).Interface()
}

// convert turns a captured text into a parameter's type. Enumerations are
// string types whose values the pattern itself lists.
func convert(text string, to reflect.Type) (reflect.Value, error) {
	switch to {
	case reflect.TypeFor[time.Duration]():
		d, err := parseDuration(text)
		return reflect.ValueOf(d), err
	case reflect.TypeFor[times]():
		n, err := parseTimes(text)
		return reflect.ValueOf(n), err
	}
	switch to.Kind() {
	case reflect.Int:
		n, err := strconv.Atoi(text)
		return reflect.ValueOf(n).Convert(to), err
	case reflect.String:
		return reflect.ValueOf(text).Convert(to), nil
	default:
		return reflect.Value{}, fmt.Errorf("a step takes a %s, which no sentence can say", to)
	}
}

// times is a number of occurrences: "once", "1 time", "3 times".
type times int

func parseTimes(text string) (times, error) {
	if text == "once" {
		return 1, nil
	}
	digits, _, _ := strings.Cut(text, " ")
	n, err := strconv.Atoi(digits)
	return times(n), err
}

// parseDuration reads "20 minutes", "1 second", "31 days".
func parseDuration(text string) (time.Duration, error) {
	digits, unit, _ := strings.Cut(text, " ")
	n, err := strconv.Atoi(digits)
	if err != nil {
		return 0, fmt.Errorf("duration %q: %w", text, err)
	}
	switch strings.TrimSuffix(unit, "s") {
	case "second":
		return time.Duration(n) * time.Second, nil
	case "minute":
		return time.Duration(n) * time.Minute, nil
	case "hour":
		return time.Duration(n) * time.Hour, nil
	case "day":
		return time.Duration(n) * 24 * time.Hour, nil
	default:
		return 0, errors.New("a duration needs seconds, minutes, hours or days, got " + strconv.Quote(text))
	}
}
