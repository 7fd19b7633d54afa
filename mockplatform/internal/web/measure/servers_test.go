//go:build unix

package measure_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"runtime"
	"sync"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"

	"github.com/mint-conformance/mint/mockplatform/control"
	"github.com/mint-conformance/mint/mockplatform/internal/issuer"
	"github.com/mint-conformance/mint/mockplatform/internal/web"
)

// servers are what a child can be.
var servers = map[string]func() (served, error){
	"floor":   floor,
	"signing": signingFloor,
	"map":     mapFloor,
	"opaque":  func() (served, error) { return mock(control.CreatePlatform{Profile: "service"}) },
	"es256": func() (served, error) {
		return mock(control.CreatePlatform{Profile: "service", Settings: []byte(`{"access_token":` + es256 + `}`)})
	},
	"refreshing": refreshing,
	"soak":       soaked,
}

const es256 = `{"format":"jwt","alg":"ES256"}`

// gate is the least that a token endpoint can be: gin, a form that is parsed,
// and what answer makes of it as JSON.
func gate(answer func(refresh string) (gin.H, bool)) string {
	gin.SetMode(gin.ReleaseMode)
	engine := gin.New()
	engine.POST("/token", func(c *gin.Context) {
		if err := c.Request.ParseForm(); err != nil || c.Request.PostForm.Get("grant_type") == "" {
			c.Status(http.StatusBadRequest)
			return
		}
		document, ok := answer(c.Request.PostForm.Get("refresh_token"))
		if !ok {
			c.Status(http.StatusBadRequest)
			return
		}
		c.JSON(http.StatusOK, document)
	})
	return httptest.NewServer(engine).URL + "/token"
}

// floor answers a random token.
func floor() (served, error) {
	return served{address: gate(func(string) (gin.H, bool) {
		return gin.H{"access_token": random(), "token_type": "Bearer", "expires_in": 1200}, true
	})}, nil
}

func random() string {
	value := make([]byte, 32)
	_, _ = rand.Read(value) // never fails
	return base64.RawURLEncoding.EncodeToString(value)
}

// signingFloor answers a token that is signed by the library in the way of its
// manual, and keeps nothing either.
func signingFloor() (served, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return served{}, err
	}
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.ES256, Key: jose.JSONWebKey{Key: key, KeyID: random()}}, nil)
	if err != nil {
		return served{}, err
	}
	return served{address: gate(func(string) (gin.H, bool) {
		now := time.Now() //nolint:forbidigo // this server is its own clock
		token, err := jwt.Signed(signer).Claims(jwt.Claims{
			Issuer: "http://127.0.0.1:9400/service", ID: random(),
			IssuedAt: jwt.NewNumericDate(now), Expiry: jwt.NewNumericDate(now.Add(20 * time.Minute)),
		}).Serialize()
		return gin.H{"access_token": token, "token_type": "Bearer", "expires_in": 1200}, err == nil
	})}, nil
}

// mapFloor rotates refresh tokens in a Go map behind a mutex.
func mapFloor() (served, error) {
	type pair struct {
		access, client string
		expires        time.Time
	}
	var mu sync.Mutex
	kept := map[string]pair{}
	began := time.Now() //nolint:forbidigo // as above
	issue := func() (access, refresh string) {
		access, refresh = random(), random()
		kept[refresh] = pair{access, "100", began}
		return access, refresh
	}
	address := gate(func(presented string) (gin.H, bool) {
		mu.Lock()
		defer mu.Unlock()
		if _, known := kept[presented]; !known {
			return nil, false
		}
		delete(kept, presented)
		access, refresh := issue()
		return gin.H{"access_token": access, "token_type": "Bearer", "expires_in": 1200, "refresh_token": refresh}, true
	})
	fill := func(n int) ([]string, error) {
		kept = make(map[string]pair, n)
		said := []string{address}
		for range n {
			_, refresh := issue()
			said = append(said, refresh)
		}
		runtime.GC() // as below
		return said, nil
	}
	return served{address, map[string]func(int) ([]string, error){"fill": fill}}, nil
}

// begun is a mock Platform's server.
func begun() (*web.Server, error) {
	return web.New(web.Config{
		Listen: "127.0.0.1:0", APIListen: "127.0.0.1:0", Control: "127.0.0.1:0",
		Now: time.Now, Logger: slog.New(slog.DiscardHandler), //nolint:forbidigo // where the Platforms' clocks begin
	})
}

// mock is the mock Platform, with all that it does for everybody.
func mock(c control.CreatePlatform) (served, error) {
	server, err := begun()
	if err != nil {
		return served{}, err
	}
	p, err := server.Registry().Create(c)
	if err != nil {
		return served{}, err
	}
	return served{address: p.Endpoints().Token}, nil
}

// refreshing is a mock Platform whose refresh tokens rotate. Told to fill, it
// puts a fresh Platform with so many live pairs in its place, and says the
// token endpoint and the refresh tokens.
func refreshing() (served, error) {
	server, err := begun()
	if err != nil {
		return served{}, err
	}
	ask := issuer.Request{
		Method: http.MethodPost, ContentType: "application/x-www-form-urlencoded",
		Body: []byte("grant_type=password&client_id=100&username=maya%40example.test&password=maya-password-1"),
	}
	fill := func(n int) ([]string, error) {
		server.Registry().Delete("ads")
		p, err := server.Registry().Create(control.CreatePlatform{
			Profile: "mindbaz", Name: "ads",
			Settings: []byte(`{"access_token":{"format":"opaque","alg":null,"key":null,"claims":null},"refresh_token":{"format":"opaque"},"token":{"param_case":"exact"}}`),
		})
		if err != nil {
			return nil, err
		}
		said := []string{p.Endpoints().Token}
		for range n {
			issued := p.Auth().Token(p.Clock().Now(), ask, nil)
			if issued.Err != nil {
				return nil, errors.New(issued.Err.Description)
			}
			said = append(said, issued.Answer.RefreshToken)
		}
		runtime.GC() // filling made garbage that no request is to pay for
		return said, nil
	}
	said, err := fill(0)
	if err != nil {
		return served{}, err
	}
	return served{said[0], map[string]func(int) ([]string, error){"fill": fill}}, nil
}
