package web

import (
	"context"
	"net/http"

	"github.com/gin-gonic/gin"

	"github.com/mint-conformance/mint/client/internal/connection"
	"github.com/mint-conformance/mint/client/internal/platform"
	"github.com/mint-conformance/mint/client/internal/web/page"
	"github.com/mint-conformance/mint/client/internal/web/session"
)

type connecter interface {
	StartConnect(ctx context.Context, workspace, session, platformID string, scopes []string) (redirectURL string, err error)
	FinishConnect(ctx context.Context, workspace, session string, callback connection.Callback) (connection.Outcome, error)
	ConnectWithPassword(ctx context.Context, workspace, platformID, username string, password platform.Secret) (connection.Outcome, error)
}

// connectForms takes the presses of Connect.
type connectForms struct {
	domain connecter
	titles catalogue
	out    *desk
}

// start sends the browser to the platform (U-02). Pressing twice starts two
// flows, of which the browser finishes one.
func (f *connectForms) start(c *gin.Context) {
	id := c.Param("platform")
	to, err := f.domain.StartConnect(c.Request.Context(), visitor(c).Workspace, visitor(c).ID(), id, nil)
	if err != nil {
		f.out.sendBack(c, "/", id, err)
		return
	}
	c.Redirect(http.StatusSeeOther, to)
}

// passwordForm shows the form of a platform without a consent page (U-15).
func (f *connectForms) passwordForm(c *gin.Context) {
	state, ok := f.titles[c.Param("platform")]
	if !ok || !state.PasswordForm {
		f.out.fail(c, connection.ErrNotFound)
		return
	}
	view := page.NewPassword(f.out.frame(c), state)
	view.Notice = page.NewNotice(f.out.notice(c))
	f.out.show(c, http.StatusOK, page.Password, view)
}

// password connects with what the form holds. The values live in this
// function only; a refusal leads back to an empty form.
func (f *connectForms) password(c *gin.Context) {
	state, ok := f.titles[c.Param("platform")]
	if !ok || !state.PasswordForm {
		f.out.fail(c, connection.ErrNotFound)
		return
	}
	back := "/platforms/" + state.PlatformID + "/password"
	login, password := c.Request.PostForm.Get("login"), platform.Secret(c.Request.PostForm.Get("password"))
	if login == "" || password == "" {
		f.out.sendOn(c, back, session.Notice{Problem: true, Text: "Please enter both the API login and the API password."})
		return
	}
	outcome, err := f.domain.ConnectWithPassword(c.Request.Context(), visitor(c).Workspace, state.PlatformID, login, password)
	if err != nil {
		f.out.sendBack(c, back, "", err)
		return
	}
	if outcome.Kind != connection.Connected {
		f.out.sendOn(c, back, session.Notice{Problem: true, Text: outcome.Sentence})
		return
	}
	f.out.sendOn(c, page.ConnectionPath(outcome.ConnectionID), session.Notice{Text: outcome.Sentence})
}
