package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"github.com/mint-conformance/mint/client"
)

// operatorTimeout bounds the end of an operator's command.
const operatorTimeout = 10 * time.Second

func keysCommand(stdout io.Writer) *cobra.Command {
	var ring, database, keyring string // ring of init and add; the others of reseal
	ringFlag := func(c *cobra.Command) *cobra.Command {
		c.Flags().StringVar(&ring, "keyring", client.DefaultKeyring(client.DefaultDatabase), "key ring file")
		return c
	}
	initialise := ringFlag(&cobra.Command{
		Use: "init", Short: "Make a new key ring with one key", Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			if err := client.GenerateKeyring(ring); err != nil {
				return err
			}
			_, err := fmt.Fprintf(stdout, "Made key ring %s. Keep a copy of it apart from the database: without it no connection can be read.\n", ring)
			return err
		},
	})
	add := ringFlag(&cobra.Command{
		Use: "add", Short: "Add a key, which seals from now on; older keys still open", Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			id, err := client.AddKey(ring)
			if err != nil {
				return err
			}
			_, err = fmt.Fprintf(stdout, "Added key %s to %s. Restart MINT, then run: mint keys reseal\n", id, ring)
			return err
		},
	})
	reseal := &cobra.Command{
		Use: "reseal", Short: "Seal everything stored with the newest key", Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			integrations, err := loadIntegrations("") // resealing asks no platform anything
			if err != nil {
				return err
			}
			return withOperator(c.Context(), client.Config{Database: database, Keyring: keyring, Integrations: integrations}, func(o *client.Operator) error {
				report, err := o.Reseal(c.Context())
				if err != nil {
					return refusal{err}
				}
				_, err = fmt.Fprintf(stdout, "%d sealed anew, %d already with the newest key, %d unreadable (reconnecting repairs those).\n", report.Resealed, report.Current, report.Unreadable)
				return err
			})
		},
	}
	reseal.Flags().StringVar(&database, "database", client.DefaultDatabase, "sqlite:PATH")
	reseal.Flags().StringVar(&keyring, "keyring", "", "key ring file (default: beside the database)")
	return group("keys", "Make and change the key ring", initialise, add, reseal)
}

// withOperator opens the database for one piece of work.
func withOperator(ctx context.Context, config client.Config, work func(*client.Operator) error) error {
	operator, err := client.NewOperator(config)
	if err != nil {
		return err
	}
	err = work(operator)
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), operatorTimeout)
	defer cancel()
	return errors.Join(err, operator.Close(last))
}
