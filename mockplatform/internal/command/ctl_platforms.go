package command

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/mint-conformance/mint/mockplatform/control"
)

func (o *operator) platforms() *cobra.Command {
	list := o.do("list", "List the hosted Platforms", 0, func(ctx context.Context, c *control.Client, _ []string) (any, func(), error) {
		ctx, cancel := within(ctx, 0)
		defer cancel()
		all, err := c.Platforms(ctx)
		return control.Platforms{Platforms: all}, o.table([]string{"NAME", "PROFILE", "ISSUER", "CLIENTS"}, func(rows table) {
			for _, one := range all {
				rows.add(one.Name, one.Profile, one.Issuer, clientIDs(one))
			}
		}), err
	})
	show := o.do("show NAME", "Describe a Platform with endpoints, clients and customers", 1, func(ctx context.Context, c *control.Client, args []string) (any, func(), error) {
		ctx, cancel := within(ctx, 0)
		defer cancel()
		one, err := c.Platform(ctx, args[0])
		return one, func() { _ = printJSON(o.program.stdout, one) }, err // a Platform has no shape that fits a table
	})
	remove := o.do("delete NAME", "Remove a Platform with everything it holds", 1, func(ctx context.Context, c *control.Client, args []string) (any, func(), error) {
		ctx, cancel := within(ctx, 0)
		defer cancel()
		return nil, o.say("%s is gone.", args[0]), c.DeletePlatform(ctx, args[0])
	})
	return group("platforms", "List, create and delete Platforms", list, show, o.createPlatform(), remove)
}

func clientIDs(one control.Platform) string {
	var ids []string
	for _, client := range one.Clients {
		ids = append(ids, client.ID)
	}
	return strings.Join(ids, ",")
}

func (o *operator) createPlatform() *cobra.Command {
	var name, settings string
	cmd := o.do("create PROFILE", "Host a new Platform", 1, func(ctx context.Context, c *control.Client, args []string) (any, func(), error) {
		wanted := control.CreatePlatform{Profile: args[0], Name: name}
		document, err := settingsDocument(settings)
		if err != nil {
			return nil, nil, err
		}
		wanted.Settings = document
		ctx, cancel := within(ctx, 0)
		defer cancel()
		made, err := c.CreatePlatform(ctx, wanted)
		return made, o.say("%s is hosted: issuer %s", made.Name, made.Issuer), err
	})
	cmd.Flags().StringVar(&name, "name", "", "`name` of the Platform (default: a free one)")
	cmd.Flags().StringVar(&settings, "settings", "", "partial profile in JSON, or @`FILE` that holds it")
	return cmd
}

func settingsDocument(flag string) (json.RawMessage, error) {
	if flag == "" {
		return nil, nil
	}
	document := []byte(flag)
	if file, isFile := strings.CutPrefix(flag, "@"); isFile {
		var err error
		if document, err = os.ReadFile(file); err != nil {
			return nil, usageError{err}
		}
	}
	if !json.Valid(document) {
		return nil, usageError{errors.New("--settings: is not JSON")}
	}
	return document, nil
}
