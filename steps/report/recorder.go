package report

import (
	"mime"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"sync"
	"time"
)

// Recorder collects what scenarios leave behind beside their verdict:
// pictures, evidence, notes and timings. It may be used from several
// scenarios at once.
type Recorder struct {
	mu        sync.Mutex
	scenarios map[string]*collected
	durations map[string][]time.Duration
	lenient   map[string][]string
}

// collected is what one scenario has left so far.
type collected struct {
	attachments []attachment
	notes       []string
}

type attachment struct {
	name, mediaType string
	data            []byte
}

// NewRecorder returns an empty recorder for one run.
func NewRecorder() *Recorder {
	return &Recorder{
		scenarios: map[string]*collected{},
		durations: map[string][]time.Duration{},
		lenient:   map[string][]string{},
	}
}

// Attach keeps data for the scenario with the given id (godog's
// Scenario.Id). Pictures (image/…) appear in the report of every scenario;
// everything else is evidence, written below OUT/evidence only when the
// scenario does not pass, so attaching it always is fine. name is the file
// name to use, like "journal.ndjson"; a second attachment of the same name
// replaces the first.
func (r *Recorder) Attach(scenarioID, name, mediaType string, data []byte) {
	r.mu.Lock()
	defer r.mu.Unlock()
	c := r.of(scenarioID)
	a := attachment{name: fileName(name, mediaType), mediaType: mediaType, data: slices.Clone(data)}
	if i := slices.IndexFunc(c.attachments, func(b attachment) bool { return b.name == a.name }); i >= 0 {
		c.attachments[i] = a
		return
	}
	c.attachments = append(c.attachments, a)
}

// Note adds one sentence to the scenario's row, such as a picture that could
// not be taken.
func (r *Recorder) Note(scenarioID, sentence string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	c := r.of(scenarioID)
	c.notes = append(c.notes, sentence)
}

// Duration counts one timing of a kind; the report shows count, median and
// maximum per kind. "journey" is a customer's way from pressing Connect to
// seeing data.
func (r *Recorder) Duration(kind string, d time.Duration) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.durations[kind] = append(r.durations[kind], d)
}

// Leniencies tells the report which switches of a profile are weaker than the
// RFCs ask, so that a green run says what it did not check.
func (r *Recorder) Leniencies(profile string, switches []string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, s := range switches {
		if !slices.Contains(r.lenient[profile], s) {
			r.lenient[profile] = append(r.lenient[profile], s)
		}
	}
	slices.Sort(r.lenient[profile])
}

// of returns the entry of a scenario; r.mu is held.
func (r *Recorder) of(scenarioID string) *collected {
	c, ok := r.scenarios[scenarioID]
	if !ok {
		c = &collected{}
		r.scenarios[scenarioID] = c
	}
	return c
}

// take hands over what a scenario left and forgets it.
func (r *Recorder) take(scenarioID string) collected {
	r.mu.Lock()
	defer r.mu.Unlock()
	c := *r.of(scenarioID)
	delete(r.scenarios, scenarioID)
	return c
}

// timings sums up every kind of duration recorded, sorted by kind.
func (r *Recorder) timings() []Timing {
	r.mu.Lock()
	defer r.mu.Unlock()
	var all []Timing
	for kind, ds := range r.durations {
		sorted := slices.Sorted(slices.Values(ds))
		all = append(all, Timing{
			Kind:   kind,
			Count:  len(sorted),
			Median: sorted[len(sorted)/2],
			Max:    sorted[len(sorted)-1],
		})
	}
	slices.SortFunc(all, func(a, b Timing) int { return compare(a.Kind, b.Kind) })
	return all
}

// leniencies returns what Leniencies was told, sorted by profile.
func (r *Recorder) leniencies() []Lenient {
	r.mu.Lock()
	defer r.mu.Unlock()
	var all []Lenient
	for profile, switches := range r.lenient {
		if len(switches) > 0 {
			all = append(all, Lenient{Profile: profile, Switches: slices.Clone(switches)})
		}
	}
	slices.SortFunc(all, func(a, b Lenient) int { return compare(a.Profile, b.Profile) })
	return all
}

var unsafeInName = regexp.MustCompile(`[^A-Za-z0-9._-]+`)

// fileName makes name safe as a file name and gives it an extension that
// fits the media type when it has none.
func fileName(name, mediaType string) string {
	name = unsafeInName.ReplaceAllString(filepath.Base(name), "-")
	if filepath.Ext(name) == "" {
		if ext, err := mime.ExtensionsByType(mediaType); err == nil && len(ext) > 0 {
			name += ext[0]
		}
	}
	return name
}

// write stores the attachments below dir and returns their paths.
func (c collected) write(dir string) ([]string, error) {
	if len(c.attachments) == 0 {
		return nil, nil
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, err
	}
	var paths []string
	for _, a := range c.attachments {
		path := filepath.Join(dir, a.name)
		if err := os.WriteFile(path, a.data, 0o644); err != nil {
			return paths, err
		}
		paths = append(paths, path)
	}
	return paths, nil
}
