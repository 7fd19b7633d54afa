package operate

import (
	"errors"
	"net/http"

	"github.com/mint-conformance/mint/mockplatform/control"
	"github.com/mint-conformance/mint/mockplatform/internal/issuer"
	"github.com/mint-conformance/mint/mockplatform/internal/keyring"
	"github.com/mint-conformance/mint/mockplatform/internal/platform"
	"github.com/mint-conformance/mint/mockplatform/internal/web/wire"
)

func (o *Operator) rotateKey(p *platform.Platform, r *wire.Request) wire.Answer {
	if len(r.Payload) > 0 {
		return problem(http.StatusBadRequest, "a rotation takes no body: send none")
	}
	id, err := p.RotateKey()
	switch {
	case errors.Is(err, issuer.ErrNoKeys), errors.Is(err, keyring.ErrSecret):
		return problem(http.StatusConflict, "%v: set access_token.format to jwt or jwe, and access_token.alg to RS256, ES256 or EdDSA", err)
	case errors.Is(err, keyring.ErrFull):
		return problem(http.StatusConflict, "%v: advance the clock past access_token.lifetime first", err)
	case err != nil:
		return problem(http.StatusInternalServerError, "%v", err)
	}
	return document(http.StatusOK, control.SigningKey{ID: id})
}
