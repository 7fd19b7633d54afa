package visit

import "sync"

// maxUnseen bounds what waits to be seen; beyond it the rest is forgotten.
const maxUnseen = 1000

// Once keeps one value per browser session until it is taken, for a page that
// may be shown a single time. It is safe for concurrent use.
type Once struct {
	publish func(session, value string)

	mu     sync.Mutex
	values map[string]string
}

// NewOnce makes an empty keeper.
func NewOnce() *Once { return &Once{publish: func(string, string) {}, values: make(map[string]string)} }

// Put keeps a value for the session, in place of an earlier one.
func (o *Once) Put(session, value string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if len(o.values) >= maxUnseen {
		clear(o.values)
	}
	o.publish(session, value)
	o.values[session] = value
}

// Take returns the session's value and forgets it; "" without one.
func (o *Once) Take(session string) string {
	o.mu.Lock()
	defer o.mu.Unlock()
	value, known := o.values[session]
	if known {
		o.publish(session, "")
		delete(o.values, session)
	}
	return value
}
