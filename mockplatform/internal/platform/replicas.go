package platform

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"

	"github.com/mint-conformance/mint/mockplatform/control"
	"github.com/mint-conformance/mint/mockplatform/internal/shared"
)

// Host makes a Platform that a process has from its start on. Other than with
// Create, replicas may each host it: they share its state. Errors: those of
// Create.
func (r *Registry) Host(c control.CreatePlatform) (*Platform, error) {
	base, err := r.profile(c.Profile)
	if err != nil {
		return nil, err
	}
	p, err := base.With(c.Settings, accountsIn(r.accounts))
	if err != nil {
		return nil, err
	}
	seed, err := r.seed(c.Hostile)
	if err != nil {
		return nil, err
	}
	return r.add(p, c, seed)
}

// random makes the values of a Platform.
func (r *Registry) random(name string) io.Reader {
	if r.cfg.Seed == "" {
		return r.cfg.Rand
	}
	return rand.NewChaCha8(sha256.Sum256([]byte(r.cfg.Seed + "\x00" + name)))
}

// space is what replicas share of a Platform; nil without replicas.
func (r *Registry) space(name string) *shared.Space {
	if r.cfg.Shared == nil {
		return nil
	}
	return r.cfg.Shared.Space("platform:" + name)
}

// Trouble says what keeps this process from serving, "" for nothing.
func (r *Registry) Trouble(ctx context.Context) string {
	if r.cfg.Shared == nil || r.cfg.Shared.Reachable(ctx) {
		return ""
	}
	return r.cfg.Shared.Away()
}

// table is where replicas tell each other of Platforms that were created and
// deleted.
func (r *Registry) table() *shared.Space { return r.cfg.Shared.Space("platforms") }

// sync takes over Platforms that other replicas created or deleted.
func (r *Registry) sync() {
	if r.cfg.Shared != nil {
		r.table().Sync()
	}
}

// follow makes this process a replica of those that share its store.
func (r *Registry) follow() error {
	if r.cfg.Shared == nil {
		return nil
	}
	r.table().On("platform", func(name, document string) {
		if document == "" {
			r.remove(name)
			return
		}
		var c control.CreatePlatform
		if json.Unmarshal([]byte(document), &c) != nil {
			return
		}
		_, _ = r.Host(c) // it is here already, or cannot be here: then it is not found, and POST says why
	})
	return r.table().TrySync()
}

// announce tells the other replicas of a new Platform, unless one of them was
// faster with the name.
func (r *Registry) announce(made *Platform, c control.CreatePlatform) error {
	if r.cfg.Shared == nil {
		return nil
	}
	c.Name = made.Name()
	document, err := json.Marshal(c)
	if err != nil {
		return fmt.Errorf("settings: %w", err)
	}
	if !r.table().PutNew("platform", c.Name, string(document)) {
		return ErrNameTaken
	}
	return nil
}
