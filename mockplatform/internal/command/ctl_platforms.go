package command

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"

	"github.com/spf13/cobra"
	"go.yaml.in/yaml/v3"

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
		return one, o.table([]string{"WHAT", "NAME", "VALUE"}, func(rows table) { describe(rows, one) }), err
	})
	remove := o.do("delete NAME", "Remove a Platform with everything it holds", 1, func(ctx context.Context, c *control.Client, args []string) (any, func(), error) {
		ctx, cancel := within(ctx, 0)
		defer cancel()
		return nil, o.say("%s is gone.", args[0]), c.DeletePlatform(ctx, args[0])
	})
	return group("platforms", "List, create and delete Platforms", list, show, o.createPlatform(), remove)
}

// describe lays one Platform out in rows.
func describe(rows table, p control.Platform) {
	for _, row := range [][2]string{
		{"name", p.Name}, {"profile", p.Profile}, {"title", p.Title}, {"issuer", p.Issuer}, {"api_base", p.APIBase},
		{"grants", strings.Join(p.Grants, " ")}, {"scopes", strings.Join(p.Scopes, " ")}, {"pkce", p.PKCE},
	} {
		rows.add("platform", row[0], row[1])
	}
	endpoints := reflect.ValueOf(p.Endpoints)
	for i := range endpoints.NumField() {
		if address := endpoints.Field(i).String(); address != "" {
			name, _, _ := strings.Cut(endpoints.Type().Field(i).Tag.Get("json"), ",")
			rows.add("endpoint", name, address)
		}
	}
	for _, c := range p.Clients {
		rows.add("client", c.ID, strings.TrimSpace(fmt.Sprintf("secret %s, %s, by %s %s", orNone(c.Secret), strings.Join(c.Grants, " "), strings.Join(c.AuthMethods, " "), strings.Join(c.RedirectURIs, " "))))
	}
	for _, c := range p.Customers {
		rows.add("customer", c.Key, fmt.Sprintf("%s, password %s, %s", c.Username, c.Password, c.Role))
	}
	for _, leniency := range p.Leniencies {
		rows.add("leniency", "", leniency)
	}
}

func orNone(text string) string {
	if text == "" {
		return "none"
	}
	return text
}

func clientIDs(one control.Platform) string {
	var ids []string
	for _, client := range one.Clients {
		ids = append(ids, client.ID)
	}
	return strings.Join(ids, ",")
}

func (o *operator) createPlatform() *cobra.Command {
	var wanted control.CreatePlatform
	var settings, file string
	var seed int64
	cmd := o.do("create [PROFILE]", "Host a new Platform", 1, func(ctx context.Context, c *control.Client, args []string) (any, func(), error) {
		if len(args) == 1 {
			if wanted.Profile != "" && wanted.Profile != args[0] {
				return nil, nil, usageError{fmt.Errorf("--profile: names %s, but the argument names %s: give one of them", wanted.Profile, args[0])}
			}
			wanted.Profile = args[0]
		}
		if wanted.Profile == "" {
			return nil, nil, usageError{errors.New("--profile: is missing: name one that mockplatform ctl profiles lists")}
		}
		document, err := settingsOf(settings, file)
		if err != nil {
			return nil, nil, err
		}
		wanted.Settings = document
		if seed >= 0 {
			wanted.Hostile = &control.Hostile{Seed: seed}
		}
		ctx, cancel := within(ctx, 0)
		defer cancel()
		made, err := c.CreatePlatform(ctx, wanted)
		if made.Hostile != nil {
			return made, o.say("%s is hosted: issuer %s, hostile with seed %d", made.Name, made.Issuer, made.Hostile.Seed), err
		}
		return made, o.say("%s is hosted: issuer %s", made.Name, made.Issuer), err
	})
	cmd.Args = cobra.MaximumNArgs(1)
	cmd.Example = `  mockplatform ctl platforms create mailup --name shop --settings '{"code":{"lifetime":"5s"}}'
  mockplatform ctl platforms create --profile mint --file settings.yaml`
	flags := cmd.Flags()
	flags.StringVar(&wanted.Profile, "profile", "", "`profile` to start from, instead of the argument")
	flags.StringVar(&wanted.Name, "name", "", "`name` of the Platform (default: a free one)")
	flags.StringVar(&settings, "settings", "", "partial profile in JSON, or @`FILE` that holds it")
	flags.StringVar(&file, "file", "", "`FILE` with a partial profile in YAML or JSON (- for standard input)")
	flags.Int64Var(&seed, "hostile", -1, "surprise clients in ways the RFCs allow, by this `seed`; 0 chooses one")
	flags.IntVar(&wanted.JournalSize, "journal-size", 0, "how `many` exchanges the journal keeps (default: the server's)")
	flags.BoolVar(&wanted.JournalBodies, "journal-bodies", false, "keep JSON bodies in the journal too, 4 KiB of each, secrets as fingerprints; for HAR exports")
	if err := cmd.RegisterFlagCompletionFunc("profile", func(cmd *cobra.Command, _ []string, _ string) ([]cobra.Completion, cobra.ShellCompDirective) {
		return o.ask(cmd, profileNames)
	}); err != nil {
		panic(err) // the flag stands above
	}
	return cmd
}

// settingsOf reads the settings from whichever flag has them.
func settingsOf(flag, file string) (json.RawMessage, error) {
	if path, isFile := strings.CutPrefix(flag, "@"); isFile && file == "" {
		flag, file = "", path
	}
	switch {
	case flag != "" && file != "":
		return nil, usageError{errors.New("--file: --settings says the same, give one of them")}
	case file != "":
		return settingsFile(file)
	case flag == "":
		return nil, nil
	case !json.Valid([]byte(flag)):
		return nil, usageError{errors.New("--settings: is not JSON")}
	}
	return json.RawMessage(flag), nil
}

// settingsFile reads YAML, of which JSON is a part.
func settingsFile(file string) (json.RawMessage, error) {
	text, err := readDocument(file)
	if err != nil {
		return nil, usageError{err}
	}
	var settings map[string]any
	if err := yaml.Unmarshal(text, &settings); err != nil {
		return nil, usageError{fmt.Errorf("--file %s: is neither YAML nor JSON: %w", file, err)}
	}
	document, err := json.Marshal(settings)
	if err != nil {
		return nil, usageError{fmt.Errorf("--file %s: %w", file, err)}
	}
	return document, nil
}
