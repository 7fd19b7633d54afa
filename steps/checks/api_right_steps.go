package checks

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/mint-conformance/mint/steps/exchange"
)

// apiRightSteps are the sentences about what a good token opens at the API.
func (t *trial) apiRightSteps() []sentence {
	return []sentence{
		when(`the client tries a change with that token`, t.changeReadOnly),
		when(`the client asks for the second customer's own data with the first one's token`, t.askForeign),
		then(`the API refuses the change for want of scope`, t.changeRefused),
		then(`the same change works with tokens for all scopes`, t.changeWorks),
		then(`the API hides or refuses it`, t.hidden),
	}
}

func (t *trial) changeReadOnly(ctx context.Context) error {
	e, err := t.change(ctx, "a change with a token for reading", t.grant.access())
	t.tried("a change with a token for reading", e)
	return err
}

func (t *trial) changeRefused(context.Context) error {
	if err := t.judge(); err != nil {
		return err
	}
	e := t.attempts[0].got
	switch {
	case e.Status != http.StatusForbidden || errorIn(e) != "insufficient_scope":
		t.warn("a change for want of scope is refused with %s instead of 403 and insufficient_scope", e)
	case !strings.Contains(challenges(e), "scope="):
		t.warn("the refusal does not name the scope that the change needs")
	}
	return nil
}

// changeWorks is the positive control.
func (t *trial) changeWorks(ctx context.Context) error {
	g, err := t.granted(ctx, t.client)
	if err != nil {
		return unmet("getting tokens for all scopes", err)
	}
	e, err := t.change(ctx, "control: the same change with tokens for all scopes", g.access())
	if err != nil {
		return err
	}
	return t.controlled("the same change with tokens for all scopes", served(e), e)
}

// askForeign finds something of the second customer's that opens with his own
// token, and not in the first one's list.
func (t *trial) askForeign(ctx context.Context) error {
	second, err := t.grantedBy(ctx, t.client, t.target.Customers.Second)
	if err != nil {
		return unmet("getting the second customer's tokens", err)
	}
	own, err := t.call(ctx, "the first customer's list", t.grant.access())
	if err != nil {
		return err
	}
	his, err := t.call(ctx, "the second customer's list", second.access())
	if err != nil {
		return err
	}
	mine := ids(own)
	tries := 0
	for _, id := range slices.Sorted(maps.Keys(ids(his))) {
		if mine[id] || strings.ContainsAny(id, "/?#% ") {
			continue
		}
		if tries++; tries > 5 {
			break
		}
		r := exchange.Request{
			About: "control: something of the second customer's with his own token", Control: true,
			URL: strings.TrimSuffix(t.target.Resource.URL, "/") + "/" + id, Bearer: second.access(),
		}
		e, err := t.send.Do(ctx, r)
		if err != nil {
			return err
		}
		if !served(e) {
			continue
		}
		t.controls++
		r.About, r.Control, r.Bearer = "the same with the first customer's token", false, t.grant.access()
		e, err = t.send.Do(ctx, r)
		t.tried("the second customer's own data", e)
		return err
	}
	return unmet("finding data of the second customer", errors.New("no id in his list leads to something that opens with his own token"))
}

// ids are all values of members called id in an answer.
func ids(e exchange.Exchange) map[string]bool {
	var document any
	found := map[string]bool{}
	if json.Unmarshal([]byte(e.Body), &document) != nil {
		return found
	}
	var look func(any)
	look = func(value any) {
		switch v := value.(type) {
		case []any:
			for _, one := range v {
				look(one)
			}
		case map[string]any:
			for name, one := range v {
				if id, ok := one.(string); ok && strings.EqualFold(name, "id") && id != "" {
					found[id] = true
				}
				look(one)
			}
		}
	}
	look(document)
	return found
}

// hidden: 404 says no more than 403 here.
func (t *trial) hidden(context.Context) error {
	if e := t.attempts[0].got; e.Err == "" && e.Status == http.StatusNotFound {
		t.judged = true
		return nil
	}
	return t.judge()
}
