package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"

	"github.com/spf13/cobra"

	"github.com/mint-conformance/mint/client"
	"github.com/mint-conformance/mint/fixtures"
)

// serveFlags is what `mint serve` was told.
type serveFlags struct {
	listen, publicURL, integrations, database, keyring string
	followClock, controlToken                          string
	forTests                                           bool
	logLevel, logFormat                                string
}

func serveCommand(stdout, stderr io.Writer) *cobra.Command {
	var f serveFlags
	command := &cobra.Command{
		Use: "serve", Short: "Serve the pages and the JSON API until interrupted", Args: cobra.NoArgs,
		Long: "Serve MINT's pages and JSON API. The first line on standard output is one JSON object,\n" +
			`{"event":"ready","url":"…"}; the log goes to standard error.`,
		RunE: func(c *cobra.Command, _ []string) error { return serve(c.Context(), f, stdout, stderr) },
	}
	flags := command.Flags()
	flags.StringVar(&f.listen, "listen", client.DefaultListen, "address to listen on; port 0 takes a free one")
	flags.StringVar(&f.publicURL, "public-url", "", "address that browsers use (default http:// and the listening address)")
	flags.StringVar(&f.integrations, "integrations", "", "YAML file of platforms (default: the four of a local mockplatform)")
	flags.StringVar(&f.database, "database", client.DefaultDatabase, "sqlite:PATH")
	flags.StringVar(&f.keyring, "keyring", "", "key ring file (default: beside the database, made together with it)")
	flags.StringVar(&f.logLevel, "log-level", "info", "debug, info, warn or error")
	flags.StringVar(&f.logFormat, "log-format", "text", "text or json")
	flags.StringVar(&f.followClock, "follow-clock", "", "clock resource of a mock Platform whose time to follow; only with --for-tests")
	flags.StringVar(&f.controlToken, "control-token", "", "token of that Platform's control API; only with --follow-clock")
	flags.BoolVar(&f.forTests, "for-tests", false, "admit that this MINT is for tests and may follow a foreign clock")
	return command
}

func serve(ctx context.Context, f serveFlags, stdout, stderr io.Writer) (err error) {
	log, err := newLogger(stderr, f.logLevel, f.logFormat)
	if err != nil {
		return err
	}
	integrations, err := loadIntegrations(f.integrations)
	if err != nil {
		return err
	}
	config := client.Config{
		Listen: f.listen, PublicURL: f.publicURL, Integrations: integrations,
		Database: f.database, Keyring: f.keyring, Logger: log,
	}
	clock, err := followedClock(ctx, f)
	if err != nil {
		return err
	}
	if clock != nil {
		config.Now = clock.Now
		defer func() { err = errors.Join(err, clock.Close()) }()
	}
	server, err := client.New(config)
	if err != nil {
		return err
	}
	ready := struct {
		Event string `json:"event"`
		URL   string `json:"url"`
	}{"ready", server.URL()}
	server.Start()
	if err := json.NewEncoder(stdout).Encode(ready); err != nil {
		return errors.Join(fmt.Errorf("say that MINT is ready: %w", err), server.Close(ctx))
	}
	if err := server.Wait(ctx); err != nil {
		return refusal{err}
	}
	return nil
}

// followedClock is nil in production. A start that does not say it is for
// tests may not follow a clock: whoever moved it would decide when tokens
// expire.
func followedClock(ctx context.Context, f serveFlags) (*client.FollowedClock, error) {
	switch {
	case f.followClock == "" && f.controlToken == "":
		return nil, nil
	case f.followClock == "":
		return nil, errors.New("--control-token has no meaning without --follow-clock; leave it out")
	case !f.forTests:
		return nil, errors.New("--follow-clock hands MINT's time to another program, which is for tests only; add --for-tests, or leave it out")
	}
	return client.FollowClock(ctx, f.followClock, f.controlToken)
}

// loadIntegrations reads the named file, or the embedded one that fits
// `mockplatform serve`.
func loadIntegrations(path string) ([]client.Integration, error) {
	if path == "" {
		document, err := fixtures.Integrations("default")
		if err != nil {
			return nil, err
		}
		return client.LoadIntegrations("default integrations", document)
	}
	document, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("the integrations file cannot be read: %w; name another with --integrations, or none for a local mockplatform", err)
	}
	return client.LoadIntegrations(path, document)
}

func newLogger(w io.Writer, level, format string) (*slog.Logger, error) {
	var threshold slog.Level
	if err := threshold.UnmarshalText([]byte(level)); err != nil {
		return nil, fmt.Errorf("--log-level %q is not a level; use debug, info, warn or error", level)
	}
	options := &slog.HandlerOptions{Level: threshold}
	switch format {
	case "text":
		return slog.New(slog.NewTextHandler(w, options)), nil
	case "json":
		return slog.New(slog.NewJSONHandler(w, options)), nil
	}
	return nil, fmt.Errorf("--log-format %q is not a format; use text or json", format)
}
