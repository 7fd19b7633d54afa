package resource

import (
	"errors"
	"net/http"
	"net/url"
	"strconv"

	"github.com/mint-conformance/mint/mockplatform/internal/ads"
	"github.com/mint-conformance/mint/mockplatform/internal/deviation"
	"github.com/mint-conformance/mint/mockplatform/internal/oauth"
	"github.com/mint-conformance/mint/mockplatform/internal/web/wire"
)

// list is the answer of GET /api/campaigns.
type list struct {
	Campaigns []ads.Campaign `json:"campaigns"`
	Page      int            `json:"page"`
	PerPage   int            `json:"per_page"`
	Total     int            `json:"total"`
	Next      string         `json:"next,omitempty"` // absolute URL of the next page
}

// Campaigns lists the customer's campaigns in pages.
func (a *API) Campaigns(e *wire.Exchange) wire.Answer {
	return a.serve(e, listCampaigns, func(who caller) (act, *oauth.Error) {
		values, err := query(e, "page", "per_page", "status")
		if err != nil {
			return nil, err
		}
		filter := ads.Filter{Status: values.Get("status")}
		if filter.Page, err = number(values, "page"); err != nil {
			return nil, err
		}
		if filter.PerPage, err = number(values, "per_page"); err != nil {
			return nil, err
		}
		found, failed := a.platform.Ads().Campaigns(who.customer.Account, filter)
		if failed != nil {
			return nil, judged(failed)
		}
		answer := list{found.Campaigns, found.Page, found.PerPage, found.Total, ""}
		if answer.Campaigns == nil {
			answer.Campaigns = []ads.Campaign{}
		}
		if found.More {
			answer.Next = a.next(values, found)
		}
		return always(answer), nil
	})
}

func (a *API) next(values url.Values, found ads.Page) string {
	next := url.Values{"page": {strconv.Itoa(found.Page + 1)}, "per_page": {strconv.Itoa(found.PerPage)}}
	if status := values.Get("status"); status != "" {
		next.Set("status", status)
	}
	return a.platform.Endpoints().Campaigns + "?" + next.Encode()
}

// Campaign shows one campaign. Another customer's is not found (S003-01).
func (a *API) Campaign(e *wire.Exchange) wire.Answer {
	return a.serve(e, readCampaign, func(who caller) (act, *oauth.Error) {
		if _, err := query(e); err != nil {
			return nil, err
		}
		account := who.customer.Account
		if a.platform.Profile().Breaks(deviation.OwnerUnchecked) {
			account = a.ownerOf(e.Params["id"])
		}
		found, err := a.platform.Ads().Campaign(account, e.Params["id"])
		if err != nil {
			return nil, judged(err)
		}
		return always(found), nil
	})
}

// UpdateCampaign changes status or budget of a campaign; it needs a writing
// scope (S000-03), unless the profile does not list it as a change. With an Idempotency-Key a repeated request changes once.
func (a *API) UpdateCampaign(e *wire.Exchange) wire.Answer {
	return a.serve(e, updateCampaign, func(who caller) (act, *oauth.Error) {
		account, id := who.customer.Account, e.Params["id"]
		if _, err := a.platform.Ads().Campaign(account, id); err != nil {
			return nil, judged(err)
		}
		var change ads.Change
		if err := decode(e, &change); err != nil {
			return nil, err
		}
		key := e.Header.Get("Idempotency-Key")
		if err := a.platform.Ads().Check(account, id, change, key); err != nil {
			return nil, judged(err)
		}
		return func() wire.Answer {
			changed, repeated, err := a.platform.Ads().Update(e.Now, account, id, change, key)
			if err != nil {
				return refuse(e, judged(err))
			}
			answer := a.changed(changed)
			if e.Entry.Changed = !repeated; repeated {
				e.Entry.Reason = "repeated by its Idempotency-Key: nothing changed again"
				answer = answer.With("Idempotent-Replayed", "true")
			}
			return answer
		}, nil
	})
}

// changed answers a change: the new state, or nothing where the profile
// answers as REST purists do (S004-42).
func (a *API) changed(document any) wire.Answer {
	if a.platform.Profile().ResourceServer.SuccessStatus == "rest" {
		return wire.Empty(http.StatusNoContent).Uncached()
	}
	return wire.JSON(http.StatusOK, document).Uncached()
}

// Metrics shows a campaign's figures by day.
func (a *API) Metrics(e *wire.Exchange) wire.Answer {
	return a.serve(e, readMetrics, func(who caller) (act, *oauth.Error) {
		values, err := query(e, "from", "to")
		if err != nil {
			return nil, err
		}
		return a.report(e, who, span{values.Get("from"), values.Get("to")})
	})
}

// QueryMetrics is Metrics with the days in a JSON document, as platforms with
// long report queries have it: a POST that changes nothing, unless the profile
// lists it as a change (S000-12). It answers what Metrics answers.
func (a *API) QueryMetrics(e *wire.Exchange) wire.Answer {
	return a.serve(e, queryMetrics, func(who caller) (act, *oauth.Error) {
		if _, err := query(e); err != nil {
			return nil, err
		}
		var days span
		if err := decode(e, &days); err != nil {
			return nil, err
		}
		return a.report(e, who, days)
	})
}

// span are the first and the last day of a report (2006-01-02), both may be
// left out.
type span struct {
	From string `json:"from"`
	To   string `json:"to"`
}

func (a *API) report(e *wire.Exchange, who caller, days span) (act, *oauth.Error) {
	found, err := a.platform.Ads().Metrics(e.Now, who.customer.Account, e.Params["id"], days.From, days.To)
	if err != nil {
		return nil, judged(err)
	}
	return always(found), nil
}

// judged maps the errors of the advertising business to the wire, once.
func judged(err error) *oauth.Error {
	switch {
	case errors.Is(err, ads.ErrNotFound):
		return notFound(err.Error())
	case errors.Is(err, ads.ErrKeyReused):
		return oauth.NewError(oauth.InvalidRequest, err.Error()).WithStatus(http.StatusConflict)
	}
	var about *ads.FieldError
	if errors.As(err, &about) {
		return refused(err)
	}
	return oauth.NewError(oauth.ServerError, "the request could not be carried out").WithReason(err.Error())
}
