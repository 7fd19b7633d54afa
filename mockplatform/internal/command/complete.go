package command

import (
	"context"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/mint-conformance/mint/mockplatform/control"
)

// completeTimeout bounds the call that a shell waits for.
const completeTimeout = 2 * time.Second

// complete completes a command's first argument from the server: names of
// Platforms or of profiles, as its usage line says.
func (o *operator) complete(use string) cobra.CompletionFunc {
	_, arguments, _ := strings.Cut(use, " ")
	return func(cmd *cobra.Command, args []string, _ string) ([]cobra.Completion, cobra.ShellCompDirective) {
		if len(args) > 0 {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		switch {
		case strings.HasPrefix(arguments, "PLATFORM"), strings.HasPrefix(arguments, "NAME"):
			return o.ask(cmd, platformNames)
		case strings.Contains(arguments, "PROFILE"):
			return o.ask(cmd, profileNames)
		}
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
}

func (o *operator) ask(cmd *cobra.Command, names func(context.Context, *control.Client) ([]cobra.Completion, error)) ([]cobra.Completion, cobra.ShellCompDirective) {
	client := control.NewClient(o.url, o.token)
	defer client.Close()
	parent := cmd.Context()
	if parent == nil {
		parent = context.Background()
	}
	ctx, cancel := context.WithTimeout(parent, completeTimeout)
	defer cancel()
	found, err := names(ctx, client)
	if err != nil {
		return nil, cobra.ShellCompDirectiveError
	}
	return found, cobra.ShellCompDirectiveNoFileComp
}

func platformNames(ctx context.Context, c *control.Client) ([]cobra.Completion, error) {
	all, err := c.Platforms(ctx)
	out := make([]cobra.Completion, 0, len(all))
	for _, one := range all {
		out = append(out, cobra.CompletionWithDesc(one.Name, one.Title))
	}
	return out, err
}

func profileNames(ctx context.Context, c *control.Client) ([]cobra.Completion, error) {
	all, err := c.Profiles(ctx)
	out := make([]cobra.Completion, 0, len(all))
	for _, one := range all {
		out = append(out, cobra.CompletionWithDesc(one.Name, one.Title))
	}
	return out, err
}
