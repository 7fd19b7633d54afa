//go:build unix

package measure_test

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"sync"
	"testing"
	"time"
)

// connections is how many callers ask at a time, each on a connection of its
// own that is kept open.
const connections = 16

// caller sends requests over one connection. It does little itself, so that the
// server is what takes the time.
type caller struct {
	host       string
	head       string // of the requests that post sends
	connection net.Conn
	in         *bufio.Reader
	out        []byte
	body       []byte
}

// call makes a caller of a token endpoint. It connects when it has something
// to say: the server does not wait for long.
func call(address string) (*caller, error) {
	u, err := url.Parse(address)
	if err != nil {
		return nil, err
	}
	return &caller{host: u.Host, head: form(u)}, nil
}

// form is how a posted form begins.
func form(u *url.URL) string {
	return "POST " + u.Path + " HTTP/1.1\r\nHost: " + u.Host + "\r\nUser-Agent: measure\r\nAccept-Encoding: gzip\r\n" +
		"Content-Type: application/x-www-form-urlencoded\r\n"
}

// hang ends the connection; the next request makes another.
func (c *caller) hang() {
	if c.connection != nil {
		_ = c.connection.Close()
		c.connection = nil
	}
}

// send sends a request and answers status and body; the body holds until the
// next one. An error is one of the connection, which is given up then.
func (c *caller) send(head, body string) (status int, answer []byte, err error) {
	if c.connection == nil {
		if c.connection, err = net.Dial("tcp", c.host); err != nil {
			return 0, nil, err
		}
		c.in = bufio.NewReader(c.connection)
	}
	c.out = append(append(c.out[:0], head...), "Content-Length: "...)
	c.out = strconv.AppendInt(c.out, int64(len(body)), 10)
	c.out = append(append(c.out, "\r\n\r\n"...), body...)
	if _, err = c.connection.Write(c.out); err == nil {
		status, err = c.read()
	}
	if err != nil {
		c.hang()
	}
	return status, c.body, err
}

// read reads an answer that has a length.
func (c *caller) read() (status int, err error) {
	length := 0
	for {
		line, err := c.in.ReadSlice('\n')
		if err != nil {
			return 0, err
		}
		if line = bytes.TrimSpace(line); len(line) == 0 {
			break
		}
		if status == 0 {
			_, rest, _ := bytes.Cut(line, []byte(" "))
			if status, err = strconv.Atoi(string(rest[:min(3, len(rest))])); err != nil {
				return 0, err
			}
		}
		if value, is := bytes.CutPrefix(line, []byte("Content-Length: ")); is {
			if length, err = strconv.Atoi(string(value)); err != nil {
				return 0, err
			}
		}
	}
	if cap(c.body) < length {
		c.body = make([]byte, length)
	}
	c.body = c.body[:length]
	_, err = io.ReadFull(c.in, c.body)
	return status, err
}

// post sends a form to the token endpoint and answers the document. Any status
// but 200 is an error.
func (c *caller) post(form string) ([]byte, error) {
	status, answer, err := c.send(c.head, form)
	if err == nil && status != http.StatusOK {
		err = fmt.Errorf("answered %d %s", status, answer)
	}
	return answer, err
}

// server is a child that is asked for tokens, and what it took so far.
type server struct {
	*child
	callers []*caller
	asked   int
	wall    time.Duration
	cpu     time.Duration
	// next is the form of a caller's next request; took hears of the answer.
	next func(caller int) string
	took func(caller int, answer []byte)
}

// ask begins a server of which tokens are asked by next.
func ask(tb testing.TB, what string, next func(caller int) string, took func(caller int, answer []byte)) *server {
	tb.Helper()
	s := &server{child: begin(tb, what), next: next, took: took}
	for range connections {
		one, err := call(s.address)
		if err != nil {
			tb.Fatal(err)
		}
		tb.Cleanup(one.hang)
		s.callers = append(s.callers, one)
	}
	return s
}

// slice asks n times, all callers at once, and answers what one request took:
// of the clock, and of the server's processor.
func (s *server) slice(n int) (wall, cpu time.Duration) {
	s.tb.Helper()
	before, began := s.duration("cpu"), time.Now() //nolint:forbidigo // a benchmark measures real time
	var callers sync.WaitGroup
	for i, one := range s.callers {
		callers.Go(func() {
			for range n / len(s.callers) {
				answer, err := one.post(s.next(i))
				if err != nil {
					s.tb.Error(err)
					return
				}
				if s.took != nil {
					s.took(i, answer)
				}
			}
		})
	}
	callers.Wait()
	wall = time.Since(began) //nolint:forbidigo // as above
	cpu = s.duration("cpu") - before
	if s.tb.Failed() {
		s.tb.FailNow()
	}
	s.asked, s.wall, s.cpu = s.asked+n, s.wall+wall, s.cpu+cpu
	return wall / time.Duration(n), cpu / time.Duration(n)
}

// perRequest is what one request took of the server's processor so far, in
// microseconds.
func (s *server) perRequest() float64 {
	return float64(s.cpu.Nanoseconds()) / 1000 / float64(s.asked)
}

// forget begins to count anew.
func (s *server) forget() { s.asked, s.wall, s.cpu = 0, 0, 0 }
