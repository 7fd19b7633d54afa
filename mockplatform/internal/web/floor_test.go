package web_test

import (
	"bufio"
	"context"
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/gin-gonic/gin"

	"github.com/mint-conformance/mint/mockplatform"
	"github.com/mint-conformance/mint/mockplatform/control"
)

// serving tells this test program to be a server of its own, with one
// processor: "floor", "opaque" or "es256".
const serving = "MINT_BENCH_SERVE"

func TestMain(m *testing.M) {
	what := os.Getenv(serving)
	if what == "" {
		os.Exit(m.Run())
	}
	address, err := serveForBench(what)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Println(address)
	_, _ = io.Copy(io.Discard, os.Stdin) // until the benchmark lets go
}

// serveForBench starts a server and answers the address of its token endpoint.
func serveForBench(what string) (string, error) {
	if what == "floor" {
		gin.SetMode(gin.ReleaseMode)
		engine := gin.New()
		engine.POST("/token", func(c *gin.Context) {
			if err := c.Request.ParseForm(); err != nil || c.Request.PostForm.Get("grant_type") == "" {
				c.Status(http.StatusBadRequest)
				return
			}
			value := make([]byte, 32)
			_, _ = rand.Read(value) // never fails
			c.JSON(http.StatusOK, gin.H{"access_token": base64.RawURLEncoding.EncodeToString(value), "token_type": "Bearer", "expires_in": 1200})
		})
		return httptest.NewServer(engine).URL + "/token", nil
	}
	cfg := mockplatform.Default()
	cfg.Listen, cfg.Control, cfg.Platforms = "127.0.0.1:0", "127.0.0.1:0", nil
	server, err := mockplatform.New(cfg)
	if err != nil {
		return "", err
	}
	ask := control.CreatePlatform{Profile: "service"}
	if what == "es256" {
		ask.Settings = []byte(`{"access_token":{"format":"jwt","alg":"ES256"}}`)
	}
	platform, err := server.Control().CreatePlatform(context.Background(), ask)
	return platform.Endpoints.Token, err
}

// BenchmarkTokenAgainstFloor asks for tokens over sockets from a server with
// one processor, journal and gate on, and compares its rate with that of a
// bare gin handler that parses a form and answers a random token. The share
// ("of-floor") is what counts: 0.6 is wanted of opaque tokens; rates are the
// machine's.
//
//	go test ./mockplatform/internal/web -run '^$' -bench TokenAgainstFloor -benchtime 20000x
func BenchmarkTokenAgainstFloor(b *testing.B) {
	floor := 0.0
	for _, what := range []string{"floor", "opaque", "es256"} {
		b.Run(what, func(b *testing.B) {
			target := childServer(b, what)
			form := url.Values{"grant_type": {"client_credentials"}, "client_id": {"service-mint"}, "client_secret": {"service-mint-secret-for-tests-only"}}.Encode()
			client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64}}
			b.SetParallelism(8)
			b.ResetTimer()
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					answer, err := client.Post(target, "application/x-www-form-urlencoded", strings.NewReader(form))
					if err != nil {
						b.Error(err)
						return
					}
					_, _ = io.Copy(io.Discard, answer.Body)
					_ = answer.Body.Close()
					if answer.StatusCode != http.StatusOK {
						b.Errorf("answered %s", answer.Status)
						return
					}
				}
			})
			rate := float64(b.N) / b.Elapsed().Seconds()
			b.ReportMetric(rate, "requests/s")
			if what == "floor" {
				floor = rate
			} else if floor > 0 {
				b.ReportMetric(rate/floor, "of-floor")
			}
		})
	}
}

// childServer runs this program as a server until the benchmark ends.
func childServer(b *testing.B, what string) string {
	b.Helper()
	self, err := os.Executable()
	if err != nil {
		b.Fatal(err)
	}
	child := exec.CommandContext(b.Context(), self)
	child.Env = append(os.Environ(), serving+"="+what, "GOMAXPROCS=1")
	child.Stderr = os.Stderr
	hold, err := child.StdinPipe()
	if err != nil {
		b.Fatal(err)
	}
	out, err := child.StdoutPipe()
	if err != nil {
		b.Fatal(err)
	}
	if err := child.Start(); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		_ = hold.Close() // it ends then
		_ = child.Wait()
	})
	address, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		b.Fatalf("the server told no address: %v", err)
	}
	return strings.TrimSpace(address)
}
