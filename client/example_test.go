package client_test

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"github.com/mint-conformance/mint/client"
)

// A MINT of one's own inside a Go program: port 0, a clock that stands still,
// a database that goes away with the directory.
func ExampleNew() {
	dir, err := os.MkdirTemp("", "mint")
	if err != nil {
		panic(err)
	}
	defer func() { _ = os.RemoveAll(dir) }()
	integrations, err := client.LoadIntegrations("example", []byte(`
platforms:
  - id: ads
    title: Example Ads
    issuer: https://ads.example
    grants: [authorization_code]
    authorization_endpoint: https://ads.example/authorize
    token_endpoint: https://ads.example/token
    api_base: https://ads.example
    client_id: mint
    client_secret: for-the-example-only
    client_auth: basic
    scopes: [ads.read, ads.write]
    pkce: S256
    refresh: {replay: none}
`))
	if err != nil {
		panic(err)
	}
	noon := time.Date(2026, 11, 14, 12, 0, 0, 0, time.UTC)
	server, err := client.New(client.Config{
		Listen:       "127.0.0.1:0",
		Database:     "sqlite:" + filepath.Join(dir, "mint.db"),
		Integrations: integrations,
		Now:          func() time.Time { return noon },
	})
	if err != nil {
		panic(err)
	}
	server.Start()
	defer func() { _ = server.Close(context.Background()) }()

	response, err := http.Get(server.URL() + "/api/health")
	if err != nil {
		panic(err)
	}
	defer response.Body.Close()
	fmt.Println(response.StatusCode)
	// Output: 200
}
