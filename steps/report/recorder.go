package report

import (
	"cmp"
	"mime"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/mint-conformance/mint/steps/exchange"
)

// Recorder collects what scenarios leave behind beside their verdict:
// pictures, evidence, notes and timings. It may be used from several
// scenarios at once.
type Recorder struct {
	mu        sync.Mutex
	scenarios map[string]*Collected
	durations map[string][]time.Duration
	lenient   map[string][]string
}

// Collected is what one scenario left.
type Collected struct {
	Attachments []Picture // not only pictures: everything that was attached
	Notes       []string
	Warnings    []string
	Exchanges   []exchange.Exchange
	// redacted takes out the secrets that the scenario came across; nil if it
	// knows of none.
	redacted func(text string) string
}

// NewRecorder returns an empty recorder for one run.
func NewRecorder() *Recorder {
	return &Recorder{
		scenarios: map[string]*Collected{},
		durations: map[string][]time.Duration{},
		lenient:   map[string][]string{},
	}
}

// Attach keeps data for the scenario with the given id (godog's
// Scenario.Id). Pictures (image/…) appear in the report of every scenario;
// everything is evidence as well, written below OUT/evidence only when the
// scenario does not pass, so attaching always is fine. name is the file name
// to use, like "journal.ndjson"; a second attachment of the same name
// replaces the first.
func (r *Recorder) Attach(scenarioID, name, mediaType string, data []byte) {
	r.mu.Lock()
	defer r.mu.Unlock()
	c := r.of(scenarioID)
	a := Picture{Name: fileName(name, mediaType), MediaType: mediaType, Data: slices.Clone(data)}
	if i := slices.IndexFunc(c.Attachments, func(b Picture) bool { return b.Name == a.Name }); i >= 0 {
		c.Attachments[i] = a
		return
	}
	c.Attachments = append(c.Attachments, a)
}

// Note adds one sentence to the scenario's row, such as a picture that could
// not be taken.
func (r *Recorder) Note(scenarioID, sentence string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	c := r.of(scenarioID)
	c.Notes = append(c.Notes, sentence)
}

// Warn adds a sentence on something that is no failure and that whoever owns
// the target should know.
func (r *Recorder) Warn(scenarioID, sentence string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	c := r.of(scenarioID)
	c.Warnings = append(c.Warnings, sentence)
}

// Redact says how secrets are taken out of everything that the scenario leaves
// behind, its errors included.
func (r *Recorder) Redact(scenarioID string, clean func(text string) string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.of(scenarioID).redacted = clean
}

// Exchanges keeps the requests that a check sent and their answers.
func (r *Recorder) Exchanges(scenarioID string, all []exchange.Exchange) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.of(scenarioID).Exchanges = all
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
func (r *Recorder) of(scenarioID string) *Collected {
	c, ok := r.scenarios[scenarioID]
	if !ok {
		c = &Collected{}
		r.scenarios[scenarioID] = c
	}
	return c
}

// Collect hands over what a scenario left and forgets it.
func (r *Recorder) Collect(scenarioID string) Collected {
	r.mu.Lock()
	defer r.mu.Unlock()
	c := *r.of(scenarioID)
	delete(r.scenarios, scenarioID)
	return c
}

// Timings sums up every kind of duration recorded, sorted by kind.
func (r *Recorder) Timings() []Timing {
	r.mu.Lock()
	defer r.mu.Unlock()
	var all []Timing
	for kind, ds := range r.durations {
		sorted := slices.Sorted(slices.Values(ds))
		all = append(all, Timing{
			Kind:   kind,
			Count:  len(sorted),
			Median: median(sorted),
			Max:    sorted[len(sorted)-1],
		})
	}
	slices.SortFunc(all, func(a, b Timing) int { return cmp.Compare(a.Kind, b.Kind) })
	return all
}

// median is the middle one, or the mean of the two middle ones.
func median(sorted []time.Duration) time.Duration {
	n := len(sorted)
	return (sorted[(n-1)/2] + sorted[n/2]) / 2
}

// Lenient returns what Leniencies was told, sorted by profile.
func (r *Recorder) Lenient() []Lenient {
	r.mu.Lock()
	defer r.mu.Unlock()
	var all []Lenient
	for profile, switches := range r.lenient {
		if len(switches) > 0 {
			all = append(all, Lenient{Profile: profile, Switches: slices.Clone(switches)})
		}
	}
	slices.SortFunc(all, func(a, b Lenient) int { return cmp.Compare(a.Profile, b.Profile) })
	return all
}

// Clean takes the secrets out of what is said of the scenario and attached to it.
func (c *Collected) Clean(s *Scenario) {
	if c.redacted == nil {
		return
	}
	for _, text := range []*string{&s.Reason, &s.Expected, &s.Got} {
		*text = c.redacted(*text)
	}
	for i := range s.Steps {
		s.Steps[i].Error = c.redacted(s.Steps[i].Error)
	}
	for _, list := range [][]string{c.Notes, c.Warnings} {
		for i := range list {
			list[i] = c.redacted(list[i])
		}
	}
	for i, a := range c.Attachments {
		if !strings.HasPrefix(a.MediaType, "image/") {
			c.Attachments[i].Data = []byte(c.redacted(string(a.Data)))
		}
	}
}

// Pictures are the images to show: the small ones, or the PNGs if there are
// no others (a full-page PNG would only make the report heavy).
func (c Collected) Pictures() []Picture {
	var small, png []Picture
	for _, a := range c.Attachments {
		switch {
		case a.MediaType == "image/png":
			png = append(png, a)
		case strings.HasPrefix(a.MediaType, "image/"):
			small = append(small, a)
		}
	}
	if len(small) > 0 {
		return small
	}
	return png
}

// Write stores every attachment below dir and returns the paths.
func (c Collected) Write(dir string) ([]string, error) {
	if len(c.Attachments) == 0 {
		return nil, nil
	}
	if err := os.MkdirAll(dir, dirMode); err != nil {
		return nil, err
	}
	var paths []string
	for _, a := range c.Attachments {
		path := filepath.Join(dir, a.Name)
		if err := os.WriteFile(path, a.Data, fileMode); err != nil {
			return paths, err
		}
		paths = append(paths, path)
	}
	return paths, nil
}

var unsafeInName = regexp.MustCompile(`[^A-Za-z0-9._-]+`)

// fileName makes name safe as a file name and gives it an extension that
// fits the media type when it has none.
func fileName(name, mediaType string) string {
	name = strings.TrimLeft(unsafeInName.ReplaceAllString(filepath.Base(name), "-"), ".")
	if name == "" {
		name = "attachment"
	}
	if filepath.Ext(name) == "" {
		if ext, err := mime.ExtensionsByType(mediaType); err == nil && len(ext) > 0 {
			name += ext[0]
		}
	}
	return name
}
