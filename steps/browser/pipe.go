package browser

import (
	"bufio"
	"io"
	"sync"
)

// pipe carries the DevTools protocol over two file descriptors of the
// browser's (--remote-debugging-pipe): JSON texts, each ended by a zero byte.
// It takes the place of rod's WebSocket.
type pipe struct {
	mu  sync.Mutex
	out io.WriteCloser
	in  *bufio.Reader
	end io.Closer
}

func newPipe(out io.WriteCloser, in io.ReadCloser) *pipe {
	return &pipe{out: out, in: bufio.NewReaderSize(in, 1<<16), end: in}
}

// Send implements cdp.WebSocketable.
func (p *pipe) Send(data []byte) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	_, err := p.out.Write(append(data, 0))
	return err
}

// Read implements cdp.WebSocketable.
func (p *pipe) Read() ([]byte, error) {
	text, err := p.in.ReadBytes(0)
	if err != nil {
		return nil, err
	}
	return text[:len(text)-1], nil
}

// Close ends both directions; the browser takes this as its order to end.
func (p *pipe) Close() error {
	err := p.out.Close()
	if e := p.end.Close(); err == nil {
		err = e
	}
	return err
}
