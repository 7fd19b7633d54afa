package web

import (
	"errors"
	"log/slog"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/mint-conformance/mint/client/internal/connection"
	"github.com/mint-conformance/mint/client/internal/web/page"
	"github.com/mint-conformance/mint/client/internal/web/session"
	"github.com/mint-conformance/mint/client/internal/web/wire"
)

// desk is where every answer leaves: one way to show a page, to send the
// browser on with a notice, to refuse, and to admit a fault.
type desk struct {
	sessions *session.Store
	log      *slog.Logger
}

// frame is what every page of this visitor carries.
func (d *desk) frame(c *gin.Context) page.Frame { return page.Frame{CSRF: visitor(c).CSRF()} }

// notice takes the visitor's pending notice. A store that fails costs the
// notice, not the page.
func (d *desk) notice(c *gin.Context) *session.Notice {
	kept, err := d.sessions.Take(visitor(c))
	if err != nil {
		d.log.Error("the pending notice is lost", "request", requestID(c), "error", err)
	}
	return kept
}

// show answers with a page.
func (d *desk) show(c *gin.Context, status int, name page.Name, view any) {
	html, err := page.Render(name, view)
	if err != nil {
		d.fail(c, err)
		return
	}
	c.Data(status, "text/html; charset=utf-8", html)
}

// sendOn leaves a notice and sends the browser to a page of MINT.
func (d *desk) sendOn(c *gin.Context, to string, notice session.Notice) {
	d.leave(c, notice)
	c.Redirect(http.StatusSeeOther, to)
}

func (d *desk) leave(c *gin.Context, notice session.Notice) {
	if err := d.sessions.Leave(visitor(c), notice); err != nil {
		d.log.Error("a notice is lost", "request", requestID(c), "error", err, "notice", notice.Text)
	}
}

// sendBack sends the browser to a page with the problem as its notice;
// platform, where given, is offered for another try. What is no problem of the
// domain, or concerns nothing of this visitor, gets a page of its own.
func (d *desk) sendBack(c *gin.Context, to, platform string, err error) {
	var problem *connection.Problem
	if !errors.As(err, &problem) || errors.Is(err, connection.ErrNotFound) {
		d.fail(c, err)
		return
	}
	d.note(c, err)
	d.sendOn(c, to, session.Notice{Problem: true, Text: problem.Sentence, Platform: platform})
}

// fail answers with the error itself.
func (d *desk) fail(c *gin.Context, err error) {
	if c.Request.Context().Err() != nil {
		c.Abort() // the browser has gone; nobody is there to answer
		return
	}
	d.note(c, err)
	status, code := classify(err)
	if code == "internal" {
		d.fault(c)
		return
	}
	sentence, retryAt := "There is nothing at this address that belongs to you.", time.Time{}
	var problem *connection.Problem
	if errors.As(err, &problem) && problem.Sentence != "" {
		sentence, retryAt = problem.Sentence, problem.RetryAt
	}
	d.answer(c, status, wire.Error{Code: code, Message: sentence, RetryAt: retryAt})
}

// refuse answers with a sentence and ends the request.
func (d *desk) refuse(c *gin.Context, status int, code, sentence string) {
	d.answer(c, status, wire.Error{Code: code, Message: sentence})
}

// fault admits a fault of MINT; the log knows more.
func (d *desk) fault(c *gin.Context) {
	d.answer(c, http.StatusInternalServerError, wire.Error{Code: "internal",
		Message: "MINT failed at this. It is not your fault; please try again. Reference: " + requestID(c) + "."})
}

// badBody refuses a body that cannot be read.
func (d *desk) badBody(c *gin.Context, err error) {
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		d.refuse(c, http.StatusRequestEntityTooLarge, "too_large", "That is more than MINT takes in one request. Nothing was done.")
		return
	}
	d.refuse(c, http.StatusBadRequest, "invalid_request", "MINT could not read this request: "+err.Error()+". Nothing was done.")
}

// answer writes an error as JSON to programs and as a page to people.
func (d *desk) answer(c *gin.Context, status int, answer wire.Error) {
	c.Abort()
	if forPrograms(c) {
		c.JSON(status, answer)
		return
	}
	view := page.FailureView{Frame: page.Frame{Heading: headline(status)}, Sentence: answer.Message, Back: "Back to your advertising platforms"}
	html, err := page.Render(page.Failure, view)
	if err != nil {
		d.log.Error("the failure page cannot be shown", "request", requestID(c), "error", err)
		c.String(status, "%s", answer.Message)
		return
	}
	c.Data(status, "text/html; charset=utf-8", html)
}

func headline(status int) string {
	switch status {
	case http.StatusNotFound:
		return "Nothing here"
	case http.StatusForbidden:
		return "Nothing was done"
	case http.StatusInternalServerError:
		return "MINT failed"
	}
	return "That did not work"
}

// note writes an error to the log. Problems of the domain are daily business;
// everything else is a fault.
func (d *desk) note(c *gin.Context, err error) {
	var problem *connection.Problem
	if errors.As(err, &problem) {
		d.log.Info("refused", "request", requestID(c), "route", c.FullPath(), "error", err)
		return
	}
	d.log.Error("fault", "request", requestID(c), "route", c.FullPath(), "error", err)
}

// classify maps the domain's sentinels to HTTP, once for pages and API.
func classify(err error) (status int, code string) {
	for _, known := range []struct {
		kind   error
		status int
		code   string
	}{
		{connection.ErrNotFound, http.StatusNotFound, "not_found"},
		{connection.ErrNeedsReconnect, http.StatusConflict, "needs_reconnect"},
		{connection.ErrUnreadable, http.StatusConflict, "unreadable"},
		{connection.ErrForbiddenScope, http.StatusForbidden, "forbidden_scope"},
		{connection.ErrThrottled, http.StatusServiceUnavailable, "throttled"},
		{connection.ErrUnavailable, http.StatusServiceUnavailable, "unavailable"},
		{connection.ErrRefused, http.StatusUnprocessableEntity, "refused"},
		{connection.ErrUnclear, http.StatusBadGateway, "unclear"},
	} {
		if errors.Is(err, known.kind) {
			return known.status, known.code
		}
	}
	return http.StatusInternalServerError, "internal"
}
