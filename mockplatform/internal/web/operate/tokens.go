package operate

import (
	"net/http"
	"time"

	"github.com/mint-conformance/mint/mockplatform/control"
	"github.com/mint-conformance/mint/mockplatform/internal/platform"
	"github.com/mint-conformance/mint/mockplatform/internal/web/wire"
)

func (o *Operator) expireTokens(p *platform.Platform, r *wire.Request) wire.Answer {
	return selected(p, r, p.Auth().Expire)
}

func (o *Operator) revokeTokens(p *platform.Platform, r *wire.Request) wire.Answer {
	return selected(p, r, p.Auth().RevokeTokens)
}

func selected(p *platform.Platform, r *wire.Request, end func(time.Time, control.TokenSelector) (control.Affected, error)) wire.Answer {
	var selector control.TokenSelector
	if refusal := decode(r, &selector); refusal != nil {
		return *refusal
	}
	affected, err := end(p.Clock().Now(), selector)
	if err != nil {
		return problem(http.StatusUnprocessableEntity, "%v", err)
	}
	return document(http.StatusOK, affected)
}

func (o *Operator) grants(p *platform.Platform, _ *wire.Request) wire.Answer {
	return document(http.StatusOK, control.Families{Families: append([]control.Family{}, p.Auth().Grants(p.Clock().Now())...)})
}
