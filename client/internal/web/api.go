package web

import (
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"

	"github.com/gin-gonic/gin"

	"github.com/mint-conformance/mint/client/internal/connection"
	"github.com/mint-conformance/mint/client/internal/platform"
	"github.com/mint-conformance/mint/client/internal/web/page"
	"github.com/mint-conformance/mint/client/internal/web/wire"
)

// readJSON reads one JSON document strictly: unknown members, a second
// document or another content type are refused. On false the request has been
// answered.
func readJSON(c *gin.Context, out *desk, into any) bool {
	if kind, _, err := mime.ParseMediaType(c.GetHeader("Content-Type")); err != nil || kind != "application/json" {
		out.refuse(c, http.StatusUnsupportedMediaType, "invalid_request", "Send the body as application/json.")
		return false
	}
	decoder := json.NewDecoder(c.Request.Body)
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(into); err != nil {
		out.badBody(c, err)
		return false
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		out.badBody(c, errors.New("there is more after the document"))
		return false
	}
	return true
}

// platformAPI is /api/platforms.
type platformAPI struct {
	overview overviewer
	connect  connecter
	out      *desk
}

func (a *platformAPI) list(c *gin.Context) {
	states, err := a.overview.Overview(c.Request.Context(), visitor(c).Workspace)
	if err != nil {
		a.out.fail(c, err)
		return
	}
	c.JSON(http.StatusOK, wire.NewPlatforms(states))
}

func (a *platformAPI) start(c *gin.Context) {
	var body wire.Connect
	if !readJSON(c, a.out, &body) {
		return
	}
	to, err := a.connect.StartConnect(c.Request.Context(), visitor(c).Workspace, visitor(c).ID(), c.Param("platform"), body.Scopes)
	if err != nil {
		a.out.fail(c, err)
		return
	}
	c.JSON(http.StatusOK, wire.Authorization{AuthorizationURL: to})
}

func (a *platformAPI) password(c *gin.Context) {
	var body wire.Password
	if !readJSON(c, a.out, &body) {
		return
	}
	if body.Login == "" || body.Password == "" {
		a.out.refuse(c, http.StatusBadRequest, "invalid_request", "Both login and password are needed.")
		return
	}
	outcome, err := a.connect.ConnectWithPassword(c.Request.Context(), visitor(c).Workspace, c.Param("platform"), body.Login, platform.Secret(body.Password))
	if err != nil {
		a.out.fail(c, err)
		return
	}
	answer := wire.Outcome{Outcome: string(outcome.Kind), Platform: outcome.PlatformID, ConnectionID: outcome.ConnectionID, Message: outcome.Sentence, Location: "/"}
	if outcome.Kind == connection.Connected {
		answer.Location = page.ConnectionPath(outcome.ConnectionID)
	}
	c.JSON(http.StatusOK, answer)
}

// connectionAPI is /api/connections.
type connectionAPI struct {
	domain   accountKeeper
	overview overviewer
	advice   advisor
	out      *desk
}

func (a *connectionAPI) list(c *gin.Context) {
	states, err := a.overview.Overview(c.Request.Context(), visitor(c).Workspace)
	if err != nil {
		a.out.fail(c, err)
		return
	}
	answer := wire.Connections{Connections: []wire.Connection{}}
	for _, state := range states {
		if state.Connection != nil {
			answer.Connections = append(answer.Connections, wire.NewConnection(*state.Connection))
		}
	}
	c.JSON(http.StatusOK, answer)
}

func (a *connectionAPI) show(c *gin.Context) {
	found, err := a.domain.Connection(c.Request.Context(), visitor(c).Workspace, c.Param("connection"))
	answer(c, a.out, err, func() any { return wire.NewConnection(found) })
}

func (a *connectionAPI) campaigns(c *gin.Context) {
	snapshot, err := a.domain.Campaigns(c.Request.Context(), visitor(c).Workspace, c.Param("connection"))
	answer(c, a.out, err, func() any { return wire.NewSnapshot(snapshot) })
}

func (a *connectionAPI) suggestions(c *gin.Context) {
	all, err := a.advice.Suggestions(c.Request.Context(), visitor(c).Workspace, c.Param("connection"))
	answer(c, a.out, err, func() any { return wire.NewSuggestions(all) })
}

func (a *connectionAPI) refresh(c *gin.Context) {
	found, err := a.domain.Refresh(c.Request.Context(), visitor(c).Workspace, c.Param("connection"))
	answer(c, a.out, err, func() any { return wire.NewConnection(found) })
}

func (a *connectionAPI) disconnect(c *gin.Context) {
	outcome, err := a.domain.Disconnect(c.Request.Context(), visitor(c).Workspace, c.Param("connection"))
	answer(c, a.out, err, func() any {
		return wire.Disconnected{Revoked: outcome.Revoked, Pending: outcome.Pending, Message: outcome.Sentence}
	})
}

func (a *connectionAPI) apply(c *gin.Context) {
	outcome, err := a.advice.Apply(c.Request.Context(), visitor(c).Workspace, c.Param("connection"), c.Param("suggestion"))
	answer(c, a.out, err, func() any {
		return wire.Applied{Suggestion: wire.NewSuggestion(outcome.Suggestion), Applied: outcome.Applied, Already: outcome.Already, Message: outcome.Sentence}
	})
}

func (a *connectionAPI) dismiss(c *gin.Context) {
	dismissed, err := a.advice.Dismiss(c.Request.Context(), visitor(c).Workspace, c.Param("connection"), c.Param("suggestion"))
	answer(c, a.out, err, func() any { return wire.NewSuggestion(dismissed) })
}

// applicationAPI is /api/applications.
type applicationAPI struct {
	domain registrar
	out    *desk
}

func (a *applicationAPI) show(c *gin.Context) {
	app, err := a.domain.Application(c.Request.Context(), c.Param("platform"))
	answer(c, a.out, err, func() any { return wire.NewApplication(app) })
}

func (a *applicationAPI) save(c *gin.Context) {
	var body wire.ChangeApplication
	if !readJSON(c, a.out, &body) {
		return
	}
	app, err := a.domain.UpdateApplication(c.Request.Context(), c.Param("platform"), connection.ApplicationChange(body))
	answer(c, a.out, err, func() any { return wire.NewApplication(app) })
}

// answer writes the document, or the error if there is one.
func answer(c *gin.Context, out *desk, err error, document func() any) {
	if err != nil {
		out.fail(c, err)
		return
	}
	c.JSON(http.StatusOK, document())
}
