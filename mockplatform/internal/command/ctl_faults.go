package command

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/mint-conformance/mint/mockplatform/control"
)

func (o *operator) faults() *cobra.Command {
	list := o.do("list PLATFORM", "List the faults, used up ones included", 1, func(ctx context.Context, c *control.Client, args []string) (any, func(), error) {
		ctx, cancel := within(ctx, 0)
		defer cancel()
		all, err := c.Faults(ctx, args[0])
		return control.Faults{Faults: all}, o.table([]string{"ID", "ENDPOINT", "MATCH", "KIND", "STATUS", "ERROR", "FIRED"}, func(rows table) {
			for _, one := range all {
				status := ""
				if one.Action.Status != 0 {
					status = fmt.Sprint(one.Action.Status)
				}
				rows.add(one.ID, one.Match.Endpoint, matchText(one.Match), one.Action.Kind, status, one.Action.Error, fmt.Sprintf("%d of %d", one.Fired, one.Count))
			}
		}), err
	})
	disarm := o.do("disarm PLATFORM ID", "Remove a fault", 2, func(ctx context.Context, c *control.Client, args []string) (any, func(), error) {
		ctx, cancel := within(ctx, 0)
		defer cancel()
		return nil, o.say("%s is disarmed.", args[1]), c.DisarmFault(ctx, args[0], args[1])
	})
	return group("faults", "Arm, list and disarm counted faults", list, o.armFault(), disarm)
}

func matchText(match control.FaultMatch) string {
	text := ""
	for _, one := range [][2]string{{"grant_type", match.GrantType}, {"client", match.Client}, {"customer", match.Customer}, {"method", match.Method}} {
		if one[1] == "" {
			continue
		}
		if text != "" {
			text += ","
		}
		text += one[0] + "=" + one[1]
	}
	return text
}

func (o *operator) armFault() *cobra.Command {
	var fault control.Fault
	cmd := o.do("arm PLATFORM", "Arm a fault for the next requests that match", 1, func(ctx context.Context, c *control.Client, args []string) (any, func(), error) {
		ctx, cancel := within(ctx, 0)
		defer cancel()
		armed, err := c.ArmFault(ctx, args[0], fault)
		return armed, o.say("%s is armed for the next %d requests that match.", armed.ID, armed.Count), err
	})
	cmd.Example = `  mockplatform ctl faults arm mint --endpoint api --kind unauthorized
  mockplatform ctl faults arm mint --endpoint token --grant-type refresh_token --kind error --status 503 --error temporarily_unavailable --count 2`
	flags := cmd.Flags()
	flags.StringVar(&fault.Match.Endpoint, "endpoint", "", "`endpoint`: authorize, token, revoke, introspect or api")
	flags.StringVar(&fault.Match.GrantType, "grant-type", "", "only requests with this grant `type`")
	flags.StringVar(&fault.Match.Client, "client", "", "only requests of this client `id`")
	flags.StringVar(&fault.Match.Customer, "customer", "", "only requests for this customer `key`")
	flags.StringVar(&fault.Match.Method, "method", "", "only requests with this HTTP `method`")
	flags.StringVar(&fault.Action.Kind, "kind", "", "`what` happens: error, unauthorized, body, drop_before or drop_after")
	flags.IntVar(&fault.Action.Status, "status", 0, "HTTP `status` to answer")
	flags.StringVar(&fault.Action.Error, "error", "", "OAuth error `code` to answer")
	flags.StringVar(&fault.Action.Description, "description", "", "error `description` to answer")
	flags.StringToStringVar(&fault.Action.Headers, "header", nil, "`name=value` to answer, repeatable")
	flags.StringVar(&fault.Action.Body, "body", "", "`text` to answer, for kind body")
	flags.StringVar(&fault.Action.ContentType, "content-type", "", "`type` of --body")
	flags.IntVar(&fault.Count, "count", 1, "how `many` requests")
	return cmd
}
