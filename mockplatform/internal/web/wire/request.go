package wire

import (
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/mint-conformance/mint/mockplatform/control"
)

// MaxBody bounds the body of every request, in bytes.
const MaxBody = 64 << 10

// smallBody is up to which size room is made on the word of Content-Length, in
// bytes: as large as a form gets, and nothing to fill the memory with.
const smallBody = 4 << 10

// ErrTooLarge answers a request whose body exceeds MaxBody.
var ErrTooLarge = errors.New("the request body is larger than 64 KiB")

// Request is one HTTP request, its body read.
type Request struct {
	*http.Request
	// Payload is the body; Body itself is spent.
	Payload []byte
	// Params holds the path's variable segments by name.
	Params map[string]string

	writer http.ResponseWriter
}

// Read takes the body off r. Errors: ErrTooLarge, or the client went away.
func Read(w http.ResponseWriter, r *http.Request) (*Request, error) {
	request := &Request{Request: r, writer: w}
	if r.Body == nil || r.Body == http.NoBody {
		return request, nil
	}
	if n := r.ContentLength; n > 0 && n <= smallBody {
		payload := make([]byte, n) // the server lets nobody read more
		if _, err := io.ReadFull(r.Body, payload); err != nil {
			return request, err
		}
		request.Payload = payload
		return request, nil
	}
	payload, err := io.ReadAll(http.MaxBytesReader(w, r.Body, MaxBody))
	if err != nil {
		var tooLarge *http.MaxBytesError
		if errors.As(err, &tooLarge) {
			return request, ErrTooLarge
		}
		return request, err
	}
	request.Payload = payload
	return request, nil
}

// MaxFields bounds the fields of a form.
const MaxFields = 100

// ErrTooManyFields answers a form of more than MaxFields fields.
var ErrTooManyFields = errors.New("the form has more than 100 fields")

// ErrNoForm answers a body that is not an HTML form.
var ErrNoForm = errors.New("the body is not application/x-www-form-urlencoded")

// Form reads the body as an HTML form. It never looks at the query.
func (r *Request) Form() (url.Values, error) {
	if !r.Has("application/x-www-form-urlencoded") {
		return nil, ErrNoForm
	}
	form, err := url.ParseQuery(string(r.Payload))
	if n := 0; err == nil {
		for _, values := range form {
			n += len(values)
		}
		if n > MaxFields {
			return nil, ErrTooManyFields
		}
	}
	return form, err
}

// Has reports whether the body is of the media type.
func (r *Request) Has(mediaType string) bool {
	said := r.Header.Get("Content-Type")
	if said == mediaType { // by far the most
		return true
	}
	got, _, err := mime.ParseMediaType(said)
	return err == nil && got == mediaType
}

// Exchange is a request to a Platform on its way to the journal.
type Exchange struct {
	*Request
	// Now is the Platform's time, read once for the whole exchange.
	Now time.Time
	// Entry becomes the journal entry; handlers add what they learn.
	Entry control.Exchange

	held string // what a fault's waiting came to, for the journal
}

// exchanges keeps the room of those that are over: memory that is still in the
// processor's cache costs less than new one.
var exchanges = sync.Pool{New: func() any { return &Exchange{} }}

// Begin starts an exchange at the Platform's time now.
func Begin(request *Request, now time.Time) *Exchange {
	e, _ := exchanges.Get().(*Exchange)
	e.Request, e.Now, e.Entry.At = request, now, now
	return e
}

// Over gives the room of e back. Nothing may hold e any more.
func (e *Exchange) Over() {
	*e = Exchange{}
	exchanges.Put(e)
}

// Adopt takes over what the issuer knows of the exchange and keeps what only
// the web layer knows.
func (e *Exchange) Adopt(known control.Exchange) {
	known.At, known.RealAt = e.Entry.At, e.Entry.RealAt
	known.Endpoint, known.Method, known.Path = e.Entry.Endpoint, e.Entry.Method, e.Entry.Path
	known.Query = e.Entry.Query
	e.Entry = known
}

// Handler answers one exchange with a Platform.
type Handler func(*Exchange) Answer

// WantsPage reports whether a person is looking: a browser that asks for HTML.
func WantsPage(r *http.Request) bool {
	return strings.Contains(r.Header.Get("Accept"), "text/html")
}

// FromElsewhere reports whether the browser says that another site made the
// request. Browsers that say nothing are judged by the CSRF token alone.
func FromElsewhere(r *http.Request) bool {
	switch r.Header.Get("Sec-Fetch-Site") {
	case "cross-site", "same-site":
		return true
	}
	return false
}
