package ads

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// share is a campaign as replicas tell each other of it.
type share struct {
	Now     Campaign  `json:"now"`
	History []settled `json:"history"`
	Keyed   []keyed   `json:"keyed,omitempty"`
}

// maxKeyed is how many changes with a key are told at a time: replicas hear of
// the last change only, when several come before they listen.
const maxKeyed = 16

// keyed is a change that came with an idempotency key, and what it answered.
type keyed struct {
	Slot   string   `json:"slot"`
	Change Change   `json:"change"`
	Result Campaign `json:"result"`
}

type settled struct {
	From   string `json:"from"`
	Status string `json:"status"`
	Budget int64  `json:"budget"`
}

// Publish has f told of every changed campaign, so that replicas can take it
// over with Adopt. Call it before the book is shared. f must not call the book.
func (b *Book) Publish(f func(name, document string)) { b.publish = f }

// told publishes a campaign; the lock is held.
func (b *Book) told(account, slot string, c *campaign, ch Change) {
	if b.publish == nil {
		return
	}
	if slot != "" {
		c.keyed = append(slices.Clone(c.keyed[max(0, len(c.keyed)-maxKeyed+1):]), keyed{slot, ch, c.now})
	}
	s := share{Now: c.now, Keyed: c.keyed}
	for _, h := range c.history {
		s.History = append(s.History, settled{h.from, h.status, h.budget})
	}
	document, err := json.Marshal(s)
	if err != nil {
		return // plain data always has a JSON form
	}
	b.publish(account+"/"+c.now.ID, string(document))
}

// Adopt takes over a change that another replica made and published.
func (b *Book) Adopt(name, document string) error {
	account, id, _ := strings.Cut(name, "/")
	var s share
	if err := json.Unmarshal([]byte(document), &s); err != nil {
		return fmt.Errorf("campaign %s: %w", id, err)
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	c, err := b.find(account, id)
	if err != nil {
		return err
	}
	c.now, c.history, c.keyed = s.Now, nil, s.Keyed
	for _, h := range s.History {
		c.history = append(c.history, setting{from: h.From, status: h.Status, budget: h.Budget})
	}
	for _, one := range s.Keyed {
		if _, known := b.applied[one.Slot]; !known {
			b.remember(one.Slot, applied{change: one.Change, result: one.Result})
		}
	}
	return nil
}
