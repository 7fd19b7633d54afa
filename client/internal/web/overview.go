package web

import (
	"context"
	"net/http"

	"github.com/gin-gonic/gin"

	"github.com/mint-conformance/mint/client/internal/connection"
	"github.com/mint-conformance/mint/client/internal/web/page"
)

type overviewer interface {
	Overview(ctx context.Context, workspace string) ([]connection.PlatformState, error)
}

// overviewPages shows all platforms (U-01).
type overviewPages struct {
	domain overviewer
	out    *desk
}

func (p *overviewPages) show(c *gin.Context) {
	states, err := p.domain.Overview(c.Request.Context(), visitor(c).Workspace)
	if err != nil {
		p.out.fail(c, err)
		return
	}
	p.out.show(c, http.StatusOK, page.Overview, page.NewOverview(p.out.frame(c), states, p.out.notice(c)))
}

// used is the page of a link that was already used: it blames nobody and
// shows the way on (U-14).
func (p *overviewPages) used(c *gin.Context) {
	states, err := p.domain.Overview(c.Request.Context(), visitor(c).Workspace)
	if err != nil {
		p.out.fail(c, err)
		return
	}
	view := page.UsedView{Frame: p.out.frame(c)}
	view.Heading = "This link was already used"
	for _, state := range states {
		if card := page.NewCard(state); card.OpenPath != "" && state.State != connection.StateDisconnected {
			view.Connections = append(view.Connections, card)
		}
	}
	p.out.show(c, http.StatusOK, page.LinkUsed, view)
}
