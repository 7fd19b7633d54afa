package operate

import (
	"errors"
	"net/http"
	"time"

	"github.com/mint-conformance/mint/mockplatform/control"
	"github.com/mint-conformance/mint/mockplatform/internal/clock"
	"github.com/mint-conformance/mint/mockplatform/internal/platform"
	"github.com/mint-conformance/mint/mockplatform/internal/profile"
	"github.com/mint-conformance/mint/mockplatform/internal/web/wire"
)

// defaultFollow is how long a follower's poll waits unless it says otherwise.
const defaultFollow = 30 * time.Second

// clock reads the clock; with a follower it is a long poll that registers the
// follower and acknowledges the revision it names.
func (o *Operator) clock(p *platform.Platform, r *wire.Request) wire.Answer {
	values, refusal := query(r, "follower", "after", "wait")
	if refusal != nil {
		return *refusal
	}
	if !values.Has("follower") {
		if values.Has("after") || values.Has("wait") {
			return problem(http.StatusBadRequest, "follower: after and wait belong to a follower, name it")
		}
		return document(http.StatusOK, p.Clock().State())
	}
	after, wait, refusal := poll(values, defaultFollow)
	if refusal != nil {
		return *refusal
	}
	state, err := p.Clock().Follow(r.Context(), values.Get("follower"), after, wait)
	switch {
	case errors.Is(err, clock.ErrNotFollowing):
		return problem(http.StatusNotFound, "%v", err)
	case errors.Is(err, clock.ErrTooManyFollowers):
		return problem(http.StatusConflict, "%v", err)
	case err != nil:
		return problem(http.StatusUnprocessableEntity, "%v", err)
	}
	return document(http.StatusOK, state)
}

func (o *Operator) changeClock(p *platform.Platform, r *wire.Request) wire.Answer {
	var wanted control.ChangeClock
	if refusal := decode(r, &wanted); refusal != nil {
		return *refusal
	}
	change := clock.Change{Freeze: wanted.Freeze}
	if wanted.Advance == "" && wanted.Freeze == nil {
		return problem(http.StatusUnprocessableEntity, `advance: say what to change: {"advance":"20m"}, {"freeze":true} or both`)
	}
	if wanted.Advance != "" {
		by, err := profile.ParseDuration(wanted.Advance)
		if err != nil {
			return problem(http.StatusUnprocessableEntity, "advance: %v; clocks only move forward", err)
		}
		change.Advance = by.Std()
	}
	state, err := p.Clock().Change(r.Context(), change)
	var lagging *clock.LaggingError
	switch {
	case errors.As(err, &lagging):
		return problem(http.StatusGatewayTimeout, "%v", err)
	case errors.Is(err, r.Context().Err()) && err != nil:
		return problem(http.StatusServiceUnavailable, "the server is stopping: whether followers took over the change is unknown")
	case err != nil:
		return problem(http.StatusUnprocessableEntity, "%v", err)
	}
	return document(http.StatusOK, state)
}

func (o *Operator) unfollow(p *platform.Platform, r *wire.Request) wire.Answer {
	id := r.Params["follower"]
	if !p.Clock().Unfollow(id) {
		return problem(http.StatusNotFound, "the clock of %s has no follower %q", p.Name(), id)
	}
	return wire.Empty(http.StatusNoContent)
}
