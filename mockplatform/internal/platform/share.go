package platform

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"time"

	"github.com/mint-conformance/mint/mockplatform/internal/application"
	"github.com/mint-conformance/mint/mockplatform/internal/clock"
	"github.com/mint-conformance/mint/mockplatform/internal/fault"
	"github.com/mint-conformance/mint/mockplatform/internal/journal"
	"github.com/mint-conformance/mint/mockplatform/internal/lapse"
	"github.com/mint-conformance/mint/mockplatform/internal/token"
)

// ErrOtherReplica answers a Platform whose name has state in the store that
// belongs to another configuration.
var ErrOtherReplica = errors.New("the store holds this Platform with another profile or address: give all replicas the same --platform and --public-url, or another Redis database")

// Key is 32 bytes for a purpose, the same in every replica and, with seeded
// randomness, in every run.
func (p *Platform) Key(purpose string) []byte {
	mac := hmac.New(sha256.New, p.secret)
	mac.Write([]byte(purpose))
	return mac.Sum(nil)
}

// sync takes over what other replicas changed.
func (p *Platform) sync() {
	if p.shared != nil {
		p.shared.Sync()
	}
}

// store is the token store: of this process, or of all replicas.
func (p *Platform) store() token.Store {
	if p.shared == nil {
		return token.NewMemory()
	}
	return p.shared.Tokens()
}

// applications is the shelf of applications; nil keeps them in this process.
func (p *Platform) applications() application.Shelf {
	if p.shared == nil {
		return nil
	}
	return p.shared.Applications()
}

// newTables lie in this process, or with all replicas.
func (p *Platform) newTables() *lapse.Tables {
	if p.shared == nil {
		return lapse.NewTables(nil)
	}
	return lapse.NewTables(p.shared.Table)
}

// newJournal lies in this process, or with all replicas.
func (p *Platform) newJournal(bound int) *journal.Journal {
	if p.shared == nil {
		return journal.New(p.Key("journal"), bound)
	}
	return journal.Over(p.shared.Journal(journal.Bounded(bound)), p.Key("journal"), bound)
}

// shareKeys answers the signing keys of the first replica.
func (p *Platform) shareKeys() func([]byte) ([]byte, error) {
	if p.shared == nil {
		return nil
	}
	return func(exported []byte) ([]byte, error) { return p.shared.First("keys", exported) }
}

// RotateKey lets a new key sign access tokens from now on, in every replica,
// and answers its id. The error is one of issuer.RotateKey.
func (p *Platform) RotateKey() (id string, err error) {
	if p.shared == nil {
		return p.auth.RotateKey(p.clock.Now(), nil)
	}
	return p.auth.RotateKey(p.clock.Now(), func(id string, exported []byte) {
		p.shared.Put("keys", id, string(exported)) // before the first token that the others must know
	})
}

// join makes sure that this replica fits the others, takes over their secret
// and answers when the Platform was born.
func (p *Platform) join() (born time.Time, err error) {
	born = p.clock.Now()
	if p.shared == nil {
		return born, nil
	}
	configuration, err := json.Marshal([]any{p.profile, p.urls.issuer, p.urls.api})
	if err != nil {
		return born, err
	}
	claim := sha256.Sum256(configuration)
	held, err := p.shared.First("claim", claim[:])
	if err != nil {
		return born, err
	}
	if !hmac.Equal(held, claim[:]) {
		return born, ErrOtherReplica
	}
	if p.secret, err = p.shared.First("secret", p.secret); err != nil {
		return born, err
	}
	text, err := p.shared.First("born", []byte(born.UTC().Format(time.RFC3339Nano)))
	if err != nil {
		return born, err
	}
	return time.Parse(time.RFC3339Nano, string(text))
}

// share begins to tell the other replicas what changes here, and to take over
// what changes there.
func (p *Platform) share() error {
	if p.shared == nil {
		return nil
	}
	s := p.shared
	p.faults.Share(fault.Sharing{Tally: s.Faults(), Tell: func(news []fault.News) { s.Tell("fault", news) }})
	s.On("fault", p.faults.Adopt)
	s.On("keys", func(_, exported string) { _ = p.auth.AdoptKeys([]byte(exported)) }) // replicas have one configuration, so that it fits
	s.On("clock", func(_, document string) {
		var wanted clock.Setting
		if json.Unmarshal([]byte(document), &wanted) == nil {
			p.clock.Adopt(wanted)
		}
	})
	s.On("campaign", func(id, document string) { _ = p.ads.Adopt(id, document) }) // nothing to do about a campaign that is not here
	p.clock.Publish(func(setting clock.Setting) {
		if document, err := json.Marshal(setting); err == nil { // plain data always has a JSON form
			s.Put("clock", "", string(document))
		}
	})
	p.ads.Publish(func(id, document string) { s.Put("campaign", id, document) })
	return s.TrySync()
}
