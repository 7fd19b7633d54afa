package control

import (
	"context"
	"net/http"
	"time"
)

// Health returns nil when the control API answers and its Platforms can be used.
func (c *Client) Health(ctx context.Context) error {
	return c.call(ctx, http.MethodGet, "/v1/health", nil, nil, nil)
}

// Profiles lists the profiles that CreatePlatform can name.
func (c *Client) Profiles(ctx context.Context) ([]Profile, error) {
	var answer Profiles
	err := c.call(ctx, http.MethodGet, "/v1/profiles", nil, nil, &answer)
	return answer.Profiles, err
}

// Dialects lists what can follow the name of a profile after a plus sign.
func (c *Client) Dialects(ctx context.Context) ([]Dialect, error) {
	var answer Profiles
	err := c.call(ctx, http.MethodGet, "/v1/profiles", nil, nil, &answer)
	return answer.Dialects, err
}

// CreatePlatform makes a new, empty Platform and returns everything a test
// needs of it: endpoints, clients with secrets, customers with passwords.
func (c *Client) CreatePlatform(ctx context.Context, create CreatePlatform) (Platform, error) {
	var platform Platform
	err := c.call(ctx, http.MethodPost, "/v1/platforms", nil, create, &platform)
	return platform, err
}

// Platforms lists the hosted Platforms in the order of their names.
func (c *Client) Platforms(ctx context.Context) ([]Platform, error) {
	var answer Platforms
	err := c.call(ctx, http.MethodGet, "/v1/platforms", nil, nil, &answer)
	return answer.Platforms, err
}

// Platform describes one hosted Platform as it is now, applications that were
// registered since its creation included.
func (c *Client) Platform(ctx context.Context, name string) (Platform, error) {
	var platform Platform
	err := c.call(ctx, http.MethodGet, platformPath(name), nil, nil, &platform)
	return platform, err
}

// DeletePlatform removes a Platform with all its grants, sessions and journal.
// Deleting and creating is the reset.
func (c *Client) DeletePlatform(ctx context.Context, name string) error {
	return c.call(ctx, http.MethodDelete, platformPath(name), nil, nil, nil)
}

// Clock reads a Platform's clock.
func (c *Client) Clock(ctx context.Context, name string) (Clock, error) {
	var clock Clock
	err := c.call(ctx, http.MethodGet, platformPath(name, "clock"), nil, nil, &clock)
	return clock, err
}

// ChangeClock moves, freezes or resumes a Platform's clock. It returns when
// every follower of the clock has taken over the change.
func (c *Client) ChangeClock(ctx context.Context, name string, change ChangeClock) (Clock, error) {
	var clock Clock
	err := c.call(ctx, http.MethodPost, platformPath(name, "clock"), nil, change, &clock)
	return clock, err
}

// Advance moves a Platform's clock forward by d, frozen or not.
func (c *Client) Advance(ctx context.Context, name string, d time.Duration) (Clock, error) {
	return c.ChangeClock(ctx, name, ChangeClock{Advance: d.String()})
}

// FollowClock waits until the clock's revision is greater than after, at most
// for wait, and returns the clock. A call with after=0 registers the follower and
// returns at once; from then on each call with after=R says that revision R was
// taken over, which is what ChangeClock waits for. A follower that was taken
// off, or was dropped because it lagged, gets a 404 and registers again.
func (c *Client) FollowClock(ctx context.Context, name, follower string, after int64, wait time.Duration) (Clock, error) {
	query := pollQuery(after, wait)
	query.Set("follower", follower)
	var clock Clock
	err := c.call(ctx, http.MethodGet, platformPath(name, "clock"), query, nil, &clock)
	return clock, err
}

// UnfollowClock takes a follower off the list that ChangeClock waits for.
func (c *Client) UnfollowClock(ctx context.Context, name, follower string) error {
	return c.call(ctx, http.MethodDelete, platformPath(name, "clock", "followers", follower), nil, nil, nil)
}

// ArmFault arms a counted fault and returns it with its id.
func (c *Client) ArmFault(ctx context.Context, name string, fault Fault) (Fault, error) {
	var armed Fault
	err := c.call(ctx, http.MethodPost, platformPath(name, "faults"), nil, fault, &armed)
	return armed, err
}

// ArmFaults arms the faults of a plan, all or none, and returns them with their
// ids. The error names every mistake in them at once.
func (c *Client) ArmFaults(ctx context.Context, name string, plan FaultPlan) ([]Fault, error) {
	var armed Faults
	err := c.call(ctx, http.MethodPost, platformPath(name, "faults"), nil, plan, &armed)
	return armed.Faults, err
}

// Faults lists the faults of a Platform, used up ones included, in the order
// in which they were armed. Fired < Count means that some never happened.
func (c *Client) Faults(ctx context.Context, name string) ([]Fault, error) {
	var answer Faults
	err := c.call(ctx, http.MethodGet, platformPath(name, "faults"), nil, nil, &answer)
	return answer.Faults, err
}

// DisarmFault removes a fault.
func (c *Client) DisarmFault(ctx context.Context, name, id string) error {
	return c.call(ctx, http.MethodDelete, platformPath(name, "faults", id), nil, nil, nil)
}

// ExpireTokens lets the selected tokens end now, as if their time were up.
func (c *Client) ExpireTokens(ctx context.Context, name string, selector TokenSelector) (Affected, error) {
	var affected Affected
	err := c.call(ctx, http.MethodPost, platformPath(name, "tokens", "expire"), nil, selector, &affected)
	return affected, err
}

// RevokeTokens revokes the selected tokens, as an operator of the Platform
// would.
func (c *Client) RevokeTokens(ctx context.Context, name string, selector TokenSelector) (Affected, error) {
	var affected Affected
	err := c.call(ctx, http.MethodPost, platformPath(name, "tokens", "revoke"), nil, selector, &affected)
	return affected, err
}

// RotateKey lets a new key sign a Platform's access tokens. What earlier keys
// signed stays good until it expires, and their public halves stay in the JWK
// Set until then. It is an error where no public key is published.
func (c *Client) RotateKey(ctx context.Context, name string) (SigningKey, error) {
	var key SigningKey
	err := c.call(ctx, http.MethodPost, platformPath(name, "keys", "rotate"), nil, nil, &key)
	return key, err
}

// Journal returns the exchanges with a sequence number above after. With a
// wait it holds the answer back, at most that long, until there is one.
func (c *Client) Journal(ctx context.Context, name string, after int64, wait time.Duration) (Journal, error) {
	return c.FilterJournal(ctx, name, JournalFilter{After: after}, wait)
}

// FilterJournal returns the exchanges that fit the filter, oldest first. With a
// wait it holds the answer back, at most that long, until one does. To go on
// reading, call again with After set to the answer's Next.
func (c *Client) FilterJournal(ctx context.Context, name string, filter JournalFilter, wait time.Duration) (Journal, error) {
	var journal Journal
	err := c.call(ctx, http.MethodGet, platformPath(name, "journal"), withWait(filter.Values(), wait), nil, &journal)
	return journal, err
}

// The formats of ExportJournal.
const (
	FormatNDJSON = "ndjson" // one Exchange per line
	FormatHAR    = "har"    // HTTP archive 1.2
)

// ExportJournal returns the exchanges that fit the filter as a document of the
// format.
func (c *Client) ExportJournal(ctx context.Context, name string, filter JournalFilter, format string) ([]byte, error) {
	query := filter.Values()
	query.Set("format", format)
	return c.fetch(ctx, http.MethodGet, platformPath(name, "journal"), query, nil)
}

// OpenAPI returns the description of the control API as the server has it.
func (c *Client) OpenAPI(ctx context.Context) ([]byte, error) {
	return c.fetch(ctx, http.MethodGet, "/v1/openapi.json", nil, nil)
}

// Grants lists the token families of a Platform, oldest first.
func (c *Client) Grants(ctx context.Context, name string) ([]Family, error) {
	var answer Families
	err := c.call(ctx, http.MethodGet, platformPath(name, "grants"), nil, nil, &answer)
	return answer.Families, err
}
