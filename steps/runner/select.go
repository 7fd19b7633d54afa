package runner

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// ErrUsage marks what the person at the keyboard got wrong: exit code 2. The
// text is one sentence that names the option and the mend.
var ErrUsage = errors.New("usage")

// Selection says which scenarios to run. Its zero value selects all.
type Selection struct {
	Tags   string   // a tag expression
	Checks []string // check or requirement ids, without the @; any of them
	// Scenarios are single ones by what does not move: a check by its id, any
	// other as "FILE: NAME". An unknown one is an error.
	Scenarios []string
	Target    string // "mock:PROFILE", or "" for everything the mock offers
	Shard     Shard
}

// Shard is one part of a run that is spread over several machines.
type Shard struct{ Index, Of int }

// ParseShard reads "2/3": the second of three parts.
func ParseShard(text string) (Shard, error) {
	var s Shard
	var rest string
	n, _ := fmt.Sscanf(text+" end", "%d/%d %s", &s.Index, &s.Of, &rest)
	if n != 3 || rest != "end" || s.Index < 1 || s.Of < s.Index {
		return Shard{}, usage("--shard %q is no part of a whole; write I/N, such as 1/3", text)
	}
	return s, nil
}

// String is how --shard writes it; empty for the whole.
func (s Shard) String() string {
	if s.Of == 0 {
		return ""
	}
	return fmt.Sprintf("%d/%d", s.Index, s.Of)
}

// tagOf is what a topology runs, where it does not run everything. What
// containers do not run looks into the programs in ways that they do not allow,
// or would only repeat what the embedded topology shows faster. Replicas are
// asked what the RFCs ask of one server.
var tagOf = map[string]string{"containers": "@containers", "replicas": "@protocol"}

// Select picks scenarios, in their order. An unknown tag, id or profile and
// an empty selection are usage errors. profiles names what may follow "mock:".
func Select(all []Scenario, s Selection, topology string, profiles []string) ([]Scenario, error) {
	known := knownTags(all)
	fits := []func([]string) bool{}
	if strings.TrimSpace(s.Tags) != "" {
		e, err := ParseExpression(s.Tags)
		if err != nil {
			return nil, fmt.Errorf("%w: --tags: %w", ErrUsage, err)
		}
		for _, tag := range e.Tags() {
			if !slices.Contains(known, tag) {
				return nil, usage("--tags: no scenario has the tag %s%s", tag, nearest(tag, known))
			}
		}
		fits = append(fits, e.Fits)
	}
	if len(s.Checks) > 0 {
		var tags []string
		for _, id := range s.Checks {
			tag := "@" + strings.TrimPrefix(strings.TrimSpace(id), "@")
			if !slices.Contains(known, tag) {
				return nil, usage("--check: no scenario is about %q%s", strings.TrimPrefix(tag, "@"), nearest(tag, known))
			}
			tags = append(tags, tag)
		}
		fits = append(fits, func(have []string) bool {
			return slices.ContainsFunc(tags, func(tag string) bool { return slices.Contains(have, tag) })
		})
	}
	if s.Target != "" {
		profile, err := targetProfile(s.Target, profiles)
		if err != nil {
			return nil, err
		}
		fits = append(fits, func(have []string) bool {
			return slices.Contains(have, "@"+profile) || slices.Contains(have, "@check")
		})
	}
	if tag, some := tagOf[topology]; some {
		fits = append(fits, func(have []string) bool { return slices.Contains(have, tag) })
	}
	if err := knownScenarios(all, s.Scenarios); err != nil {
		return nil, err
	}
	var picked []Scenario
	for _, sc := range all {
		if len(s.Scenarios) > 0 && !slices.ContainsFunc(s.Scenarios, sc.is) {
			continue
		}
		if !slices.ContainsFunc(fits, func(f func([]string) bool) bool { return !f(sc.Tags) }) {
			picked = append(picked, sc)
		}
	}
	if len(picked) == 0 {
		return nil, usage("nothing is selected: no scenario fits %s together", asked(s, topology))
	}
	if s.Shard.Of > 0 {
		if picked = part(picked, s.Shard); len(picked) == 0 {
			return nil, usage("nothing is selected: there are fewer scenarios than parts in --shard %s", s.Shard)
		}
	}
	return picked, nil
}

// is says whether key names the scenario, see Selection.Scenarios.
func (s Scenario) is(key string) bool {
	return key == s.File+": "+s.Name || slices.Contains(s.Tags, "@check") && slices.Contains(s.Tags, "@"+key)
}

func knownScenarios(all []Scenario, keys []string) error {
	for _, key := range keys {
		if !slices.ContainsFunc(all, func(sc Scenario) bool { return sc.is(key) }) {
			return usage("%s: there is no such scenario any more", key)
		}
	}
	return nil
}

func part(all []Scenario, s Shard) []Scenario {
	var picked []Scenario
	for i, sc := range all {
		if i%s.Of == s.Index-1 {
			picked = append(picked, sc)
		}
	}
	return picked
}

// targetProfile reads --target mock:PROFILE.
func targetProfile(target string, profiles []string) (string, error) {
	profile, ok := strings.CutPrefix(target, "mock:")
	if !ok {
		return "", usage("--target %q: only a run takes the file of a server of your own; write mock:%s",
			target, strings.Join(profiles, ", mock:"))
	}
	if !slices.Contains(profiles, profile) {
		return "", usage("--target: there is no profile %q%s", profile, nearest(profile, profiles))
	}
	return profile, nil
}

func asked(s Selection, topology string) string {
	var parts []string
	for _, p := range []struct{ option, value string }{
		{"--tags ", s.Tags}, {"--check ", strings.Join(s.Checks, " --check ")}, {"--target ", s.Target},
	} {
		if p.value != "" {
			parts = append(parts, p.option+p.value)
		}
	}
	if tag, some := tagOf[topology]; some {
		parts = append(parts, "--topology "+topology+" (which runs the scenarios tagged "+tag+")")
	}
	if len(parts) == 0 {
		return "(there are no scenarios at all)"
	}
	return strings.Join(parts, " and ")
}

func knownTags(all []Scenario) []string {
	var tags []string
	for _, sc := range all {
		tags = append(tags, sc.Tags...)
	}
	slices.Sort(tags)
	return slices.Compact(tags)
}

func usage(format string, args ...any) error {
	return fmt.Errorf("%w: %s", ErrUsage, fmt.Sprintf(format, args...))
}

func nearest(word string, known []string) string { return Suggest(word, known, "conformance list") }

// Suggest ends a refusal of word: it offers the known word that is most like
// it, if any is, or else the command that lists them all.
func Suggest(word string, known []string, all string) string {
	best, least := "", len(word)/2+1
	for _, k := range known {
		if d := distance(strings.ToLower(word), strings.ToLower(k)); d < least {
			best, least = k, d
		}
	}
	if best == "" {
		return "; `" + all + "` shows all"
	}
	return fmt.Sprintf("; did you mean %s?", strings.TrimPrefix(best, "@"))
}

// distance is the number of single-character edits between two words.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			edit := diagonal
			if a[i] != b[j] {
				edit = 1 + min(diagonal, row[j], row[j+1])
			}
			diagonal, row[j+1] = row[j+1], edit
		}
	}
	return row[len(b)]
}
