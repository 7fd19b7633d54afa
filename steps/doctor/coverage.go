package doctor

import (
	"maps"
	"slices"
	"strings"

	"github.com/mint-conformance/mint/steps/catalogue"
	"github.com/mint-conformance/mint/steps/target"
)

// Missing is something that checks wait for.
type Missing struct {
	What   string // "a second client with a secret of its own (clients.second)"
	Checks []string
}

// keys are those of a partner's file that make fixtures stand ready.
var keys = map[string]string{
	"customer_without_right": "customers.without_right", "native_client": "clients.native", "public_client": "clients.public",
	"redirect_uri_with_query": "clients.query", "refresh_token": "refresh", "resource": "resource", "second_client": "clients.second",
	"second_customer": "customers.second", "two_redirect_uris": "clients.two", "writable_resource": "writable",
}

// Coverage says how many checks can be run against the target, and for want of
// what others cannot: most wanted first.
func Coverage(known *catalogue.Catalogue, t *target.Target) (ready int, missing []Missing) {
	wanted := map[string][]string{}
	for _, c := range known.All() {
		if slices.ContainsFunc(c.Features, func(f string) bool { return !t.Has(f) }) || c.RealServer == catalogue.Never {
			continue // says nothing about this server
		}
		complete := true
		want := func(what string) {
			wanted[what], complete = append(wanted[what], c.ID), false
		}
		for _, fixture := range c.Fixtures {
			if t.Lacks([]string{fixture}) != "" {
				want(catalogue.Fixtures()[fixture] + " (" + keys[fixture] + ")")
			}
		}
		switch {
		case c.RealServer == catalogue.OptIn && !t.Allow.Noisy:
			want("the permission to leave traces (allow: noisy)")
		case c.RealServer == catalogue.Kills && !t.Allow.EndsGrants:
			want("the permission to end grants (allow: ends_grants)")
		}
		if complete {
			ready++
		}
	}
	for _, what := range slices.Sorted(maps.Keys(wanted)) {
		missing = append(missing, Missing{what, wanted[what]})
	}
	slices.SortStableFunc(missing, func(a, b Missing) int { return len(b.Checks) - len(a.Checks) })
	return ready, missing
}

// String is it in one line.
func (m Missing) String() string { return m.What + ": " + strings.Join(m.Checks, " ") }
