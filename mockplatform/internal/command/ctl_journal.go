package command

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"github.com/mint-conformance/mint/mockplatform/control"
)

func (o *operator) journal() *cobra.Command {
	return group("journal", "Show, follow and export what a Platform answered", o.showJournal(), o.followJournal(), o.exportJournal())
}

var journalHeads = []string{"SEQ", "AT", "REQUEST", "STATUS", "VERDICT", "CLIENT", "CUSTOMER", "GRANT", "ERROR", "REASON"}

func journalRow(rows table, one control.Exchange) {
	status := fmt.Sprint(one.Status)
	if one.Status == 0 {
		status = "dropped"
	}
	rows.add(one.Seq, one.At.Format("2006-01-02 15:04:05"), one.Method+" "+one.Path, status, one.Verdict, one.ClientID, one.Customer, one.GrantType, one.Error, one.Reason)
}

func (o *operator) showJournal() *cobra.Command {
	var filter control.JournalFilter
	var since string
	var wait time.Duration
	cmd := o.do("show PLATFORM", "Print what a Platform answered, oldest first", 1, func(ctx context.Context, c *control.Client, args []string) (any, func(), error) {
		if err := readSince(&filter, since); err != nil {
			return nil, nil, err
		}
		ctx, cancel := within(ctx, wait)
		defer cancel()
		found, err := c.FilterJournal(ctx, args[0], filter, wait)
		return found, o.table(journalHeads, func(rows table) {
			for _, one := range found.Exchanges {
				journalRow(rows, one)
			}
		}), err
	})
	cmd.Example = `  mockplatform ctl journal show mint --endpoint token --status 4xx
  mockplatform ctl journal show mint --fingerprint 3f9c01d2a4b5e677 -o json`
	filterFlags(cmd, &filter, &since)
	cmd.Flags().DurationVar(&wait, "wait", 0, "wait at most this `long` (1m or less) until something fits")
	return cmd
}

// followStep is how long one call of follow waits for news.
const followStep = 20 * time.Second

func (o *operator) followJournal() *cobra.Command {
	var filter control.JournalFilter
	var since string
	cmd := o.do("follow PLATFORM", "Print what a Platform answers, as it comes, until Ctrl-C or --limit", 1, func(ctx context.Context, c *control.Client, args []string) (any, func(), error) {
		if err := readSince(&filter, since); err != nil {
			return nil, nil, err
		}
		return nil, nil, o.follow(ctx, c, args[0], filter)
	})
	cmd.Long = "Print what a Platform answers, as it comes, until Ctrl-C or until --limit exchanges were printed.\nWith -o json each exchange is one line (NDJSON)."
	filterFlags(cmd, &filter, &since)
	return cmd
}

// follow prints exchanges as they come; a table cannot know its widths before
// its rows, so that people get one spaced line each.
func (o *operator) follow(ctx context.Context, c *control.Client, platform string, filter control.JournalFilter) error {
	left := filter.Limit
	for {
		if err := ctx.Err(); err != nil {
			return nil //nolint:nilerr // Ctrl-C is how following ends
		}
		call, cancel := within(ctx, followStep)
		found, err := c.FilterJournal(call, platform, filter, followStep)
		cancel()
		if err != nil {
			if ctx.Err() != nil {
				return nil //nolint:nilerr // Ctrl-C is how following ends
			}
			return err
		}
		for _, one := range found.Exchanges {
			if err := o.printFollowed(one); err != nil {
				return err
			}
		}
		filter.After = found.Next
		if left > 0 {
			if left -= len(found.Exchanges); left <= 0 {
				return nil
			}
			filter.Limit = left
		}
	}
}

func (o *operator) printFollowed(one control.Exchange) error {
	if o.output == "json" {
		encoder := json.NewEncoder(o.program.stdout)
		encoder.SetEscapeHTML(false)
		return encoder.Encode(one)
	}
	rows := newTable(o.program.stdout)
	journalRow(rows, one)
	return rows.flush()
}

func (o *operator) exportJournal() *cobra.Command {
	var filter control.JournalFilter
	var since, format, file string
	cmd := o.do("export PLATFORM", "Write the journal as HAR 1.2 or NDJSON", 1, func(ctx context.Context, c *control.Client, args []string) (any, func(), error) {
		if err := readSince(&filter, since); err != nil {
			return nil, nil, err
		}
		if !slices.Contains([]string{control.FormatHAR, control.FormatNDJSON}, format) {
			return nil, nil, usageError{fmt.Errorf("--format: %q is unknown: use har or ndjson", format)}
		}
		ctx, cancel := within(ctx, 0)
		defer cancel()
		document, err := c.ExportJournal(ctx, args[0], filter, format)
		if err != nil {
			return nil, nil, err
		}
		if file != "" {
			if err := os.WriteFile(file, document, 0o600); err != nil {
				return nil, nil, usageError{fmt.Errorf("--out: %w", err)}
			}
			return nil, o.say("%s holds %d bytes.", file, len(document)), nil
		}
		_, err = o.program.stdout.Write(document)
		return nil, nil, err
	})
	cmd.Example = "  mockplatform ctl journal export mint --format har --out mint.har"
	filterFlags(cmd, &filter, &since)
	cmd.Flags().StringVar(&format, "format", control.FormatNDJSON, "`form`: har or ndjson")
	cmd.Flags().StringVar(&file, "out", "", "`file` to write (default: standard output)")
	return cmd
}

func filterFlags(cmd *cobra.Command, filter *control.JournalFilter, since *string) {
	flags := cmd.Flags()
	flags.Int64Var(&filter.After, "after", 0, "only what comes after this sequence `number`")
	flags.StringVar(since, "since", "", "only what happened at or after this `instant` of the Platform's clock (RFC 3339)")
	flags.StringVar(&filter.Endpoint, "endpoint", "", "only this `endpoint`: authorize, login, consent, token, revoke, introspect, api, …")
	flags.StringVar(&filter.Client, "client", "", "only this client `id`")
	flags.StringVar(&filter.Customer, "customer", "", "only this customer `key`")
	flags.StringVar(&filter.GrantType, "grant-type", "", "only this grant `type`")
	flags.StringVar(&filter.Status, "status", "", "only this `status`: 401, a class such as 4xx, or dropped")
	flags.StringVar(&filter.Error, "error", "", "only this OAuth error `code`, or any")
	flags.StringVar(&filter.Verdict, "verdict", "", "only this `verdict`: accepted, refused or faulted")
	flags.StringVar(&filter.Family, "family", "", "only this token family `id`")
	flags.StringVar(&filter.Fingerprint, "fingerprint", "", "only where the code, token or verifier of this `fingerprint` came in or went out")
	flags.IntVar(&filter.Limit, "limit", 0, "at most so `many`")
}

func readSince(filter *control.JournalFilter, text string) error {
	if text == "" {
		return nil
	}
	since, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		return usageError{fmt.Errorf("--since: %q is no instant: write it as 2026-11-22T03:00:00Z", text)}
	}
	filter.Since = since
	return nil
}
