package profile

import (
	"strings"
	"testing"
)

func TestUnknownDeviation(t *testing.T) {
	p, err := Parse([]byte("name: x\ntitle: X\ngrants: [client_credentials]\nbreak: [code.reuse=never]"))
	if err == nil || p != nil || !strings.Contains(err.Error(), "line 4: break[0]: \"code.reuse=never\" is no deviation: ") {
		t.Errorf("got %v", err)
	}
}
