package web

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"github.com/mint-conformance/mint/mockplatform/internal/web/page"
	"github.com/mint-conformance/mint/mockplatform/internal/web/wire"
)

// maxHosted bounds the list of Platforms on the page.
const maxHosted = 100

// indexRoute serves the address without a Platform's name.
func (s *sites) indexRoute(c *gin.Context) {
	s.hostedPage(http.StatusOK, "").Send(c.Writer)
}

// hostedPage lists the Platforms for people who came to no one in particular.
func (s *sites) hostedPage(status int, alert string) wire.Answer {
	view := &page.Hosted{Frame: s.frame("Platforms on this address")}
	if alert != "" {
		view.Heading, view.Alert = "Nothing here", "There is "+alert+"."
	}
	for i, one := range s.registry.List() {
		if i == maxHosted {
			break
		}
		about := one.Profile()
		view.Doors = append(view.Doors, page.Door{
			Name: about.Title, Says: about.Summary, URL: "/" + one.Name() + "/",
			Path: "/" + one.Name(), Mark: s.pages.Theme(about.Name).Mark,
		})
	}
	return s.draw(status, view)
}

// frame is that of a page that belongs to no Platform.
func (s *sites) frame(heading string) page.Frame {
	return page.Frame{
		Platform: page.Platform{Title: "mockplatform", Home: "/", Theme: s.pages.Theme("mockplatform")},
		Heading:  heading,
	}
}

func (s *sites) draw(status int, view page.View) wire.Answer {
	html, err := s.pages.Render(view)
	if err != nil { // a defect of a template
		return wire.New(http.StatusInternalServerError, "text/plain; charset=utf-8", []byte("This page could not be drawn.\n"))
	}
	return wire.Page(status, html, page.Policy(view))
}
