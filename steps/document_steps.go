package steps

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
)

var documentSteps = []definition{
	then(`it tells the client's name, website and redirect URI`, (*world).tellsAccount),
	then(`its own account has the description {text}`, (*world).accountDescribes),
	then(`its own account has the (old|new) redirect URI`, (*world).accountRedirects),
	then(`it shows no campaign`, (*world).showsNoCampaign),
	then(`it lists {number} campaigns`, (*world).listsCampaigns),
	then(`the answer lists {number} campaigns and leads to the next page`, (*world).listsPage),
	then(`the next page lists {number} campaigns`, (*world).nextPageLists),
	then(`that campaign is unchanged`, (*world).campaignUnchanged),
	then(`it says active with the client, the customer and the scope`, (*world).saysActive),
	then(`it says inactive and nothing more`, (*world).saysInactive),
	then(`it names the issuer and the endpoints the platform has`, (*world).namesEndpoints),
	then(`it announces S256 and the iss parameter`, (*world).announces),
}

// texts is a member that is a list of strings.
func (a answer) texts(member string) []string {
	items, _ := a.JSON[member].([]any)
	var all []string
	for _, item := range items {
		if s, isText := item.(string); isText {
			all = append(all, s)
		}
	}
	return all
}

func (w *world) tellsAccount(context.Context) error {
	registered, err := w.client.platform.registered(w.client.id)
	if err != nil {
		return err
	}
	a := w.client.answer
	for member, want := range map[string]string{"client_id": registered.ID, "name": registered.Name, "website": registered.Website} {
		if err := expectEqual("the account's "+member, a.text(member), want); err != nil {
			return err
		}
	}
	return expectEqual("the account's redirect URIs", fmt.Sprint(a.texts("redirect_uris")), fmt.Sprint(registered.RedirectURIs))
}

func (w *world) accountDescribes(ctx context.Context, want string) error {
	if err := w.client.getAccount(ctx); err != nil {
		return err
	}
	return expectEqual("the account's description", w.client.answer.text("description"), want)
}

// age is old for what was registered, new for what the scenario wants.
type age string

func (w *world) accountRedirects(ctx context.Context, a age) error {
	if err := w.client.getAccount(ctx); err != nil {
		return err
	}
	want := w.client.redirect
	if a == "new" {
		want = w.wanted
	}
	return expectEqual("the account's redirect URIs", fmt.Sprint(w.client.answer.texts("redirect_uris")), fmt.Sprint([]string{want}))
}

// campaigns is the list of campaigns in the answer.
func (a answer) campaigns() []any {
	list, _ := a.JSON["campaigns"].([]any)
	return list
}

func (a answer) expectCampaigns(want int) error {
	return expectEqual("the number of campaigns listed", len(a.campaigns()), want)
}

func (w *world) showsNoCampaign(context.Context) error { return w.client.answer.expectCampaigns(0) }

func (w *world) listsCampaigns(_ context.Context, want int) error {
	return w.client.answer.expectCampaigns(want)
}

func (w *world) listsPage(_ context.Context, want int) error {
	if w.client.answer.text("next") == "" {
		return errors.New("expected the answer to lead to the next page, it does not")
	}
	return w.client.answer.expectCampaigns(want)
}

func (w *world) nextPageLists(ctx context.Context, want int) error {
	if err := w.client.call(ctx, http.MethodGet, w.client.answer.text("next"), w.client.bearer(), nil); err != nil {
		return err
	}
	return w.client.answer.expectCampaigns(want)
}

func (w *world) campaignUnchanged(ctx context.Context) error {
	got, err := w.statusOfCampaign(ctx)
	if err != nil {
		return err
	}
	return expectEqual("the status of the campaign", got, w.wanted)
}

func (w *world) saysActive(context.Context) error {
	a := w.client.answer
	if err := expectEqual("active", a.JSON["active"], any(true)); err != nil {
		return err
	}
	if err := expectEqual("client_id", a.text("client_id"), w.client.id); err != nil {
		return err
	}
	if err := expectWords("sub", a.text("sub"), nil, "maya"); err != nil {
		return err
	}
	return expectWords("scope", a.text("scope"), nil, "ads.read", "ads.write")
}

func (w *world) saysInactive(context.Context) error {
	a := w.client.answer
	if err := expectEqual("active", a.JSON["active"], any(false)); err != nil {
		return err
	}
	return expectEqual("the number of members", len(a.JSON), 1)
}

func (w *world) namesEndpoints(context.Context) error {
	p, a := w.client.platform, w.client.answer
	for member, want := range map[string]string{
		"issuer": p.Issuer, "authorization_endpoint": p.Endpoints.Authorize, "token_endpoint": p.Endpoints.Token,
		"revocation_endpoint": p.Endpoints.Revoke, "introspection_endpoint": p.Endpoints.Introspect,
	} {
		if err := expectEqual("the metadata's "+member, a.text(member), want); err != nil {
			return err
		}
	}
	return nil
}

func (w *world) announces(context.Context) error {
	a := w.client.answer
	if methods := a.texts("code_challenge_methods_supported"); !slices.Equal(methods, []string{"S256"}) {
		return fmt.Errorf("expected the metadata to announce S256 alone, got %v", methods)
	}
	return expectEqual("authorization_response_iss_parameter_supported",
		a.JSON["authorization_response_iss_parameter_supported"], any(true))
}
