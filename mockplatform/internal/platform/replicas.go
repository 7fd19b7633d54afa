package platform

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"
	seeded "math/rand/v2"

	"github.com/mint-conformance/mint/mockplatform/control"
	"github.com/mint-conformance/mint/mockplatform/internal/shared"
	"github.com/mint-conformance/mint/mockplatform/internal/token"
)

// Host makes a Platform that a process has from its start on. Other than with
// Create, replicas may each host it: they share its state. Where one of them has
// deleted it and created another of the name since, it answers that. Errors:
// those of Create.
func (r *Registry) Host(c control.CreatePlatform) (*Platform, error) {
	return r.host(c, hosted)
}

func (r *Registry) host(c control.CreatePlatform, from origin) (*Platform, error) {
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
	return r.add(p, c, seed, from)
}

// random makes the values of a Platform.
func (r *Registry) random(name string) io.Reader {
	if r.cfg.Seed == "" {
		return r.cfg.Rand
	}
	return seeded.NewChaCha8(sha256.Sum256([]byte(r.cfg.Seed + "\x00" + name)))
}

// origin is how a process comes to a Platform. That of one that another replica
// created is its entry in the table.
type origin string

const (
	hosted  origin = ""        // it has it from its start on, and tells nobody
	created origin = "created" // it was asked for it
)

// announced is a Platform's entry in the table.
type announced struct {
	control.CreatePlatform
	// Birth tells the Platform from others that had, or want, its name.
	Birth string `json:"birth"`
}

// entry answers the Platform's entry in the table and what replicas share of
// it; nothing without replicas. Every Platform that is created has a space of
// its own: of two that want one name the later one finds nothing of the first,
// and leaves nothing with it.
func (r *Registry) entry(c control.CreatePlatform, from origin) (string, *shared.Space, error) {
	if r.cfg.Shared == nil {
		return "", nil, nil
	}
	one, entry := announced{CreatePlatform: c}, string(from)
	switch from {
	case hosted:
		return "", r.cfg.Shared.Space("platform:" + c.Name), nil
	case created:
		one.Birth = rand.Text()
		document, err := json.Marshal(one)
		if err != nil {
			return "", nil, fmt.Errorf("settings: %w", err)
		}
		entry = string(document)
	default:
		if err := json.Unmarshal([]byte(entry), &one); err != nil {
			return "", nil, err
		}
	}
	return entry, r.cfg.Shared.Space("platform:" + c.Name + ":" + one.Birth), nil
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
	r.table().On("platform", func(name, entry string) {
		if p, known := r.known(name); known {
			if entry != "" && p.entry == entry {
				return
			}
			r.remove(p)
		}
		one := announced{}
		if entry == "" || json.Unmarshal([]byte(entry), &one) != nil {
			return
		}
		_, _ = r.host(one.CreatePlatform, origin(entry)) // it is here already, or cannot be here: then it is not found, and POST says why
	})
	return r.table().TrySync()
}

// Delete removes a Platform, in all replicas, and reports whether it was there.
func (r *Registry) Delete(name string) bool {
	p, ok := r.known(name)
	return ok && r.delete(p)
}

func (r *Registry) delete(p *Platform) bool {
	if p.shared != nil && !r.table().PutOver(p.entry, "platform", p.name, "") {
		return false // another replica was faster, and may have made a new one
	}
	if r.remove(p); p.shared != nil {
		if err := p.shared.Drop(); err != nil {
			panic(&token.Unavailable{Err: err})
		}
	}
	return true
}

func (r *Registry) known(name string) (*Platform, bool) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	p, ok := r.byName[name]
	return p, ok
}

// remove removes a Platform from this process.
func (r *Registry) remove(p *Platform) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.byName[p.name] == p {
		delete(r.byName, p.name)
	}
	if p.shared != nil {
		p.shared.Forget()
	}
}
