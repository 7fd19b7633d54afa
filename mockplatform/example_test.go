package mockplatform_test

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/mint-conformance/mint/mockplatform"
	"github.com/mint-conformance/mint/mockplatform/control"
)

// In a test one line starts a mock, and its end is taken care of.
func ExampleStart() {
	test := func(t *testing.T) {
		mock := mockplatform.Start(t, "mindbaz")
		p := mock.Platform("mindbaz")
		// … point the client under test at p.Endpoints.Token, then let its
		// access token expire without waiting:
		mock.Advance("mindbaz", 21*time.Minute)
		_ = p
	}
	_ = test
}

// A program embeds the mock by hand.
func ExampleNew() {
	cfg := mockplatform.Default()
	cfg.Listen, cfg.Control = "127.0.0.1:0", "127.0.0.1:0"
	mock, err := mockplatform.New(cfg)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer mock.Close()

	ctx := context.Background()
	p, err := mock.Control().CreatePlatform(ctx, control.CreatePlatform{Profile: "mindbaz", Name: "shop"})
	if err != nil {
		fmt.Println(err)
		return
	}
	maya := p.Customers[0]
	client := &http.Client{Timeout: 5 * time.Second}
	answer, err := client.PostForm(p.Endpoints.Token, url.Values{
		"grant_type": {"password"}, "username": {maya.Username}, "password": {maya.Password}, "client_id": {p.Clients[0].ID},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	if err := answer.Body.Close(); err != nil {
		fmt.Println(err)
		return
	}
	grants, err := mock.Control().Grants(ctx, "shop")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(answer.Status, len(grants), grants[0].Customer, grants[0].Tokens[0].State)
	// Output: 200 OK 1 maya live
}
