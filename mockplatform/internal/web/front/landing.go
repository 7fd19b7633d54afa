package front

import (
	"maps"
	"net/http"
	"net/url"
	"slices"

	"github.com/mint-conformance/mint/mockplatform/internal/profile"
	"github.com/mint-conformance/mint/mockplatform/internal/web/page"
	"github.com/mint-conformance/mint/mockplatform/internal/web/wire"
)

// Landing introduces the Platform and its test customers.
func (s *Site) Landing(e *wire.Exchange) wire.Answer {
	who := s.visitor(e)
	view := &page.Landing{Frame: s.frame(who, s.look.Title), Doors: s.landingDoors()}
	customers := s.platform.Profile().Customers
	for _, key := range slices.Sorted(maps.Keys(customers)) {
		one := customers[key]
		view.Customers = append(view.Customers, page.Customer{
			Name: one.Name, Username: one.Username, Password: one.Password, May: may(one.Role),
		})
	}
	return s.show(who, http.StatusOK, view)
}

// may says a role in words.
func may(role string) string {
	switch role {
	case profile.RoleOwner:
		return "read and change"
	case profile.RoleViewer:
		return "read"
	}
	return "nothing"
}

// landingDoors are the ways on from the landing page.
func (s *Site) landingDoors() []page.Door {
	about, has := s.platform.Profile(), s.platform.Endpoints()
	var doors []page.Door
	if has.Connected != "" {
		doors = append(doors, page.Door{
			Name: "Connected applications", Says: "See which applications may use your account, and withdraw it.", URL: s.path + about.Paths.Connected,
		})
	}
	if has.Developers != "" {
		doors = append(doors, page.Door{
			Name: "Developers", Says: "Register an application and get its credentials.", URL: s.path + about.Paths.Developers,
		})
	}
	if has.Metadata != "" {
		if metadata, err := url.Parse(has.Metadata); err == nil {
			doors = append(doors, page.Door{Name: "Metadata", Says: "All endpoints, for programs (RFC 8414).", URL: metadata.Path})
		}
	}
	return doors
}
