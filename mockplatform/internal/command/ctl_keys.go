package command

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/mint-conformance/mint/mockplatform/control"
)

func (o *operator) keys() *cobra.Command {
	return group("keys", "Change the key that signs access tokens", o.rotateKey())
}

func (o *operator) rotateKey() *cobra.Command {
	return o.do("rotate PLATFORM", "Sign with a new key; earlier tokens stay good", 1, func(ctx context.Context, c *control.Client, args []string) (any, func(), error) {
		ctx, cancel := within(ctx, 0)
		defer cancel()
		key, err := c.RotateKey(ctx, args[0])
		return key, o.say("%s signs with the key %s.", args[0], key.ID), err
	})
}
