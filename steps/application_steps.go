package steps

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
)

var applicationSteps = []definition{
	given(`the client holds its own access token`, (*world).asksForOwnToken),
	when(`the client asks for its own access token`, (*world).asksForOwnToken),
	when(`the client asks for its own access token with (a wrong secret|its secret in the query|its secret sent twice)`, (*world).asksForOwnTokenWith),
	when(`the second client asks for its own access token`, (*world).secondAsksForOwnToken),
	when(`the client reads its own account`, (*world).readsAccount),
	when(`the client changes its description to {text}`, (*world).clientChangesDescription),
	when(`the client changes its redirect URI to {text}`, (*world).clientChangesRedirect),
	when(`the client reads the campaigns`, (*world).readsCampaigns),
	when(`the client reads the campaigns with (its refresh token|no token|its access token in the query|its access token with alg none|its access token made Oskar's|its access token without signature)`, (*world).readsCampaignsWith),
	when(`the client reads the campaigns with its access token as (Bearer|bearer|BEARER)`, (*world).readsCampaignsAs),
	when(`the client reads the campaigns of {the platform}`, (*world).readsCampaignsOf),
	when(`the client reads the campaigns {number} at a time`, (*world).readsCampaignsBy),
	when(`the client reads a campaign of {who}`, (*world).readsCampaignOf),
	when(`the client changes a campaign`, (*world).clientChangesCampaign),
	when(`the client queries the figures of a campaign`, (*world).queriesFigures),
	when(`a client reads the metadata of {the platform}`, (*world).readsMetadata),
}

func (w *world) asksForOwnToken(ctx context.Context) error {
	c, err := w.theClient(ctx, "")
	if err != nil {
		return err
	}
	return c.post(ctx, c.ownToken())
}

func (w *world) asksForOwnTokenWith(ctx context.Context, d deviation) error {
	c, err := w.theClient(ctx, "")
	if err != nil {
		return err
	}
	r := c.ownToken()
	switch d {
	case "a wrong secret":
		r.basicSecret = "wrong"
	case "its secret in the query":
		r.inQuery()
	case "its secret sent twice":
		r.form.Set("client_id", r.basicID)
		r.form.Set("client_secret", r.basicSecret)
	}
	return c.post(ctx, r)
}

func (w *world) secondAsksForOwnToken(ctx context.Context) error {
	if _, err := w.theClient(ctx, ""); err != nil {
		return err
	}
	second, err := w.theSecond()
	if err != nil {
		return err
	}
	return w.client.post(ctx, second.ownToken())
}

// bearer is the newest access token as an Authorization header.
func (c *oauthClient) bearer() string { return "Bearer " + c.newest().access }

func (w *world) readsAccount(ctx context.Context) error { return w.client.getAccount(ctx) }

// getAccount reads the client's own account at the Platform.
func (c *oauthClient) getAccount(ctx context.Context) error {
	return c.call(ctx, http.MethodGet, c.platform.Endpoints.Application, c.bearer(), nil)
}

// patch sends a JSON document to the API with the newest access token.
func (c *oauthClient) patch(ctx context.Context, address string, document any) error {
	return c.sendJSON(ctx, http.MethodPatch, address, c.bearer(), document)
}

// sendJSON sends a JSON document, or nothing if it is nil.
func (c *oauthClient) sendJSON(ctx context.Context, method, address, authorization string, document any) error {
	var body io.Reader
	if document != nil {
		text, err := json.Marshal(document)
		if err != nil {
			return err
		}
		body = bytes.NewReader(text)
	}
	r, err := http.NewRequestWithContext(ctx, method, address, body)
	if err != nil {
		return err
	}
	if document != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	if authorization != "" {
		r.Header.Set("Authorization", authorization)
	}
	c.answer, err = send(c.http, r)
	return err
}

func (w *world) clientChangesDescription(ctx context.Context, text string) error {
	return w.client.patch(ctx, w.client.platform.Endpoints.Application, map[string]any{"description": text})
}

func (w *world) clientChangesRedirect(ctx context.Context, uri string) error {
	w.wanted = uri
	return w.client.patch(ctx, w.client.platform.Endpoints.Application, map[string]any{"redirect_uris": []string{uri}})
}

func (w *world) readsCampaigns(ctx context.Context) error {
	c, err := w.theClient(ctx, "")
	if err != nil {
		return err
	}
	return c.call(ctx, http.MethodGet, c.platform.Endpoints.Campaigns, c.bearer(), nil)
}

// credential is what a client shows to the API.
type credential string

func (w *world) readsCampaignsWith(ctx context.Context, shown credential) error {
	c, err := w.theClient(ctx, "")
	if err != nil {
		return err
	}
	address, authorization := c.platform.Endpoints.Campaigns, ""
	switch shown {
	case "its refresh token":
		authorization = "Bearer " + c.newest().refresh
	case "its access token in the query":
		address += "?access_token=" + c.newest().access
	case "no token":
	default:
		forged, err := forge(c.newest().access, shown)
		if err != nil {
			return err
		}
		authorization = "Bearer " + forged
	}
	return c.call(ctx, http.MethodGet, address, authorization, nil)
}

// scheme is a spelling of the word before a bearer token.
type scheme string

func (w *world) readsCampaignsAs(ctx context.Context, s scheme) error {
	c := w.client
	return c.call(ctx, http.MethodGet, c.platform.Endpoints.Campaigns, string(s)+" "+c.newest().access, nil)
}

func (w *world) readsCampaignsOf(ctx context.Context, of profile) error {
	p, err := w.platform(ctx, of)
	if err != nil {
		return err
	}
	return w.client.call(ctx, http.MethodGet, p.Endpoints.Campaigns, w.client.bearer(), nil)
}

func (w *world) readsCampaignsBy(ctx context.Context, n int) error {
	address := fmt.Sprintf("%s?per_page=%d", w.client.platform.Endpoints.Campaigns, n)
	return w.client.call(ctx, http.MethodGet, address, w.client.bearer(), nil)
}

// mayasCampaign is a campaign of Maya's account in every profile.
const mayasCampaign = "c-101"

func (w *world) readsCampaignOf(ctx context.Context, who person) error {
	if who != "Maya" {
		return errors.New("only Maya's campaigns are known by id")
	}
	return w.client.getCampaign(ctx)
}

// getCampaign reads Maya's campaign, whoever the client acts for.
func (c *oauthClient) getCampaign(ctx context.Context) error {
	return c.call(ctx, http.MethodGet, c.platform.Endpoints.Campaigns+"/"+mayasCampaign, c.bearer(), nil)
}

// clientChangesCampaign asks for the opposite status of the campaign.
func (w *world) clientChangesCampaign(ctx context.Context) error {
	before, err := w.statusOfCampaign(ctx)
	if err != nil {
		return err
	}
	w.wanted = before
	opposite := map[string]string{"active": "paused", "paused": "active"}[before]
	address := w.client.platform.Endpoints.Campaigns + "/" + mayasCampaign
	return w.client.patch(ctx, address, map[string]any{"status": opposite})
}

// statusOfCampaign reads the status of Maya's campaign as the client sees it.
func (w *world) statusOfCampaign(ctx context.Context) (string, error) {
	if err := w.client.getCampaign(ctx); err != nil {
		return "", err
	}
	return w.client.answer.text("status"), w.client.answer.expectStatus(http.StatusOK)
}

// queriesFigures asks for the report of a campaign by POST.
func (w *world) queriesFigures(ctx context.Context) error {
	c := w.client
	return c.sendJSON(ctx, http.MethodPost, c.platform.Endpoints.Campaigns+"/"+mayasCampaign+"/metrics", c.bearer(), map[string]any{})
}

func (w *world) readsMetadata(ctx context.Context, of profile) error {
	c, err := w.theClient(ctx, of)
	if err != nil {
		return err
	}
	if !strings.Contains(c.platform.Endpoints.Metadata, "/.well-known/oauth-authorization-server") {
		return fmt.Errorf("expected metadata at the place of RFC 8414, got %q", c.platform.Endpoints.Metadata)
	}
	return c.call(ctx, http.MethodGet, c.platform.Endpoints.Metadata, "", nil)
}
