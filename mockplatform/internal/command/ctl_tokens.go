package command

import (
	"context"

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
