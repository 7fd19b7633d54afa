package web

import (
	"crypto/tls"
	"net"
)

// eitherListener answers with TLS whoever begins with TLS, and everybody else
// without: the fault plain_http.
type eitherListener struct {
	net.Listener
	config *tls.Config
}

// Accept implements net.Listener.
func (l eitherListener) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return &eitherConn{Conn: conn, config: l.config}, nil
}

// recordHandshake is the first byte of every TLS connection: the type of the
// record that carries the ClientHello (RFC 8446 section 5.1).
const recordHandshake = 22

// eitherConn decides at its first byte. Deadlines and Close are those of the
// connection below. The first Read has to end before the first Write, as it
// does in a server.
type eitherConn struct {
	net.Conn
	config *tls.Config
	used   net.Conn // what the server speaks by; nil until the first byte
}

// Read implements net.Conn.
func (c *eitherConn) Read(into []byte) (int, error) {
	if c.used == nil {
		var first [1]byte
		if _, err := c.Conn.Read(first[:]); err != nil {
			return 0, err
		}
		c.used = &begunConn{Conn: c.Conn, first: first[:]}
		if first[0] == recordHandshake {
			c.used = tls.Server(c.used, c.config)
		}
	}
	return c.used.Read(into)
}

// Write implements net.Conn.
func (c *eitherConn) Write(text []byte) (int, error) {
	if c.used == nil { // nothing was asked, so that nobody waits for TLS
		return c.Conn.Write(text)
	}
	return c.used.Write(text)
}

// NetConn is the connection below.
func (c *eitherConn) NetConn() net.Conn { return c.Conn }

// begunConn is a connection whose first byte was read already.
type begunConn struct {
	net.Conn
	first []byte
}

// Read implements net.Conn.
func (c *begunConn) Read(into []byte) (int, error) {
	if len(c.first) > 0 && len(into) > 0 {
		n := copy(into, c.first)
		c.first = c.first[n:]
		return n, nil
	}
	return c.Conn.Read(into)
}
