package command

import (
	"context"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/mint-conformance/mint/mockplatform/control"
)

func (o *operator) grants() *cobra.Command {
	heads := []string{"FAMILY", "CLIENT", "CUSTOMER", "GRANT", "KIND", "FINGERPRINT", "PARENT", "CHILDREN", "STATE", "SPENT", "EXPIRES"}
	return o.do("grants PLATFORM", "List the token families of a Platform", 1, func(ctx context.Context, c *control.Client, args []string) (any, func(), error) {
		ctx, cancel := within(ctx, 0)
		defer cancel()
		all, err := c.Grants(ctx, args[0])
		return control.Families{Families: all}, o.table(heads, func(rows table) {
			for _, family := range all {
				for _, token := range family.Tokens {
					rows.add(family.ID, family.ClientID, family.Customer, family.GrantType, token.Kind, token.Fingerprint,
						token.Parent, strings.Join(token.Children, ","), tokenState(family, token), instant(token.SpentAt), instant(&token.ExpiresAt))
				}
			}
		}), err
	})
}

func tokenState(family control.Family, token control.Token) string {
	if family.Revoked && family.Reason != "" {
		return token.State + " (" + family.Reason + ")"
	}
	return token.State
}

// instant is a time in a table; none for what never happens.
func instant(at *time.Time) string {
	if at == nil || at.IsZero() {
		return ""
	}
	return at.Format(time.RFC3339)
}
