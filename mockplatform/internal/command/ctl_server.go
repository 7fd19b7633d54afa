package command

import (
	"context"
	"encoding/json"
	"strings"

	"github.com/spf13/cobra"

	"github.com/mint-conformance/mint/mockplatform/control"
)

func (o *operator) health() *cobra.Command {
	return o.do("health", "Say whether the server is up; exit code 1 if it is not", 0, func(ctx context.Context, c *control.Client, _ []string) (any, func(), error) {
		ctx, cancel := within(ctx, 0)
		defer cancel()
		return map[string]string{"status": "ok"}, o.say("ok"), c.Health(ctx)
	})
}

func (o *operator) openAPI() *cobra.Command {
	return o.do("openapi", "Print the OpenAPI document of the server's control API", 0, func(ctx context.Context, c *control.Client, _ []string) (any, func(), error) {
		ctx, cancel := within(ctx, 0)
		defer cancel()
		document, err := c.OpenAPI(ctx)
		return json.RawMessage(document), func() { _, _ = o.program.stdout.Write(document) }, err
	})
}

func (o *operator) hostedProfiles() *cobra.Command {
	return o.do("profiles", "List the profiles that the server can host, and the dialects they can speak", 0, func(ctx context.Context, c *control.Client, _ []string) (any, func(), error) {
		ctx, cancel := within(ctx, 0)
		defer cancel()
		all, err := c.Profiles(ctx)
		if err != nil {
			return nil, nil, err
		}
		dialects, err := c.Dialects(ctx)
		listed := o.table([]string{"PROFILE", "TITLE", "SUMMARY", "WEAKER THAN THE RFCS"}, func(rows table) {
			for _, one := range all {
				rows.add(one.Name, one.Title, one.Summary, strings.Join(one.Leniencies, "; "))
			}
		})
		spoken := o.table([]string{"DIALECT", "TITLE", "SUMMARY", "SOURCE"}, func(rows table) {
			for _, one := range dialects {
				rows.add(one.Name, one.Title, one.Summary, strings.Join(one.Sources, "; "))
			}
		})
		return control.Profiles{Profiles: all, Dialects: dialects}, func() {
			listed()
			o.say("")()
			spoken()
		}, err
	})
}
