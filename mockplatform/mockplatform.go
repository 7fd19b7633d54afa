package mockplatform

import (
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/mint-conformance/mint/mockplatform/control"
	"github.com/mint-conformance/mint/mockplatform/internal/shared"
	"github.com/mint-conformance/mint/mockplatform/internal/web"
)

// Config says what to serve and where. Default has good values for all of it.
type Config struct {
	// Listen is host:port of the public listener; port 0 takes a free one.
	Listen string
	// Control is host:port of the control API. It gives out secrets, so that
	// anything but loopback needs a ControlToken.
	Control string
	// ControlToken, if set, is asked for by the control API.
	ControlToken string
	// APIListen is host:port of a second public listener, which serves the
	// API of Platforms with topology split (S003-07).
	APIListen string
	// PublicURL and APIPublicURL are what browsers and clients reach the two
	// public listeners by (scheme://host[:port]); they decide issuer and
	// endpoints. Empty: http and the listener's own address.
	PublicURL    string
	APIPublicURL string
	// JournalSize is how many exchanges a Platform's journal keeps unless it is
	// created with another size, at most 100000; 0 means 10000.
	JournalSize int
	// TLS is how the two public listeners prove who they are; the zero value is
	// plain HTTP.
	TLS TLS
	// Platforms are hosted from the start.
	Platforms []Hosted
	// MaxPlatforms is how many Platforms may be hosted at a time; 0 means 4096.
	MaxPlatforms int
	// Now is the machine's time; nil means the system clock. Platforms have
	// clocks of their own on top of it.
	Now func() time.Time
	// Timer waits out real time for faults that hold a request or its answer;
	// nil means the machine's. It answers a channel that tells of the end, and
	// a function that ends the wait.
	Timer func(time.Duration) (<-chan time.Time, func() bool)
	// Store is where state lies: "memory" (the default), or
	// redis://HOST:PORT/DB, which all servers (replicas) share that name it,
	// host the same Platforms and have the same PublicURL. It outlives them.
	Store string
	// Seed, if above 0, makes every value that is generated (codes, tokens,
	// secrets, ids) follow from it, so that a run can be repeated: the same
	// requests to a Platform in the same order get the same values. Keys of
	// RS256, ES256 and JWE are always fresh. It goes with the memory store only.
	Seed uint64
	// Hostile, if set, lets the Platforms that are hosted from the start
	// surprise their clients in ways the RFCs allow, all by the same seed;
	// HostileSeed tells it. It goes with the memory store only.
	Hostile *control.Hostile
	// Logger takes what the server has to tell; nil discards it. It is never
	// told secrets, queries or bodies.
	Logger *slog.Logger
}

// TLS says how the public listeners prove who they are: by a certificate of
// one's own (CertFile and KeyFile), or with Mode "auto" by one of a test CA,
// made for this process, whose certificate CAFile and Server.CA give out. Fault
// is a defect to have on purpose: expired, self_signed or wrong_host for that
// certificate (S004-35), old_versions or plain_http for the listeners.
type TLS = web.TLS

// Hosted is one Platform to host from the start.
type Hosted struct {
	// Name is the path segment; empty means the profile's own name.
	Name string
	// Profile names an embedded profile, alone or with a dialect after a plus
	// sign ("mailup+github"). Leave it empty to give a Document.
	Profile string
	// Document is a complete profile in YAML.
	Document []byte
	// Dialect names an embedded dialect to lay over Profile or Document.
	Dialect string
}

// Default serves the four Platforms of the spec on loopback, at ports 9400
// (public) and 9401 (control).
func Default() Config {
	return Config{
		Listen: "127.0.0.1:9400", Control: "127.0.0.1:9401", APIListen: "127.0.0.1:0",
		Platforms: []Hosted{{Profile: "mint"}, {Profile: "mailup"}, {Profile: "service"}, {Profile: "mindbaz"}},
	}
}

// Server is a running mock. Close ends it.
type Server struct {
	web     *web.Server
	store   *shared.Backend // nil for memory
	control *control.Client
	hostile int64
}

// New binds the listeners, hosts the configured Platforms and serves. Each
// error is one sentence that names what to change (several lines only for a
// profile with several faults).
func New(cfg Config) (*Server, error) {
	if cfg.Now == nil {
		cfg.Now = time.Now //nolint:forbidigo // this is where the clocks of all Platforms begin
	}
	if cfg.Logger == nil {
		cfg.Logger = slog.New(slog.DiscardHandler)
	}
	if cfg.MaxPlatforms < 0 {
		return nil, fmt.Errorf("max-platforms: %d is negative: give how many Platforms may be hosted at a time, or 0 for 4096", cfg.MaxPlatforms)
	}
	if cfg.APIListen == "" {
		cfg.APIListen = Default().APIListen
	}
	replicas, err := cfg.replicas()
	if err != nil {
		return nil, err
	}
	served, err := web.New(web.Config{
		Listen: cfg.Listen, Control: cfg.Control, APIListen: cfg.APIListen,
		PublicURL: cfg.PublicURL, APIPublicURL: cfg.APIPublicURL,
		ControlToken: cfg.ControlToken, JournalSize: cfg.JournalSize, TLS: cfg.TLS, Now: cfg.Now, Timer: cfg.Timer, Logger: cfg.Logger,
		Limits: web.Limits{Platforms: cfg.MaxPlatforms}, Seed: cfg.seed(), Shared: replicas,
	})
	if err != nil {
		return nil, errors.Join(err, closeStore(replicas))
	}
	server := &Server{web: served, store: replicas, control: control.NewClient(served.ControlURL(), cfg.ControlToken)}
	if server.hostile, err = hostAll(served.Registry(), cfg); err != nil {
		return nil, errors.Join(err, server.Close())
	}
	return server, nil
}

// URL is the public base address; a Platform's issuer is URL/name.
func (s *Server) URL() string { return s.web.URL() }

// APIURL is the base address of the API of Platforms with topology split.
func (s *Server) APIURL() string { return s.web.APIURL() }

// CA is the certificate of the test CA in PEM, for clients to trust; nil
// without one.
func (s *Server) CA() []byte { return s.web.CA() }

// ControlURL is the base address of the control API.
func (s *Server) ControlURL() string { return s.web.ControlURL() }

// Control is a client of the control API.
func (s *Server) Control() *control.Client { return s.control }

// Platforms lists the names of the hosted Platforms in order.
func (s *Server) Platforms() []string {
	names := []string{}
	for _, one := range s.web.Registry().List() {
		names = append(names, one.Name())
	}
	return names
}

// HostileSeed is what the surprises of the Platforms hosted from the start come
// from, given or chosen; 0 without surprises.
func (s *Server) HostileSeed() int64 { return s.hostile }

// Close ends long polls and requests under way (after at most half a second)
// and frees the ports.
func (s *Server) Close() error {
	s.control.Close()
	return errors.Join(s.web.Close(), closeStore(s.store))
}
