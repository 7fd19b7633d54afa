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

func TestDeviationOfTheServer(t *testing.T) {
	_, err := Parse([]byte("name: x\ntitle: X\ngrants: [client_credentials]\nbreak: [tls.min=1.0]"))
	if want := `break[0]: "tls.min=1.0" belongs to the whole server, not to a Platform: leave it out here and serve with --tls auto --tls-fault old_versions`; err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("got %v, want %s", err, want)
	}
}
