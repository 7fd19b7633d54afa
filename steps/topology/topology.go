// Package topology puts a mock Platform and MINT next to each other and says
// where they are. The same scenarios run on every topology: "embedded" holds
// both in this process, "replicas" the same with two Platform servers over one
// Redis, and "containers" runs the shipped binaries in images of their own. Nothing here knows about features, steps or browsers.
package topology

import (
	"context"
	"errors"
	"log/slog"
	"net/http"

	"github.com/mint-conformance/mint/client"
	"github.com/mint-conformance/mint/mockplatform/control"
)

// ErrSetup marks an error that the person at the keyboard can mend (no
// container engine, a missing binary): wrap it with one sentence that says
// how. The runner answers it with exit code 2.
var ErrSetup = errors.New("the topology cannot be set up")

// ErrUnavailable marks an error of the surroundings, not of what is under
// test: a server that does not come up, a lost container. The runner reports
// such a scenario as "could not run", never as a verdict.
var ErrUnavailable = errors.New("the topology is not available")

// Topology is one running mock Platform server and the means to start MINTs
// beside it. Its methods may be called from several scenarios at once.
type Topology interface {
	// Name is what --topology is called: "embedded", "replicas" or "containers".
	Name() string
	// Control is the control API of the one mock Platform server of the run.
	Control() *control.Client
	// ReserveMINT gives a MINT its address before it runs, so that a
	// scenario can register the redirect URI first.
	ReserveMINT(ctx context.Context) (MINT, error)
	// HTTPClient reaches Platform and MINT URLs as the browser would. It has
	// no cookie jar and does not follow redirects.
	HTTPClient() *http.Client
	// BrowserFlags are command line flags that the browser needs to reach the
	// same URLs, without the leading dashes ("host-resolver-rules").
	BrowserFlags() map[string]string
	// Logs holds what the parts shared by all scenarios wrote, by name.
	Logs(ctx context.Context) (map[string][]byte, error)
	// Close ends everything and removes what it left on disk.
	Close(ctx context.Context) error
}

// MINT is one MINT of one scenario. It is not safe for use by several
// goroutines, except URL, Logs and Database.
type MINT interface {
	// URL is MINT's public base URL without a trailing slash; it stays the
	// same over Restart.
	URL() string
	// Start runs MINT for the first time and returns once it answers.
	Start(ctx context.Context, start StartMINT) error
	// Restart stops MINT and starts it again over the same database and key ring.
	Restart(ctx context.Context) error
	// Database returns the bytes of the database file and its write-ahead
	// log, for assertions such as "no token is readable in it".
	Database(ctx context.Context) ([]byte, error)
	// Logs is what this MINT has written so far.
	Logs(ctx context.Context) []byte
	// Close stops MINT and removes its directory.
	Close(ctx context.Context) error
}

// StartMINT says what a MINT is to know.
type StartMINT struct {
	Integrations []client.Integration
	// FollowClock is the name of the Platform whose clock MINT follows; empty
	// lets it keep the machine's.
	FollowClock string
}

// Options are common to all topologies.
type Options struct {
	// Logger receives the topology's own remarks; required.
	Logger *slog.Logger
	// Progress, if set, is told about set-up that takes long ("building the
	// image of MINT").
	Progress func(sentence string)
	// Scratch is where temporary files go, the system's place for them when
	// empty. A directory in memory spares the embedded topology many waits for
	// the disk, since MINT rightly insists that its database is on it.
	Scratch string
}
