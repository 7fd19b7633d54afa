package command

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"github.com/mint-conformance/mint/mockplatform"
	"github.com/mint-conformance/mint/mockplatform/control"
)

// maxDocument bounds what is read from standard input, in bytes.
const maxDocument = 4 << 20

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
				rows.add(one.ID, one.Match.Endpoint, matchText(one.Match), one.Kinds(), status, one.Action.Error, fmt.Sprintf("%d of %d", one.Fired, one.Count))
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
	nth := ""
	if match.Nth > 1 {
		nth = fmt.Sprint(match.Nth)
	}
	for _, one := range [][2]string{
		{"grant_type", match.GrantType}, {"client", match.Client}, {"customer", match.Customer}, {"family", match.Family},
		{"method", match.Method}, {"nth", nth}, {"min_age", match.MinAge}, {"max_age", match.MaxAge},
	} {
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
	var file string
	var set map[string]string
	cmd := o.do("arm PLATFORM", "Arm a fault for the next requests that match, or a whole plan", 1, func(ctx context.Context, c *control.Client, args []string) (any, func(), error) {
		ctx, cancel := within(ctx, 0)
		defer cancel()
		if file != "" {
			return o.armPlan(ctx, c, args[0], file)
		}
		fault.Action.Set = members(set)
		armed, err := c.ArmFault(ctx, args[0], fault)
		return armed, o.say("%s is armed for the next %d requests that match.", armed.ID, armed.Count), err
	})
	cmd.Example = `  mockplatform ctl faults arm mint --endpoint api --kind unauthorized
  mockplatform ctl faults arm mint --endpoint token --grant-type refresh_token --kind error --status 503 --error temporarily_unavailable --retry-after 30s --count 2
  mockplatform ctl faults arm mint --endpoint token --kind rewrite --drop expires_in --set token_type=7
  mockplatform ctl faults arm mint --file plan.yaml`
	flags := cmd.Flags()
	flags.StringVar(&file, "file", "", "YAML or JSON `plan`: a list of faults, armed all or none (- for standard input); no other flag beside it")
	flags.IntVar(&fault.Count, "count", 1, "how `many` requests")
	flags.BoolVar(&fault.MayNotFire, "may-not-fire", false, "no test fails when the fault does not happen")
	matchFlags(cmd, &fault.Match)
	actionFlags(cmd, &fault.Action)
	flags.StringToStringVar(&set, "set", nil, "`name=JSON` that the answer shall hold, for kind rewrite; what is no JSON is taken as text")
	cmd.PreRunE = func(cmd *cobra.Command, _ []string) error {
		for _, other := range planless {
			if file != "" && cmd.Flags().Changed(other) {
				return fmt.Errorf("--%s: a plan says it all, leave it out beside --file", other)
			}
		}
		return nil
	}
	return cmd
}

// planless are the flags that describe one fault, and so have no place beside a
// plan.
var planless = []string{
	"count", "may-not-fire", "endpoint", "grant-type", "client", "customer", "family", "method", "nth", "min-age", "max-age",
	"kind", "after", "status", "error", "description", "header", "retry-after", "retry-after-form", "body", "content-type",
	"drop", "set", "delay", "timeout", "lifetime", "lag", "uses",
}

func matchFlags(cmd *cobra.Command, match *control.FaultMatch) {
	flags := cmd.Flags()
	flags.StringVar(&match.Endpoint, "endpoint", "", "`endpoint`: authorize, token, revoke, introspect, register, par, jwks, metadata or api")
	flags.StringVar(&match.GrantType, "grant-type", "", "only requests with this grant `type`")
	flags.StringVar(&match.Client, "client", "", "only requests of this client `id`")
	flags.StringVar(&match.Customer, "customer", "", "only requests for this customer `key`")
	flags.StringVar(&match.Family, "family", "", "only requests with a code or token of this family `id`")
	flags.StringVar(&match.Method, "method", "", "only requests with this HTTP `method`")
	flags.IntVar(&match.Nth, "nth", 0, "leave the first `N`-1 requests that match alone")
	flags.StringVar(&match.MinAge, "min-age", "", "only with a code or token at least this `old`")
	flags.StringVar(&match.MaxAge, "max-age", "", "only with a code or token at most this `old`")
}

func actionFlags(cmd *cobra.Command, action *control.FaultAction) {
	flags := cmd.Flags()
	flags.StringVar(&action.Kind, "kind", "", "`what` happens: error, unauthorized, body, gateway, drop_before, drop_after, drop_body, malformed, truncated, rewrite, headers, delay_before, delay_after, barrier, expiry or lag")
	flags.BoolVar(&action.After, "after", false, "do the work first and lose its answer, for kinds error, unauthorized, body and gateway")
	flags.IntVar(&action.Status, "status", 0, "HTTP `status` to answer")
	flags.StringVar(&action.Error, "error", "", "OAuth error `code` to answer")
	flags.StringVar(&action.Description, "description", "", "error `description` to answer")
	flags.StringToStringVar(&action.Headers, "header", nil, "`name=value` to answer, repeatable")
	flags.StringVar(&action.RetryAfter, "retry-after", "", "`duration` for a Retry-After header")
	flags.StringVar(&action.RetryAfterForm, "retry-after-form", "", "`form` of that header: seconds, or date by the Platform's clock")
	flags.StringVar(&action.Body, "body", "", "`text` to answer, for kind body")
	flags.StringVar(&action.ContentType, "content-type", "", "`type` of --body")
	flags.StringSliceVar(&action.Drop, "drop", nil, "`member` to take out of the answer, for kind rewrite; repeatable")
	flags.StringVar(&action.Delay, "delay", "", "`duration` of real time to wait, for kinds delay_before and delay_after")
	flags.StringVar(&action.Timeout, "timeout", "", "`duration` of real time that a barrier holds at most (default 5s)")
	flags.StringVar(&action.Lifetime, "lifetime", "", "`duration` that the access token really lives, for kind expiry")
	flags.StringVar(&action.Lag, "lag", "", "`duration` in the Platform's time in which the API does not know the access token, for kind lag")
	flags.IntVar(&action.Uses, "uses", 0, "`number` of calls in which the API does not know the access token, for kind lag")
}

// members reads the values of --set.
func members(set map[string]string) map[string]json.RawMessage {
	out := make(map[string]json.RawMessage, len(set))
	for name, value := range set {
		if !json.Valid([]byte(value)) {
			text, _ := json.Marshal(value) // a string always can
			value = string(text)
		}
		out[name] = json.RawMessage(value)
	}
	return out
}

// armPlan reads and judges the document here, so that a mistake in it is told
// even without a server.
func (o *operator) armPlan(ctx context.Context, c *control.Client, platform, file string) (any, func(), error) {
	document, err := readDocument(file)
	if err != nil {
		return nil, nil, usageError{err}
	}
	plan, err := mockplatform.ParseFaultPlan(document)
	if err != nil {
		return nil, nil, usageError{fmt.Errorf("--file %s: %w", file, err)}
	}
	armed, err := c.ArmFaults(ctx, platform, plan)
	return control.Faults{Faults: armed}, o.say("%d faults are armed.", len(armed)), err
}

func readDocument(file string) ([]byte, error) {
	if file == "-" {
		return io.ReadAll(io.LimitReader(os.Stdin, maxDocument+1))
	}
	return os.ReadFile(file)
}
