package session

import (
	"encoding/json"
	"fmt"
	"time"
)

// Lifetime is how long a session lives after its last use.
const Lifetime = 400 * 24 * time.Hour

// seenEvery bounds how often a visit is written down.
const seenEvery = 24 * time.Hour

// longestCookie bounds what is looked up at all.
const longestCookie = 100

// Keeper is where sessions rest: rows found by a hash of their token.
type Keeper interface {
	Find(token string) (data []byte, found bool, err error)
	Commit(token string, data []byte, expiry time.Time) error
}

// Store makes and resumes sessions.
type Store struct {
	keep Keeper
	now  func() time.Time
}

// NewStore returns a store over keep.
func NewStore(keep Keeper, now func() time.Time) *Store {
	return &Store{keep: keep, now: now}
}

// row is what a session keeps on the server.
type row struct {
	Workspace string    `json:"workspace"`
	SeenAt    time.Time `json:"seen_at"`
	Notice    *Notice   `json:"notice,omitempty"`
}

// Notice is one sentence that the next page shows once.
type Notice struct {
	// Problem makes it an alert; otherwise it is good news.
	Problem bool `json:"problem"`
	// Text is plain text: what happened and the way on.
	Text string `json:"text"`
	// Platform, where set, is the platform whose connecting the page offers
	// again beside the text.
	Platform string `json:"platform,omitempty"`
}

// Begin makes a session with a workspace of its own.
func (s *Store) Begin() (Session, error) {
	made := Session{Workspace: "w-" + random(12), cookie: random(cookieBytes)}
	if err := s.write(made, row{Workspace: made.Workspace}); err != nil {
		return Session{}, fmt.Errorf("begin a browser session: %w", err)
	}
	return made, nil
}

// Resume returns the session that a cookie value names, or ErrNone.
func (s *Store) Resume(value string) (Session, error) {
	if value == "" || len(value) > longestCookie {
		return Session{}, ErrNone
	}
	kept, err := s.read(value)
	if err != nil {
		return Session{}, err
	}
	found := Session{Workspace: kept.Workspace, cookie: value}
	if s.now().Sub(kept.SeenAt) > seenEvery {
		if err := s.write(found, kept); err != nil {
			return Session{}, fmt.Errorf("note the visit: %w", err)
		}
	}
	return found, nil
}

// Leave keeps n for the session's next page, in place of an earlier one.
func (s *Store) Leave(to Session, n Notice) error {
	if err := s.write(to, row{Workspace: to.Workspace, Notice: &n}); err != nil {
		return fmt.Errorf("leave a notice: %w", err)
	}
	return nil
}

// Take returns the pending notice, nil if there is none, and forgets it.
func (s *Store) Take(of Session) (*Notice, error) {
	kept, err := s.read(of.cookie)
	if err != nil || kept.Notice == nil {
		return nil, err
	}
	if err := s.write(of, row{Workspace: of.Workspace}); err != nil {
		return nil, fmt.Errorf("take the pending notice: %w", err)
	}
	return kept.Notice, nil
}

func (s *Store) read(cookie string) (row, error) {
	data, found, err := s.keep.Find(cookie)
	if err != nil {
		return row{}, fmt.Errorf("look up a browser session: %w", err)
	}
	if !found {
		return row{}, ErrNone
	}
	var kept row
	if err := json.Unmarshal(data, &kept); err != nil {
		return row{}, fmt.Errorf("read a browser session: %w", err)
	}
	return kept, nil
}

func (s *Store) write(of Session, kept row) error {
	kept.SeenAt = s.now().UTC()
	data, err := json.Marshal(kept)
	if err != nil {
		return err
	}
	return s.keep.Commit(of.cookie, data, kept.SeenAt.Add(Lifetime))
}
