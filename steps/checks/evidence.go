package checks

import (
	"context"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/mint-conformance/mint/steps/pages"
)

// keepPages keeps what the browsers of the check's visitors show at its end:
// picture, document and requests, numbered from the second visitor on. The
// recorder takes the secrets out of the texts; see handOver.
func (t *trial) keepPages(ctx context.Context) {
	number := 0
	for _, name := range slices.Sorted(maps.Keys(t.visitors)) {
		b, ok := t.visitors[name].(*pages.Browser)
		if !ok {
			continue
		}
		number++
		for _, kept := range b.Evidence(context.WithoutCancel(ctx)) { // the check may have run out of time
			t.shared.Recorder.Attach(t.scenario.Id, numbered(kept.Name, number), kept.MediaType, kept.Data)
		}
	}
}

// numbered is the name of the nth file of its kind.
func numbered(name string, n int) string {
	if n == 1 {
		return name
	}
	extension := path.Ext(name)
	return fmt.Sprintf("%s-%d%s", strings.TrimSuffix(name, extension), n, extension)
}
