package client

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"
)

const (
	// followWait is how long one poll asks the other side to hold the line.
	followWait = 30 * time.Second
	// followPause is the wait between polls while the other side is away.
	followPause = 200 * time.Millisecond
	maxClock    = 64 << 10 // of one answer, in bytes
)

// followedState is the answer of the clock resource. MINT shares no code with
// the mock Platform, so the wire type is its own.
type followedState struct {
	Now      time.Time     `json:"now"`
	Frozen   bool          `json:"frozen"`
	Offset   time.Duration `json:"offset"` // nanoseconds
	Revision int64         `json:"revision"`
}

// FollowedClock is a clock that another process moves: a test Platform's. Both
// processes run on one machine, so the machine's clock is common ground and
// only the offset travels.
type FollowedClock struct {
	address  url.URL
	token    string
	follower string
	http     *http.Client
	machine  func() time.Time

	mutex sync.RWMutex
	state followedState

	stop context.CancelFunc
	done chan struct{}
}

// FollowClock follows the clock at clockURL, the clock resource of a Platform
// in a mock Platform's control API; token may be empty. It returns once this
// process is registered as a follower and the clock is known: from then on a
// change of the clock waits until MINT has taken it over. Only for tests: a
// production start of MINT offers no way here.
func FollowClock(ctx context.Context, clockURL, token string) (*FollowedClock, error) {
	address, err := url.Parse(clockURL)
	if err != nil || address.Host == "" {
		return nil, fmt.Errorf("clock %q is not an address; write the clock resource of a Platform, http://…/v1/platforms/NAME/clock", clockURL)
	}
	clock := &FollowedClock{
		address: *address, token: token, follower: "mint-" + strings.ToLower(rand.Text()),
		http:    &http.Client{Transport: &http.Transport{DisableCompression: true}},
		machine: time.Now, //nolint:forbidigo // the machine's clock is what both processes share
		done:    make(chan struct{}),
	}
	first, err := clock.poll(ctx, 0, 0)
	if err != nil {
		return nil, fmt.Errorf("clock %s cannot be followed: %w", clockURL, err)
	}
	clock.state = first
	following, stop := context.WithCancel(context.WithoutCancel(ctx))
	clock.stop = stop
	go clock.follow(following)
	return clock, nil
}

// Now is the followed clock's time.
func (c *FollowedClock) Now() time.Time {
	c.mutex.RLock()
	defer c.mutex.RUnlock()
	if c.state.Frozen {
		return c.state.Now
	}
	return c.machine().Add(c.state.Offset)
}

// Close stops following and tells the other side, so that no change of the
// clock waits for this process any more.
func (c *FollowedClock) Close() error {
	c.stop()
	<-c.done
	defer c.http.CloseIdleConnections()
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	address := c.address.JoinPath("followers", c.follower)
	request, err := http.NewRequestWithContext(ctx, http.MethodDelete, address.String(), nil)
	if err != nil {
		return err
	}
	c.authorize(request)
	answer, err := c.http.Do(request)
	if err != nil {
		return nil // the Platform is gone, and its followers with it
	}
	return answer.Body.Close()
}

// errNotFollowing is the other side's answer to a follower that it has dropped.
var errNotFollowing = errors.New("HTTP 404")

// follow polls until it is stopped. A poll acknowledges the revision it has;
// one that names none registers.
func (c *FollowedClock) follow(ctx context.Context) {
	defer close(c.done)
	registered := true
	for ctx.Err() == nil {
		var revision int64
		if registered {
			c.mutex.RLock()
			revision = c.state.Revision
			c.mutex.RUnlock()
		}
		state, err := c.poll(ctx, revision, followWait)
		registered = !errors.Is(err, errNotFollowing)
		if err != nil {
			select {
			case <-ctx.Done():
			case <-time.After(followPause):
			}
			continue
		}
		c.mutex.Lock()
		c.state = state
		c.mutex.Unlock()
	}
}

func (c *FollowedClock) poll(ctx context.Context, after int64, wait time.Duration) (followedState, error) {
	ctx, cancel := context.WithTimeout(ctx, wait+10*time.Second)
	defer cancel()
	address := c.address
	query := address.Query()
	query.Set("follower", c.follower)
	query.Set("after", strconv.FormatInt(after, 10))
	query.Set("wait", wait.String())
	address.RawQuery = query.Encode()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address.String(), nil)
	if err != nil {
		return followedState{}, err
	}
	c.authorize(request)
	answer, err := c.http.Do(request)
	if err != nil {
		var wrapped *url.Error
		if errors.As(err, &wrapped) {
			err = wrapped.Err
		}
		return followedState{}, err
	}
	defer answer.Body.Close()
	switch answer.StatusCode {
	case http.StatusOK:
	case http.StatusNotFound:
		return followedState{}, errNotFollowing
	default:
		return followedState{}, fmt.Errorf("HTTP %d", answer.StatusCode)
	}
	var state followedState
	if err := json.NewDecoder(io.LimitReader(answer.Body, maxClock)).Decode(&state); err != nil {
		return followedState{}, errors.New("the answer is not a clock")
	}
	return state, nil
}

func (c *FollowedClock) authorize(request *http.Request) {
	if c.token != "" {
		request.Header.Set("Authorization", "Bearer "+c.token)
	}
}
