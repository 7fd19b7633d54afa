package platform

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

// Bounds of one listing.
const (
	perPage      = 50
	maxPages     = 100
	maxCampaigns = 2000
)

// Bearer runs send with a good access token. An implementation may run it a
// second time with another token when the first was rejected
// (ClassUnauthorized).
type Bearer func(ctx context.Context, send func(ctx context.Context, accessToken Secret) error) error

// Me asks who consented, and over which account.
func (c *Client) Me(ctx context.Context, bearer Bearer) (Account, error) {
	var account Account
	err := c.resource(ctx, bearer, resourceCall{call: "me", method: http.MethodGet, address: c.api("/api/me")}, &account)
	return account, err
}

// Campaigns lists all campaigns, page by page. A next link is followed only on
// the origin of the API: a link that leads elsewhere would carry the token
// there.
func (c *Client) Campaigns(ctx context.Context, bearer Bearer) ([]Campaign, error) {
	var campaigns []Campaign
	address := c.api("/api/campaigns?per_page=" + strconv.Itoa(perPage))
	for range maxPages {
		var page struct {
			Campaigns []Campaign `json:"campaigns"`
			Next      string     `json:"next"`
		}
		if err := c.resource(ctx, bearer, resourceCall{call: "campaigns", method: http.MethodGet, address: address}, &page); err != nil {
			return nil, err
		}
		campaigns = append(campaigns, page.Campaigns...)
		if page.Next == "" {
			return campaigns, nil
		}
		next, err := c.sameOrigin(address, page.Next)
		if err != nil {
			return nil, &Failure{Class: ClassUnparseable, Call: "campaigns", cause: err}
		}
		address = next
		if len(campaigns) > maxCampaigns {
			break
		}
	}
	return nil, &Failure{Class: ClassUnparseable, Call: "campaigns", cause: errors.New("the listing does not end")}
}

// Campaign reads one campaign.
func (c *Client) Campaign(ctx context.Context, bearer Bearer, id string) (Campaign, error) {
	var campaign Campaign
	err := c.resource(ctx, bearer, resourceCall{call: "campaign", method: http.MethodGet, address: c.campaign(id)}, &campaign)
	return campaign, err
}

// Metrics reads the daily figures of one campaign for the platform's default
// period, its last 14 days.
func (c *Client) Metrics(ctx context.Context, bearer Bearer, id string) ([]Day, error) {
	var answer struct {
		Days []Day `json:"days"`
	}
	err := c.resource(ctx, bearer, resourceCall{call: "metrics", method: http.MethodGet, address: c.campaign(id) + "/metrics"}, &answer)
	return answer.Days, err
}

// ChangeCampaign changes one campaign. idempotencyKey makes a repetition
// harmless where the platform knows it. The campaign is nil when the success
// had no content (S004-42).
func (c *Client) ChangeCampaign(ctx context.Context, bearer Bearer, id string, change CampaignChange, idempotencyKey string) (*Campaign, error) {
	body, err := json.Marshal(change)
	if err != nil {
		return nil, err
	}
	var campaign Campaign
	err = c.resource(ctx, bearer, resourceCall{
		call: "change", method: http.MethodPatch, address: c.campaign(id), body: body, idempotencyKey: idempotencyKey,
	}, &campaign)
	if err != nil {
		return nil, err
	}
	if campaign.ID != id {
		return nil, nil
	}
	return &campaign, nil
}

// Application reads MINT's own registration.
func (c *Client) Application(ctx context.Context, bearer Bearer) (Application, error) {
	var application Application
	err := c.resource(ctx, bearer, resourceCall{call: "application", method: http.MethodGet, address: c.integration.ApplicationEndpoint}, &application)
	return application, err
}

// ChangeApplication changes MINT's own registration.
func (c *Client) ChangeApplication(ctx context.Context, bearer Bearer, change ApplicationChange) error {
	body, err := json.Marshal(change)
	if err != nil {
		return err
	}
	var ignored json.RawMessage
	return c.resource(ctx, bearer, resourceCall{
		call: "change application", method: http.MethodPatch, address: c.integration.ApplicationEndpoint, body: body,
	}, &ignored)
}

type resourceCall struct {
	call, method, address string
	body                  []byte
	idempotencyKey        string
}

// resource makes one call with a bearer token in the Authorization header and
// nowhere else (RFC 6750 section 2.1). Every 2xx is a success; a change may
// answer without content.
func (c *Client) resource(ctx context.Context, bearer Bearer, call resourceCall, into any) error {
	return bearer(ctx, func(ctx context.Context, accessToken Secret) error {
		req := request{
			call: call.call, method: call.method, address: call.address, body: call.body,
			header: http.Header{"Authorization": {"Bearer " + accessToken.Reveal()}},
		}
		if call.body != nil {
			req.contentType = "application/json"
		}
		if call.idempotencyKey != "" {
			req.header.Set("Idempotency-Key", call.idempotencyKey)
		}
		answer, err := c.send(ctx, req)
		if err != nil {
			return err
		}
		if answer.status < 200 || answer.status > 299 {
			return c.resourceFailure(call.call, answer)
		}
		if call.method != http.MethodGet && len(strings.TrimSpace(string(answer.body))) == 0 {
			return nil
		}
		if err := json.Unmarshal(answer.body, into); err != nil && call.method == http.MethodGet {
			return &Failure{Class: ClassUnparseable, Call: call.call, Status: answer.status, cause: errors.New("not the JSON that was expected")}
		}
		return nil
	})
}

func (c *Client) api(path string) string {
	return strings.TrimRight(c.integration.APIBase, "/") + path
}

func (c *Client) campaign(id string) string { return c.api("/api/campaigns/" + url.PathEscape(id)) }

// sameOrigin resolves a link found at address and refuses it when it leaves
// the origin of the API.
func (c *Client) sameOrigin(address, link string) (string, error) {
	base, err := url.Parse(address)
	if err != nil {
		return "", err
	}
	target, err := base.Parse(link)
	if err != nil {
		return "", errors.New("the next link is not an address")
	}
	api, err := url.Parse(c.integration.APIBase)
	if err != nil {
		return "", err
	}
	if target.Scheme != api.Scheme || target.Host != api.Host || target.User != nil {
		return "", errors.New("the next link leads to another origin")
	}
	target.Fragment = ""
	return target.String(), nil
}
