package command

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/mint-conformance/mint/mockplatform/control"
)

func (o *operator) tokens() *cobra.Command {
	return group("tokens", "Let tokens expire, or revoke them",
		o.endTokens("expire PLATFORM", "Let the selected tokens expire now", "expired", (*control.Client).ExpireTokens),
		o.endTokens("revoke PLATFORM", "Revoke the selected tokens", "revoked", (*control.Client).RevokeTokens))
}

func (o *operator) endTokens(use, short, done string, end func(*control.Client, context.Context, string, control.TokenSelector) (control.Affected, error)) *cobra.Command {
	var selector control.TokenSelector
	cmd := o.do(use, short, 1, func(ctx context.Context, c *control.Client, args []string) (any, func(), error) {
		ctx, cancel := within(ctx, 0)
		defer cancel()
		affected, err := end(c, ctx, args[0], selector)
		return affected, o.say("%d tokens %s.", affected.Tokens, done), err
	})
	flags := cmd.Flags()
	flags.BoolVar(&selector.All, "all", false, "all tokens")
	flags.StringVar(&selector.Kind, "kind", "", "only this `kind`: access_token or refresh_token")
	flags.StringVar(&selector.Client, "client", "", "only those of this client `id`")
	flags.StringVar(&selector.Customer, "customer", "", "only those of this customer `key`")
	flags.StringVar(&selector.Family, "family", "", "only those of this family `id`")
	return cmd
}

func (o *operator) journal() *cobra.Command {
	var after int64
	var wait time.Duration
	cmd := o.do("journal PLATFORM", "Print what a Platform answered", 1, func(ctx context.Context, c *control.Client, args []string) (any, func(), error) {
		ctx, cancel := within(ctx, wait)
		defer cancel()
		found, err := c.Journal(ctx, args[0], after, wait)
		return found, o.table([]string{"SEQ", "AT", "REQUEST", "STATUS", "CLIENT", "CUSTOMER", "GRANT", "ERROR", "REASON"}, func(rows table) {
			for _, one := range found.Exchanges {
				status := fmt.Sprint(one.Status)
				if one.Status == 0 {
					status = "dropped"
				}
				rows.add(one.Seq, one.At.Format("2006-01-02 15:04:05"), one.Method+" "+one.Path, status, one.ClientID, one.Customer, one.GrantType, one.Error, one.Reason)
			}
		}), err
	})
	cmd.Flags().Int64Var(&after, "after", 0, "only what comes after this sequence `number`")
	cmd.Flags().DurationVar(&wait, "wait", 0, "wait at most this `long` until there is something")
	return cmd
}

func (o *operator) grants() *cobra.Command {
	return o.do("grants PLATFORM", "List the token families of a Platform", 1, func(ctx context.Context, c *control.Client, args []string) (any, func(), error) {
		ctx, cancel := within(ctx, 0)
		defer cancel()
		all, err := c.Grants(ctx, args[0])
		return control.Families{Families: all}, o.table([]string{"FAMILY", "CLIENT", "CUSTOMER", "GRANT", "KIND", "FINGERPRINT", "STATE", "EXPIRES"}, func(rows table) {
			for _, family := range all {
				for _, token := range family.Tokens {
					state := token.State
					if family.Revoked && family.Reason != "" {
						state += " (" + family.Reason + ")"
					}
					rows.add(family.ID, family.ClientID, family.Customer, family.GrantType, token.Kind, token.Fingerprint, state, token.ExpiresAt.Format(time.RFC3339))
				}
			}
		}), err
	})
}
