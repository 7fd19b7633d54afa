package command

import (
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/mint-conformance/mint/mockplatform"
	"github.com/mint-conformance/mint/mockplatform/control"
)

// journalSize is how many exchanges a journal keeps unless told otherwise.
const journalSize = 10_000

func (p *Program) serve() *cobra.Command {
	cfg := mockplatform.Default()
	var platforms []string
	var logLevel, logFormat string
	var hostile int64
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Host Platforms until it is stopped (Ctrl-C)",
		Long: `Host Platforms until it is stopped (Ctrl-C).

The first line on standard output is a JSON object that tells the addresses:
{"event":"ready","url":…,"control_url":…,"api_url":…,"platforms":[…]}
with "seed" and "hostile" where they were asked for. The same seeds, the same
requests in the same order and a clock that stands still give the same journal.`,
		Example: `  mockplatform serve
  mockplatform serve --listen 127.0.0.1:0 --platform shop=mailup --platform mine=./profile.yaml
  mockplatform serve --platform shop=mailup+github
  mockplatform serve --platform shop=mailup --hostile 7`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			logger, err := p.logger(logLevel, logFormat)
			if err != nil {
				return err
			}
			cfg.Logger = logger
			if len(platforms) > 0 {
				if cfg.Platforms, err = hosted(platforms); err != nil {
					return err
				}
			}
			if cmd.Flags().Changed("hostile") {
				cfg.Hostile = &control.Hostile{Seed: hostile}
			}
			return p.hostUntilDone(cmd, cfg)
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&cfg.Listen, "listen", cfg.Listen, "public `address`; port 0 takes a free one")
	flags.StringVar(&cfg.Control, "control", cfg.Control, "`address` of the control API; loopback, unless --control-token is set")
	flags.StringVar(&cfg.PublicURL, "public-url", "", "base `URL` that browsers and clients reach --listen by (default: its address)")
	flags.StringVar(&cfg.APIListen, "api-listen", cfg.APIListen, "second public `address`, for the API of Platforms with topology split")
	flags.StringVar(&cfg.APIPublicURL, "api-public-url", "", "base `URL` that clients reach --api-listen by (default: its address)")
	flags.IntVar(&cfg.MaxPlatforms, "max-platforms", 0, "`number` of Platforms that may be hosted at a time (default 4096)")
	flags.StringArrayVar(&platforms, "platform", nil, "`NAME[=PROFILE|FILE][+DIALECT]` to host, repeatable (default: mint, mailup, service, mindbaz)")
	flags.StringVar(&cfg.ControlToken, "control-token", "", "`token` that the control API asks for")
	tlsFlags(cmd, &cfg.TLS)
	flags.IntVar(&cfg.JournalSize, "journal-size", journalSize, "how `many` exchanges each Platform's journal keeps, at most 100000")
	flags.StringVar(&cfg.Store, "store", "memory", "where state lies: `memory|redis://HOST:PORT/DB`; replicas share one Redis, --platform and --public-url")
	flags.Uint64Var(&cfg.Seed, "seed", 0, "`number` above 0 from which every generated value follows, to repeat a run (memory store only)")
	flags.Int64Var(&hostile, "hostile", 0, "let every --platform surprise its clients in ways the RFCs allow, by this `seed`; 0 chooses one (memory store only)")
	flags.StringVar(&logLevel, "log-level", "info", "`level`: debug, info, warn or error")
	flags.StringVar(&logFormat, "log-format", "text", "`format` of the log on standard error: text or json")
	return cmd
}

func tlsFlags(cmd *cobra.Command, tls *mockplatform.TLS) {
	flags := cmd.Flags()
	flags.StringVar(&tls.CertFile, "tls-cert", "", "`file` with the certificate (PEM) of the public listeners, which then speak TLS")
	flags.StringVar(&tls.KeyFile, "tls-key", "", "`file` with the key (PEM) of --tls-cert")
	flags.StringVar(&tls.Mode, "tls", "", "`auto` makes a test CA and a certificate for the hosts of the public addresses")
	flags.StringVar(&tls.CAFile, "tls-ca-out", "", "`file` to write the certificate of --tls auto's CA to, for clients to trust")
	flags.StringVar(&tls.Fault, "tls-fault", "", "`defect` of --tls auto to have on purpose: expired, self_signed or wrong_host (certificate), old_versions (TLS 1.0 and 1.1), plain_http (answers without TLS, too)")
}

// ready is the first line on standard output.
type ready struct {
	Event      string   `json:"event"`
	URL        string   `json:"url"`
	ControlURL string   `json:"control_url"`
	APIURL     string   `json:"api_url"`
	Platforms  []string `json:"platforms"`
	Seed       uint64   `json:"seed,omitempty"`
	Hostile    int64    `json:"hostile,omitempty"` // seed of the surprises
}

func (p *Program) hostUntilDone(cmd *cobra.Command, cfg mockplatform.Config) error {
	server, err := mockplatform.New(cfg)
	if err != nil {
		return err
	}
	event := ready{"ready", server.URL(), server.ControlURL(), server.APIURL(), server.Platforms(), cfg.Seed, server.HostileSeed()}
	if event.Hostile != 0 {
		cfg.Logger.Info("the Platforms are hostile: repeat with --hostile", "seed", event.Hostile)
	}
	if err := json.NewEncoder(p.stdout).Encode(event); err != nil {
		return errors.Join(fmt.Errorf("writing the ready event: %w", err), server.Close())
	}
	<-cmd.Context().Done()
	return server.Close()
}

func (p *Program) logger(level, format string) (*slog.Logger, error) {
	var threshold slog.Level
	if err := threshold.UnmarshalText([]byte(level)); err != nil || !slices.Contains([]string{"debug", "info", "warn", "error"}, level) {
		return nil, fmt.Errorf("--log-level: %q is unknown: use debug, info, warn or error", level)
	}
	options := &slog.HandlerOptions{Level: threshold}
	switch format {
	case "text":
		return slog.New(slog.NewTextHandler(p.stderr, options)), nil
	case "json":
		return slog.New(slog.NewJSONHandler(p.stderr, options)), nil
	}
	return nil, fmt.Errorf("--log-format: %q is unknown: use text or json", format)
}

// hosted reads the values of --platform: NAME, NAME=PROFILE or NAME=FILE, each
// with +DIALECT or without.
func hosted(values []string) ([]mockplatform.Hosted, error) {
	var all []mockplatform.Hosted
	for _, value := range values {
		name, from, given := strings.Cut(value, "=")
		if !given {
			name, from = strings.ReplaceAll(value, "+", "-"), value
		}
		if name == "" || from == "" {
			return nil, fmt.Errorf("--platform: %q is not NAME, NAME=PROFILE or NAME=FILE", value)
		}
		one, err := source(from)
		if err != nil {
			return nil, fmt.Errorf("--platform %s: %w", value, err)
		}
		one.Name = name
		all = append(all, one)
	}
	return all, nil
}
