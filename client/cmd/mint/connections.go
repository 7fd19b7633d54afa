package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/spf13/cobra"

	"github.com/mint-conformance/mint/client"
)

// connectionFlags is what the commands below share.
type connectionFlags struct{ database, keyring, integrations, output string }

// connectionWork is one command: it uses the operator and returns what to
// print.
type connectionWork func(c *cobra.Command, o *client.Operator, args []string) (document any, table [][]string, err error)

func connectionsCommand(stdout io.Writer) *cobra.Command {
	var f connectionFlags
	one := func(use, short string, args cobra.PositionalArgs, work connectionWork) *cobra.Command {
		command := &cobra.Command{Use: use, Short: short, Args: args, RunE: func(c *cobra.Command, args []string) error {
			return f.run(c, args, stdout, work)
		}}
		flags := command.Flags()
		flags.StringVar(&f.database, "database", client.DefaultDatabase, "sqlite:PATH")
		flags.StringVar(&f.keyring, "keyring", "", "key ring file (default: beside the database)")
		flags.StringVar(&f.integrations, "integrations", "", "YAML file of platforms (default: the four of a local mockplatform)")
		flags.StringVarP(&f.output, "output", "o", "table", "table or json")
		return command
	}
	return group("connections", "See and end connections of all browsers",
		one("list", "List all connections", cobra.NoArgs, listConnections),
		one("show ID", "Show one connection", cobra.ExactArgs(1), showConnection),
		one("refresh ID", "Renew a connection's access token now", cobra.ExactArgs(1), refreshConnection),
		one("disconnect ID", "End a connection and revoke its tokens", cobra.ExactArgs(1), disconnectConnection))
}

func (f connectionFlags) run(c *cobra.Command, args []string, stdout io.Writer, work connectionWork) error {
	if f.output != "table" && f.output != "json" {
		return fmt.Errorf("--output %q is not known; use table or json", f.output)
	}
	integrations, err := loadIntegrations(f.integrations)
	if err != nil {
		return err
	}
	config := client.Config{Database: f.database, Keyring: f.keyring, Integrations: integrations}
	return withOperator(c.Context(), config, func(o *client.Operator) error {
		document, table, err := work(c, o, args)
		if err != nil {
			return refusal{err}
		}
		if f.output == "json" {
			encoder := json.NewEncoder(stdout)
			encoder.SetIndent("", "  ")
			return encoder.Encode(document)
		}
		return printTable(stdout, table)
	})
}

func listConnections(c *cobra.Command, o *client.Operator, _ []string) (any, [][]string, error) {
	all, err := o.List(c.Context())
	if err != nil {
		return nil, nil, err
	}
	documents, table := make([]connectionDocument, 0, len(all)), [][]string{{"ID", "PLATFORM", "STATE", "REASON", "SINCE", "ACCOUNT"}}
	for _, one := range all {
		documents = append(documents, newDocument(one))
		table = append(table, []string{one.ID, one.PlatformID, string(one.State), string(one.Reason), instant(one.Since), one.Account})
	}
	return map[string]any{"connections": documents}, table, nil
}

func showConnection(c *cobra.Command, o *client.Operator, args []string) (any, [][]string, error) {
	found, err := o.Show(c.Context(), args[0])
	if err != nil {
		return nil, nil, err
	}
	return newDocument(found), describe(found), nil
}

func refreshConnection(c *cobra.Command, o *client.Operator, args []string) (any, [][]string, error) {
	found, err := o.Refresh(c.Context(), args[0])
	if err != nil {
		return nil, nil, err
	}
	return newDocument(found), describe(found), nil
}

func disconnectConnection(c *cobra.Command, o *client.Operator, args []string) (any, [][]string, error) {
	outcome, err := o.Disconnect(c.Context(), args[0])
	if err != nil {
		return nil, nil, err
	}
	return map[string]any{"revoked": outcome.Revoked, "pending": outcome.Pending, "message": outcome.Sentence}, [][]string{{outcome.Sentence}}, nil
}

// connectionDocument is a connection as JSON for the operator: the members of
// the JSON API, and whose it is.
type connectionDocument struct {
	ID              string    `json:"id"`
	Workspace       string    `json:"workspace"`
	Platform        string    `json:"platform"`
	State           string    `json:"state"`
	Reason          string    `json:"reason,omitempty"`
	Explanation     string    `json:"explanation,omitempty"`
	Since           time.Time `json:"since,omitzero"`
	Account         string    `json:"account,omitempty"`
	AccountName     string    `json:"account_name,omitempty"`
	Scopes          []string  `json:"scopes"`
	ConnectedAt     time.Time `json:"connected_at,omitzero"`
	RefreshedAt     time.Time `json:"refreshed_at,omitzero"`
	AccessExpiresAt time.Time `json:"access_expires_at,omitzero"`
	RetryAt         time.Time `json:"retry_at,omitzero"`
	Version         int64     `json:"version"`
}

func newDocument(c client.Connection) connectionDocument {
	return connectionDocument{
		ID: c.ID, Workspace: c.Workspace, Platform: c.PlatformID, State: string(c.State), Reason: string(c.Reason),
		Explanation: c.Explanation, Since: c.Since, Account: c.Account, AccountName: c.AccountName,
		Scopes: append([]string{}, c.Scopes...), ConnectedAt: c.ConnectedAt, RefreshedAt: c.RefreshedAt,
		AccessExpiresAt: c.AccessExpiresAt, RetryAt: c.RetryAt, Version: c.Version,
	}
}

// describe is one connection as a two-column table.
func describe(c client.Connection) [][]string {
	return [][]string{
		{"id", c.ID}, {"workspace", c.Workspace}, {"platform", c.PlatformID},
		{"state", string(c.State)}, {"reason", string(c.Reason)}, {"explanation", c.Explanation}, {"since", instant(c.Since)},
		{"account", c.Account}, {"account name", c.AccountName}, {"scopes", strings.Join(c.Scopes, " ")},
		{"connected at", instant(c.ConnectedAt)}, {"refreshed at", instant(c.RefreshedAt)},
		{"access expires at", instant(c.AccessExpiresAt)}, {"retry at", instant(c.RetryAt)},
		{"version", fmt.Sprint(c.Version)},
	}
}

// instant is RFC 3339 in UTC, a dash for none.
func instant(t time.Time) string {
	if t.IsZero() {
		return "-"
	}
	return t.UTC().Format(time.RFC3339)
}

func printTable(w io.Writer, rows [][]string) error {
	out := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, row := range rows {
		for i, cell := range row {
			if row[i] = visible(cell); cell == "" {
				row[i] = "-"
			}
		}
		if _, err := fmt.Fprintln(out, strings.Join(row, "\t")); err != nil {
			return err
		}
	}
	return out.Flush()
}

// visible shows what a terminal would obey, or the table fall apart over, as Go
// would write it: platforms name their accounts as they like.
func visible(text string) string {
	if strings.IndexFunc(text, func(r rune) bool { return !unicode.IsPrint(r) }) < 0 && utf8.ValidString(text) {
		return text
	}
	quoted := strconv.Quote(text)
	return quoted[1 : len(quoted)-1]
}
