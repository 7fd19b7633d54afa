package web

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/mint-conformance/mint/client/internal/connection"
	"github.com/mint-conformance/mint/client/internal/web/page"
	"github.com/mint-conformance/mint/client/internal/web/session"
)

type accountKeeper interface {
	Connection(ctx context.Context, workspace, id string) (connection.Connection, error)
	Campaigns(ctx context.Context, workspace, id string) (connection.Snapshot, error)
	Refresh(ctx context.Context, workspace, id string) (connection.Connection, error)
	Disconnect(ctx context.Context, workspace, id string) (connection.DisconnectOutcome, error)
}

type advisor interface {
	Suggestions(ctx context.Context, workspace, id string) ([]connection.Suggestion, error)
	Apply(ctx context.Context, workspace, id, suggestionID string) (connection.ApplyOutcome, error)
	Dismiss(ctx context.Context, workspace, id, suggestionID string) (connection.Suggestion, error)
}

// accountPages shows one connection with its figures and suggestions.
type accountPages struct {
	domain accountKeeper
	advice advisor
	titles catalogue
	out    *desk
	now    func() time.Time
}

// show fetches figures first: what the platform answers may change the state
// that the page then tells (U-08, U-09, U-13).
func (p *accountPages) show(c *gin.Context) {
	ctx, workspace, id := c.Request.Context(), visitor(c).Workspace, c.Param("connection")
	if _, err := p.domain.Connection(ctx, workspace, id); err != nil {
		p.out.fail(c, err)
		return
	}
	account := page.Account{Today: p.now()}
	snapshot, err := p.domain.Campaigns(ctx, workspace, id)
	switch {
	case err == nil:
		account.Snapshot = &snapshot
	case p.explained(c, err):
	default:
		return
	}
	if account.Snapshot != nil {
		account.Suggestions, err = p.advice.Suggestions(ctx, workspace, id)
		if err != nil && !p.explained(c, err) {
			return
		}
	}
	account.Connection, err = p.domain.Connection(ctx, workspace, id)
	if err != nil {
		p.out.fail(c, err)
		return
	}
	account.Platform = p.titles[account.Connection.PlatformID]
	view := page.NewConnection(p.out.frame(c), account)
	view.Notice = page.NewNotice(p.out.notice(c))
	p.out.show(c, http.StatusOK, page.Connection, view)
}

// explained says that the page can be shown although err happened: the
// connection's own state tells it. Otherwise err has been answered.
func (p *accountPages) explained(c *gin.Context, err error) bool {
	var problem *connection.Problem
	if errors.As(err, &problem) && !errors.Is(err, connection.ErrNotFound) {
		p.out.note(c, err)
		return true
	}
	p.out.fail(c, err)
	return false
}

// disconnect ends the connection (U-13).
func (p *accountPages) disconnect(c *gin.Context) {
	id := c.Param("connection")
	outcome, err := p.domain.Disconnect(c.Request.Context(), visitor(c).Workspace, id)
	if err != nil {
		p.out.sendBack(c, page.ConnectionPath(id), "", err)
		return
	}
	p.out.sendOn(c, "/", session.Notice{Text: outcome.Sentence})
}

// suggestionForms takes the presses of Apply and Dismiss (U-10).
type suggestionForms struct {
	domain advisor
	out    *desk
}

func (f *suggestionForms) apply(c *gin.Context) {
	back := page.ConnectionPath(c.Param("connection"))
	outcome, err := f.domain.Apply(c.Request.Context(), visitor(c).Workspace, c.Param("connection"), c.Param("suggestion"))
	if err != nil {
		f.out.sendBack(c, back, "", err)
		return
	}
	f.out.sendOn(c, back, session.Notice{Problem: !outcome.Applied, Text: outcome.Sentence})
}

func (f *suggestionForms) dismiss(c *gin.Context) {
	back := page.ConnectionPath(c.Param("connection"))
	dismissed, err := f.domain.Dismiss(c.Request.Context(), visitor(c).Workspace, c.Param("connection"), c.Param("suggestion"))
	if err != nil {
		f.out.sendBack(c, back, "", err)
		return
	}
	f.out.sendOn(c, back, session.Notice{Text: "Dismissed: " + dismissed.Title + ". Nothing was changed."})
}
