package operate

import (
	"errors"
	"net/http"
	"strings"

	"github.com/mint-conformance/mint/fixtures"
	"github.com/mint-conformance/mint/mockplatform/control"
	"github.com/mint-conformance/mint/mockplatform/internal/platform"
	"github.com/mint-conformance/mint/mockplatform/internal/profile"
	"github.com/mint-conformance/mint/mockplatform/internal/web/wire"
)

func (o *Operator) profiles(*wire.Request) wire.Answer {
	answer := control.Profiles{Profiles: []control.Profile{}, Dialects: []control.Dialect{}}
	for _, name := range o.registry.Profiles() {
		text, err := fixtures.Profile(name)
		if err != nil {
			return problem(http.StatusInternalServerError, "the embedded profile %s cannot be read", name)
		}
		one, err := profile.Parse(text)
		if err != nil {
			return problem(http.StatusInternalServerError, "the embedded profile %s has faults", name)
		}
		answer.Profiles = append(answer.Profiles, control.Profile{
			Name: name, Title: one.Title, Summary: one.Summary, Leniencies: append([]string{}, one.Leniencies()...),
		})
	}
	for _, d := range o.registry.Dialects() {
		answer.Dialects = append(answer.Dialects, control.Dialect{Name: d.Name, Title: d.Title, Summary: d.Summary, Sources: d.Sources})
	}
	return document(http.StatusOK, answer)
}

func (o *Operator) create(r *wire.Request) wire.Answer {
	var wanted control.CreatePlatform
	if refusal := decode(r, &wanted); refusal != nil {
		return *refusal
	}
	if wanted.Profile == "" {
		return problem(http.StatusUnprocessableEntity, "profile: name one of %s", strings.Join(o.registry.Profiles(), ", "))
	}
	made, err := o.registry.Create(wanted)
	if err != nil {
		return o.notCreated(wanted, err)
	}
	return document(http.StatusCreated, made.Describe()).With("Location", "/v1/platforms/"+made.Name())
}

func (o *Operator) notCreated(wanted control.CreatePlatform, err error) wire.Answer {
	var faults profile.Faults
	switch {
	case errors.Is(err, platform.ErrUnknownProfile):
		return problem(http.StatusUnprocessableEntity, "profile: there is none of the name %q; there are %s", wanted.Profile, strings.Join(o.registry.Profiles(), ", "))
	case errors.Is(err, platform.ErrUnknownDialect):
		return problem(http.StatusUnprocessableEntity, "profile: %v", err)
	case errors.Is(err, platform.ErrNameTaken):
		return problem(http.StatusConflict, "name: %q is in use: delete that Platform first, or leave the name out to get a free one", wanted.Name)
	case errors.Is(err, platform.ErrBadName):
		return problem(http.StatusUnprocessableEntity, "name: %q cannot be used: %v", wanted.Name, err)
	case errors.Is(err, platform.ErrBadJournalSize):
		return problem(http.StatusUnprocessableEntity, "journal_size: %v", err)
	case errors.Is(err, platform.ErrBadSeed):
		return problem(http.StatusUnprocessableEntity, "hostile.seed: %v", err)
	case errors.Is(err, platform.ErrTooMany):
		return problem(http.StatusConflict, "%v", err)
	case errors.As(err, &faults):
		return problem(http.StatusUnprocessableEntity, "settings: %s", strings.ReplaceAll(faults.Error(), "\n", "; "))
	}
	return problem(http.StatusInternalServerError, "the Platform could not be created: %v", err)
}

func (o *Operator) list(*wire.Request) wire.Answer {
	answer := control.Platforms{Platforms: []control.Platform{}}
	for _, one := range o.registry.List() {
		answer.Platforms = append(answer.Platforms, one.Describe())
	}
	return document(http.StatusOK, answer)
}

func (o *Operator) show(p *platform.Platform, _ *wire.Request) wire.Answer {
	return document(http.StatusOK, p.Describe())
}

func (o *Operator) remove(p *platform.Platform, _ *wire.Request) wire.Answer {
	o.registry.Delete(p.Name())
	return wire.Empty(http.StatusNoContent)
}
