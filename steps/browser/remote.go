package browser

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/go-rod/rod/lib/cdp"
)

// connect attaches to a browser that runs with --remote-debugging-port
// somewhere. Close lets it go without ending it.
func connect(ctx context.Context, address string) (*Browser, error) {
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	endpoint, err := resolve(ctx, address)
	if err != nil {
		return nil, fmt.Errorf("%w: %s is not the address of a running browser: %w", ErrNotFound, address, err)
	}
	socket := &cdp.WebSocket{}
	if err := socket.Connect(ctx, endpoint, nil); err != nil {
		return nil, fmt.Errorf("%w: %s does not take a connection: %w", ErrNotFound, address, err)
	}
	b := newBrowser(socket, socket.Close)
	if err := b.greet(ctx); err != nil {
		_ = socket.Close()
		return nil, fmt.Errorf("%w: %s did not answer: %w", ErrNotFound, address, err)
	}
	return b, nil
}

// resolve asks an http address for its WebSocket address; the host stays the
// one that was asked, since a browser behind a tunnel calls itself localhost.
func resolve(ctx context.Context, address string) (string, error) {
	if strings.HasPrefix(address, "ws") {
		return address, nil
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, strings.TrimRight(address, "/")+"/json/version", nil)
	if err != nil {
		return "", err
	}
	res, err := (&http.Client{Timeout: 30 * time.Second}).Do(req)
	if err != nil {
		return "", err
	}
	defer func() { _ = res.Body.Close() }()
	var version struct {
		WebSocketDebuggerURL string `json:"webSocketDebuggerUrl"`
	}
	if err := json.NewDecoder(io.LimitReader(res.Body, 1<<16)).Decode(&version); err != nil {
		return "", fmt.Errorf("/json/version answered %s: %w", res.Status, err)
	}
	socket, err := url.Parse(version.WebSocketDebuggerURL)
	if err != nil || socket.Host == "" {
		return "", fmt.Errorf("/json/version names no webSocketDebuggerUrl")
	}
	socket.Host = req.URL.Host
	if req.URL.Scheme == "https" {
		socket.Scheme = "wss"
	}
	return socket.String(), nil
}
