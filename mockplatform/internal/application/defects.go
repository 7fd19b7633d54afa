package application

import (
	"github.com/mint-conformance/mint/mockplatform/internal/deviation"
	"github.com/mint-conformance/mint/mockplatform/internal/profile"
)

// portalDefects are what the registration form does wrong on purpose.
type portalDefects struct{ noRedirect, anyRedirect, idFromName bool }

func defectsOf(p *profile.Profile) portalDefects {
	return portalDefects{
		noRedirect: p.Breaks(deviation.PortalNoRedirect), anyRedirect: p.Breaks(deviation.PortalAnyRedirect),
		idFromName: p.Breaks(deviation.PortalIDFromName),
	}
}

// excuse overlooks faults of a form.
func (d portalDefects) excuse(f Form, faults FieldErrors) FieldErrors {
	if d.noRedirect && f.RedirectURI == "" || d.anyRedirect && f.RedirectURI != "" {
		delete(faults, "redirect_uri")
	}
	return faults
}
