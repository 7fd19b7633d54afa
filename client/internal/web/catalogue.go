package web

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"github.com/mint-conformance/mint/client/internal/connection"
	"github.com/mint-conformance/mint/client/internal/platform"
	"github.com/mint-conformance/mint/client/internal/web/page"
	"github.com/mint-conformance/mint/client/internal/web/wire"
)

// catalogue knows the configured platforms by id, as far as pages need it.
type catalogue map[string]connection.PlatformState

func newCatalogue(integrations []platform.Integration) catalogue {
	all := catalogue{}
	for _, i := range integrations {
		all[i.ID] = connection.PlatformState{
			PlatformID: i.ID, Title: i.Title,
			PasswordForm:       i.Has(platform.GrantPassword),
			ApplicationAccount: i.Has(platform.GrantClientCredentials),
		}
	}
	return all
}

// serveAsset answers with one embedded file. Its address changes with its
// content, so a browser may keep it.
func serveAsset(c *gin.Context) {
	asset, ok := page.Assets()[c.Param("name")]
	if !ok {
		c.String(http.StatusNotFound, "There is no such file.\n")
		return
	}
	if c.Query("v") == asset.Version {
		c.Header("Cache-Control", "public, max-age=31536000, immutable")
	}
	c.Data(http.StatusOK, asset.ContentType, asset.Content)
}

func serveHealth(c *gin.Context) { c.JSON(http.StatusOK, wire.Health{Status: "ok"}) }

func serveOpenAPI(c *gin.Context) {
	c.Data(http.StatusOK, "application/json; charset=utf-8", wire.OpenAPI)
}

func serveSession(c *gin.Context) {
	c.JSON(http.StatusOK, wire.Session{CSRFToken: visitor(c).CSRF()})
}
