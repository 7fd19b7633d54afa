package control_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/mint-conformance/mint/mockplatform/control"
)

// call is what the fake control API saw.
type call struct {
	Method, Target, Authorization, ContentType, Body string
}

// fake answers every call with the same status and body and keeps the last call.
func fake(t *testing.T, status int, body string) (*control.Client, *call) {
	t.Helper()
	last := &call{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		sent, err := io.ReadAll(r.Body)
		if err != nil {
			t.Errorf("reading the call: %v", err)
		}
		*last = call{r.Method, r.URL.RequestURI(), r.Header.Get("Authorization"), r.Header.Get("Content-Type"), string(sent)}
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}))
	t.Cleanup(server.Close)
	client := control.NewClient(server.URL+"/", "s3cret")
	t.Cleanup(client.Close)
	return client, last
}

// Each method sends what the control API documents.
func TestCalls(t *testing.T) {
	freeze := true
	tests := []struct {
		name   string
		status int
		answer string
		do     func(context.Context, *control.Client) error
		method string
		target string
		body   string
	}{
		{"health", 200, `{"status":"ok"}`, func(ctx context.Context, c *control.Client) error { return c.Health(ctx) }, "GET", "/v1/health", ""},
		{"create", 201, `{"name":"a"}`, func(ctx context.Context, c *control.Client) error {
			_, err := c.CreatePlatform(ctx, control.CreatePlatform{Profile: "mint", Settings: json.RawMessage(`{"code":{"lifetime":"5s"}}`)})
			return err
		}, "POST", "/v1/platforms", `{"profile":"mint","settings":{"code":{"lifetime":"5s"}}}`},
		{"delete", 204, ``, func(ctx context.Context, c *control.Client) error { return c.DeletePlatform(ctx, "a/b") }, "DELETE", "/v1/platforms/a%2Fb", ""},
		{"advance", 200, `{}`, func(ctx context.Context, c *control.Client) error {
			_, err := c.Advance(ctx, "a", 90*time.Minute)
			return err
		}, "POST", "/v1/platforms/a/clock", `{"advance":"1h30m0s"}`},
		{"freeze", 200, `{}`, func(ctx context.Context, c *control.Client) error {
			_, err := c.ChangeClock(ctx, "a", control.ChangeClock{Freeze: &freeze})
			return err
		}, "POST", "/v1/platforms/a/clock", `{"freeze":true}`},
		{"follow", 200, `{}`, func(ctx context.Context, c *control.Client) error {
			_, err := c.FollowClock(ctx, "a", "mint 1", 7, 30*time.Second)
			return err
		}, "GET", "/v1/platforms/a/clock?after=7&follower=mint+1&wait=30s", ""},
		{"unfollow", 204, ``, func(ctx context.Context, c *control.Client) error { return c.UnfollowClock(ctx, "a", "mint 1") }, "DELETE", "/v1/platforms/a/clock/followers/mint%201", ""},
		{"arm", 201, `{"id":"f1"}`, func(ctx context.Context, c *control.Client) error {
			_, err := c.ArmFault(ctx, "a", control.Fault{Match: control.FaultMatch{Endpoint: "api"}, Action: control.FaultAction{Kind: "unauthorized"}, Count: 2})
			return err
		}, "POST", "/v1/platforms/a/faults", `{"match":{"endpoint":"api"},"action":{"kind":"unauthorized"},"count":2}`},
		{"disarm", 204, ``, func(ctx context.Context, c *control.Client) error { return c.DisarmFault(ctx, "a", "f1") }, "DELETE", "/v1/platforms/a/faults/f1", ""},
		{"expire", 200, `{"tokens":3}`, func(ctx context.Context, c *control.Client) error {
			affected, err := c.ExpireTokens(ctx, "a", control.TokenSelector{Kind: "access_token"})
			if affected.Tokens != 3 {
				return errors.New("the answer was not read")
			}
			return err
		}, "POST", "/v1/platforms/a/tokens/expire", `{"kind":"access_token"}`},
		{"revoke", 200, `{"tokens":1}`, func(ctx context.Context, c *control.Client) error {
			_, err := c.RevokeTokens(ctx, "a", control.TokenSelector{All: true})
			return err
		}, "POST", "/v1/platforms/a/tokens/revoke", `{"all":true}`},
		{"rotate", 200, `{"kid":"k2"}`, func(ctx context.Context, c *control.Client) error {
			key, err := c.RotateKey(ctx, "a")
			if key.ID != "k2" {
				return errors.New("the answer was not read")
			}
			return err
		}, "POST", "/v1/platforms/a/keys/rotate", ""},
		{"journal", 200, `{"exchanges":[],"last":4}`, func(ctx context.Context, c *control.Client) error {
			_, err := c.Journal(ctx, "a", 4, 0)
			return err
		}, "GET", "/v1/platforms/a/journal?after=4", ""},
		{"grants", 200, `{"families":[]}`, func(ctx context.Context, c *control.Client) error {
			_, err := c.Grants(ctx, "a")
			return err
		}, "GET", "/v1/platforms/a/grants", ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			client, got := fake(t, test.status, test.answer)
			if err := test.do(t.Context(), client); err != nil {
				t.Fatalf("unexpected error: %v", err)
			}
			want := call{Method: test.method, Target: test.target, Authorization: "Bearer s3cret", Body: test.body}
			if test.body != "" {
				want.ContentType = "application/json"
			}
			if diff := cmp.Diff(want, *got); diff != "" {
				t.Errorf("the call differs (-want +got):\n%s", diff)
			}
		})
	}
}

// Refusals become an *Error with the server's sentence.
func TestErrors(t *testing.T) {
	tests := []struct {
		name     string
		status   int
		body     string
		want     string
		notFound bool
	}{
		{"problem", 422, `{"message":"count: give 1 or more"}`, "control API answered 422: count: give 1 or more", false},
		{"not found", 404, `{"message":"no Platform \"x\""}`, `control API answered 404: no Platform "x"`, true},
		{"not the control API", 404, `<html>`, "control API answered 404: the answer carries no explanation; is this the control address (not the public one)?", true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			client, _ := fake(t, test.status, test.body)
			_, err := client.Platform(t.Context(), "x")
			var answer *control.Error
			if !errors.As(err, &answer) || answer.Status != test.status {
				t.Fatalf("got %v, want a *control.Error with status %d", err, test.status)
			}
			if got := err.Error(); got != test.want {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
			if got := control.IsNotFound(err); got != test.notFound {
				t.Errorf("IsNotFound = %v, want %v", got, test.notFound)
			}
		})
	}
}

// An answer that is no JSON, or no server at all, is an error with the address.
func TestUnreachable(t *testing.T) {
	client, _ := fake(t, http.StatusOK, "hello")
	if _, err := client.Clock(t.Context(), "a"); err == nil || !strings.Contains(err.Error(), "GET /v1/platforms/a/clock") {
		t.Errorf("got %v, want an error that names the call", err)
	}
	nobody := control.NewClient("http://127.0.0.1:1", "")
	if err := nobody.Health(t.Context()); err == nil || !strings.Contains(err.Error(), "http://127.0.0.1:1") {
		t.Errorf("got %v, want an error that names the address", err)
	}
}
