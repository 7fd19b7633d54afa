package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/mint-conformance/mint/steps/browser"
	"github.com/mint-conformance/mint/steps/catalogue"
	"github.com/mint-conformance/mint/steps/doctor"
	"github.com/mint-conformance/mint/steps/partner"
	"github.com/mint-conformance/mint/steps/runner"
)

func doctorCommand(getenv func(string) string) *cobra.Command {
	var file, bin string
	var byHand manual
	var learn bool
	c := &cobra.Command{
		Use:   "doctor --target FILE",
		Short: "Look whether a server of your own can be checked, and explain the first thing that is wrong",
		Args:  cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			if file == "" || strings.HasPrefix(file, "mock:") {
				return finish(c, fmt.Errorf("%w: --target takes the file that describes your server; `conformance init` writes one", runner.ErrUsage))
			}
			d, err := readPartner(file, getenv)
			switch {
			case err != nil:
			case learn && byHand.on:
				err = fmt.Errorf("%w: --learn has a person do everything; leave --manual out", runner.ErrUsage)
			case learn:
				err = byHand.ready("--learn", d, bin, getenv)
			case byHand.on:
				err = byHand.ready("--manual", d, bin, getenv)
			}
			if err == nil {
				use, end := runner.ShareBrowser(func(ctx context.Context, flags map[string]string) (*browser.Browser, error) {
					found, err := browser.Find(bin, getenv("CHROME"), byHand.on || learn)
					if err != nil {
						return nil, err
					}
					return browser.Launch(ctx, browser.Options{Bin: found, Headed: byHand.on || learn, Flags: flags})
				})
				err = errors.Join(examination{c.OutOrStdout(), c.InOrStdin(), byHand, learn, use}.of(c.Context(), d), end())
			}
			return finish(c, err)
		},
	}
	byHand.flags(c.Flags())
	c.Flags().BoolVar(&learn, "learn", false, "show the browser, have a person log in and allow, and print the steps of login for the file")
	c.Flags().StringVar(&file, "target", "", "the file that describes the server")
	c.Flags().StringVar(&bin, "browser", "", "path or remote debugging address of the browser (default: CHROME, or one on PATH)")
	return c
}

// examination is one run of doctor.
type examination struct {
	out    io.Writer
	in     io.Reader // what the person types
	byHand manual
	learn  bool
	// use launches the browser if the server's pages need one.
	use func(context.Context) (*browser.Browser, error)
}

// of prints what went well, and what checks wait for. The error is the first
// thing that is wrong.
func (e examination) of(ctx context.Context, d *partner.Document) (err error) {
	out, tell := e.out, func(step string) { fmt.Fprintf(e.out, "ok    %s\n", step) }
	p, err := partner.Connect(ctx, d, partner.Options{Now: machineTime, Sleep: partner.Sleep, Tell: tell})
	if err != nil {
		return err
	}
	if e.byHand.on {
		p.Target.Manual = e.byHand.person(p.Target, typed(e.in), func(sentence string) { fmt.Fprintf(out, "hand  %s\n", sentence) })
	}
	end, err := p.ServeRedirects(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, end()) }()
	for _, uri := range p.Target.Clients.Main.RedirectURIs {
		fmt.Fprintf(out, "note  registered for %s on the server has to be exactly %s\n", p.Target.Clients.Main.ID, uri)
	}
	if e.learn {
		return e.lesson(ctx, p.Target, d.File)
	}
	probed, err := doctor.Walk(ctx, p.Target, e.use, machineTime, tell)
	if err != nil {
		return err
	}
	p.Know(probed)
	for _, note := range append(p.Notes, p.Contradictions()...) {
		fmt.Fprintf(out, "note  %s\n", note)
	}
	known, err := catalogue.Load()
	if err != nil {
		return err
	}
	ready, missing := doctor.Coverage(known, p.Target)
	fmt.Fprintf(out, "%d checks are ready to run: conformance run --target %s\n", ready, d.File)
	for _, m := range missing {
		fmt.Fprintf(out, "more  %d with %s\n", len(m.Checks), m)
	}
	return nil
}

func initCommand() *cobra.Command {
	var issuer, out, caFile string
	var schema bool
	c := &cobra.Command{
		Use:   "init --issuer URL",
		Short: "Write a file that describes a server of your own, from its metadata",
		Args:  cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			if schema {
				_, err := c.OutOrStdout().Write(partner.Schema())
				return finish(c, err)
			}
			if issuer == "" {
				return finish(c, fmt.Errorf("%w: --issuer is missing; write the address of the authorization server", runner.ErrUsage))
			}
			text, err := partner.Sketch(c.Context(), issuer, caFile, partner.Options{Now: machineTime, Sleep: partner.Sleep})
			if err == nil && out != "" {
				return finish(c, writeNew(c.OutOrStdout(), out, text))
			}
			fmt.Fprint(c.OutOrStdout(), text)
			return finish(c, err)
		},
	}
	f := c.Flags()
	f.StringVar(&issuer, "issuer", "", "address of the authorization server")
	f.StringVar(&out, "out", "", "file to write (default: standard output)")
	f.StringVar(&caFile, "ca-file", "", "certificates in PEM that the server's own one is signed by")
	f.BoolVar(&schema, "schema", false, "print the JSON Schema of such files instead")
	return c
}

// writeNew writes a file that is not there yet.
func writeNew(out io.Writer, path, text string) error {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return fmt.Errorf("%w: --out: %w; name a file that does not exist yet", runner.ErrUsage, err)
	}
	_, err = file.WriteString(text)
	if err = errors.Join(err, file.Close()); err != nil {
		return fmt.Errorf("%w: --out: %w", runner.ErrUsage, err)
	}
	fmt.Fprintf(out, "%s is written; fill in the client and the test account, then: conformance doctor --target %s\n", path, path)
	return nil
}
