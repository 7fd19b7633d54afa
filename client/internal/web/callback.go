package web

import (
	"net/http"
	"net/url"

	"github.com/gin-gonic/gin"

	"github.com/mint-conformance/mint/client/internal/connection"
	"github.com/mint-conformance/mint/client/internal/web/page"
	"github.com/mint-conformance/mint/client/internal/web/session"
	"github.com/mint-conformance/mint/client/internal/web/wire"
)

// usedPath is the page for a link that has done its work.
const usedPath = "/oauth/used"

// callbackPages is MINT's redirection endpoint (RFC 6749 section 3.1.2). The
// GET shows a page and nothing else; only its one POST reaches the domain, so
// that a reload, a prefetch or the Back button can do no harm (U-14, CL-21).
type callbackPages struct {
	domain connecter
	out    *desk
}

// relay shows the page whose script hands the answer over. Without an answer
// in the address it is a reload after the work was done.
func (p *callbackPages) relay(c *gin.Context) {
	if c.Request.URL.RawQuery == "" {
		c.Redirect(http.StatusSeeOther, usedPath)
		return
	}
	view := page.RelayView{Frame: p.out.frame(c), Query: c.Request.URL.RawQuery}
	view.Heading = "One moment"
	p.out.show(c, http.StatusOK, page.Relay, view)
}

// finishForm is the button of browsers without script.
func (p *callbackPages) finishForm(c *gin.Context) {
	outcome, err := p.finish(c, c.Request.PostForm.Get("query"))
	if err != nil {
		p.out.sendBack(c, "/", "", err)
		return
	}
	c.Redirect(http.StatusSeeOther, p.settle(c, outcome))
}

// finishScript is the relay page's one request.
func (p *callbackPages) finishScript(c *gin.Context) {
	var body wire.Callback
	if !readJSON(c, p.out, &body) {
		return
	}
	outcome, err := p.finish(c, body.Query)
	if err != nil {
		p.out.fail(c, err)
		return
	}
	c.JSON(http.StatusOK, wire.Outcome{Outcome: string(outcome.Kind), Platform: outcome.PlatformID,
		ConnectionID: outcome.ConnectionID, Message: outcome.Sentence, Location: p.settle(c, outcome)})
}

func (p *callbackPages) finish(c *gin.Context, query string) (connection.Outcome, error) {
	values, err := url.ParseQuery(query)
	if err != nil {
		return connection.Outcome{Kind: connection.Failed, Sentence: "MINT could not read the platform's answer, so nothing was connected. Please try again."}, nil
	}
	if len(values) == 0 {
		return connection.Outcome{Kind: connection.AlreadyUsed}, nil
	}
	return p.domain.FinishConnect(c.Request.Context(), visitor(c).Workspace, visitor(c).ID(), connection.CallbackFrom(values))
}

// settle leaves the notice that belongs to an outcome and says where to go.
func (p *callbackPages) settle(c *gin.Context, outcome connection.Outcome) string {
	switch outcome.Kind {
	case connection.Connected:
		p.out.leave(c, session.Notice{Text: outcome.Sentence})
		return page.ConnectionPath(outcome.ConnectionID)
	case connection.AlreadyUsed:
		return usedPath
	default:
		p.out.leave(c, session.Notice{Problem: true, Text: outcome.Sentence, Platform: outcome.PlatformID})
		return "/"
	}
}
