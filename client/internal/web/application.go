package web

import (
	"context"
	"errors"
	"net/http"

	"github.com/gin-gonic/gin"

	"github.com/mint-conformance/mint/client/internal/connection"
	"github.com/mint-conformance/mint/client/internal/web/page"
	"github.com/mint-conformance/mint/client/internal/web/session"
)

type registrar interface {
	Application(ctx context.Context, platformID string) (connection.Application, error)
	UpdateApplication(ctx context.Context, platformID string, change connection.ApplicationChange) (connection.Application, error)
}

// applicationPages shows and changes MINT's own account at a platform (U-17).
type applicationPages struct {
	domain registrar
	titles catalogue
	out    *desk
}

func (p *applicationPages) show(c *gin.Context) {
	view, ok := p.read(c)
	if !ok {
		return
	}
	if kept := p.out.notice(c); view.Notice == nil {
		view.Notice = page.NewNotice(kept)
	}
	p.out.show(c, http.StatusOK, page.Application, view)
}

// read builds the page from what the platform has now. A problem of the
// platform becomes its notice; anything else has been answered.
func (p *applicationPages) read(c *gin.Context) (view page.ApplicationView, ok bool) {
	state, known := p.titles[c.Param("platform")]
	if !known || !state.ApplicationAccount {
		p.out.fail(c, connection.ErrNotFound)
		return view, false
	}
	app, err := p.domain.Application(c.Request.Context(), state.PlatformID)
	view = page.NewApplication(p.out.frame(c), state.PlatformID, state.Title, app)
	if err == nil {
		return view, true
	}
	var problem *connection.Problem
	if !errors.As(err, &problem) {
		p.out.fail(c, err)
		return view, false
	}
	p.out.note(c, err)
	view.Registered = false
	view.Notice = &page.Notice{Role: "alert", Text: problem.Sentence}
	return view, true
}

// save changes what differs. Faults stand beside their fields and keep what
// was typed; a refusal of the platform becomes a notice.
func (p *applicationPages) save(c *gin.Context) {
	view, ok := p.read(c)
	if !ok {
		return
	}
	form := page.ApplicationForm{Description: c.Request.PostForm.Get("description"), RedirectURI: c.Request.PostForm.Get("redirect_uri")}
	if description, redirectURI := form.Faults(); description != "" || redirectURI != "" {
		p.out.show(c, http.StatusUnprocessableEntity, page.Application, view.WithInput(form))
		return
	}
	if !view.Registered {
		p.out.show(c, http.StatusServiceUnavailable, page.Application, view)
		return
	}
	change := connection.ApplicationChange{Description: &form.Description, RedirectURIs: form.URIs()}
	if _, err := p.domain.UpdateApplication(c.Request.Context(), view.ID, change); err != nil {
		var problem *connection.Problem
		if !errors.As(err, &problem) {
			p.out.fail(c, err)
			return
		}
		p.out.note(c, err)
		view = view.WithInput(form)
		view.Notice = &page.Notice{Role: "alert", Text: problem.Sentence}
		p.out.show(c, http.StatusUnprocessableEntity, page.Application, view)
		return
	}
	p.out.sendOn(c, "/applications/"+view.ID, session.Notice{Text: "Saved. " + view.Title + " now knows MINT like this."})
}
