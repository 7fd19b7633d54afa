package wire

import (
	"bytes"
	"encoding/json"
	"net"
	"net/http"
	"strconv"
	"time"
)

// Answer is a complete HTTP answer.
type Answer struct {
	Status int
	Header http.Header
	Body   []byte
	// Drop resets the connection instead of answering.
	Drop bool
	// Cut resets the connection in the middle of the body.
	Cut bool
	// Delay is how long the answer is held back before it is sent, in real
	// time. Whoever sends it does the waiting.
	Delay time.Duration
}

// New makes an answer with a body of the given content type.
func New(status int, contentType string, body []byte) Answer {
	answer := Answer{Status: status, Header: http.Header{}, Body: body}
	if contentType != "" {
		answer.Header["Content-Type"] = []string{contentType}
	}
	return answer
}

// usualBody has room for most answers of a token endpoint, in bytes.
const usualBody = 256

// JSON answers with the document v.
func JSON(status int, v any) Answer {
	body := bytes.NewBuffer(make([]byte, 0, usualBody))
	if err := json.NewEncoder(body).Encode(v); err != nil { // only a type that JSON cannot hold: a defect of ours
		return New(http.StatusInternalServerError, "application/json", []byte(`{"error":"server_error"}`+"\n"))
	}
	return New(status, "application/json", body.Bytes())
}

// Empty answers with a status and no body.
func Empty(status int) Answer { return New(status, "", nil) }

// SeeOther sends a browser on with GET, whatever its method was. 303 and never
// 307: the browser must not repeat a posted password (RFC 9700 section 4.12).
// The location may hold a code, so that it is neither cached nor told on.
func SeeOther(location string) Answer {
	return Empty(http.StatusSeeOther).With("Location", location).With("Referrer-Policy", "no-referrer").Uncached()
}

// Dropped resets the connection.
func Dropped() Answer { return Answer{Drop: true, Header: http.Header{}} }

// With sets a header; an empty value leaves it out.
func (a Answer) With(name, value string) Answer {
	if value != "" {
		a.Header.Set(name, value)
	}
	return a
}

// Uncached forbids every cache to keep the answer, old ones too (RFC 6749
// section 5.1).
func (a Answer) Uncached() Answer {
	a.Header["Cache-Control"], a.Header["Pragma"] = noStore, noCache
	return a
}

// Values of headers that many answers have: nobody writes into the list of a
// header, and one that is added to is copied, since it has no room to spare.
var noStore, noCache = []string{"no-store"}, []string{"no-cache"}

// Cookie adds a cookie.
func (a Answer) Cookie(cookie *http.Cookie) Answer {
	a.Header.Add("Set-Cookie", cookie.String())
	return a
}

// Send writes the answer, or resets the connection.
func (a Answer) Send(w http.ResponseWriter) {
	if a.Drop {
		drop(w)
		return
	}
	header := w.Header()
	for name, values := range a.Header {
		header[name] = values
	}
	if bodyAllowed(a.Status) {
		header["Content-Length"] = []string{strconv.Itoa(len(a.Body))}
	}
	w.WriteHeader(a.Status)
	if a.Cut {
		_, _ = w.Write(a.Body[:len(a.Body)/2]) // as below
		_ = http.NewResponseController(w).Flush()
		drop(w)
		return
	}
	if len(a.Body) > 0 {
		_, _ = w.Write(a.Body) // the client is gone when this fails, and there is nobody to tell
	}
}

func bodyAllowed(status int) bool {
	return status >= 200 && status != http.StatusNoContent && status != http.StatusNotModified
}

// drop resets the connection, so that the client sees neither an answer nor an
// orderly end. Where the connection cannot be taken over, the server is told
// to abort the answer.
func drop(w http.ResponseWriter) {
	for { // gin's writer lets nobody take over what has begun
		wrapped, is := w.(interface{ Unwrap() http.ResponseWriter })
		if !is {
			break
		}
		w = wrapped.Unwrap()
	}
	connection, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	if secured, ok := connection.(interface{ NetConn() net.Conn }); ok {
		connection = secured.NetConn() // TLS would say an orderly goodbye first
	}
	if tcp, ok := connection.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0) // a failure only makes the end an orderly one
	}
	_ = connection.Close()
}

// Page answers with an HTML page that nobody may frame, cache or learn a
// referrer from (RFC 9700 sections 4.2.4 and 4.16).
func Page(status int, html []byte, policy string) Answer {
	return New(status, "text/html; charset=utf-8", html).
		With("Content-Security-Policy", policy).
		With("X-Frame-Options", "DENY").
		With("Referrer-Policy", "no-referrer").
		With("X-Content-Type-Options", "nosniff").
		Uncached()
}
