package journal

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
)

const (
	// MaxBody bounds a body that is kept, in bytes; what goes beyond is cut.
	MaxBody = 4 << 10
	// maxRead bounds a body that is looked at.
	maxRead = 64 << 10
)

// issuedMembers are members of documents whose values are secrets however they
// look.
var issuedMembers = map[string]bool{
	"access_token": true, "refresh_token": true, "id_token": true, "code": true, "token": true, "state": true,
	"client_secret": true, "registration_access_token": true, "request_uri": true, "password": true, "nonce": true,
}

// Asked is what is kept of a request's body, "" for one that is no JSON
// document: members that name things are Readable, everything else that a
// client could have put a secret into is a fingerprint.
func (f Fingerprinter) Asked(body []byte) string {
	return f.redacted(body, false, f.named)
}

// Answered is what is kept of an answer's body, "" for one that is no JSON
// document: what is given out to be presented later, and what looks like it, is
// a fingerprint.
func (f Fingerprinter) Answered(body []byte) string {
	return f.redacted(body, true, func(member, value string) string {
		if issuedMembers[member] {
			return Prefix + f.Fingerprint(value)
		}
		return f.Readable(value)
	})
}

// shower answers what is shown of a text, or of a number, of a member.
type shower func(member, value string) string

// redacted writes a JSON document anew, in the order it came, with each text as
// show answers it; numbers are shown as texts are, unless they stay.
func (f Fingerprinter) redacted(body []byte, numbersStay bool, show shower) string {
	if len(body) == 0 || len(body) > maxRead {
		return ""
	}
	c := copier{Fingerprinter: f, in: json.NewDecoder(bytes.NewReader(body)), show: show, numbersStay: numbersStay}
	c.in.UseNumber()
	if c.value("") != nil {
		return ""
	}
	if _, err := c.in.Token(); !errors.Is(err, io.EOF) {
		return ""
	}
	return cut(c.out.String(), MaxBody)
}

// copier copies a JSON document value by value.
type copier struct {
	Fingerprinter
	in          *json.Decoder
	out         bytes.Buffer
	show        shower
	numbersStay bool
}

// value copies the next value; member is the name it stands under.
func (c *copier) value(member string) error {
	token, err := c.in.Token()
	if err != nil {
		return err
	}
	switch token := token.(type) {
	case json.Delim:
		return c.collection(token, member)
	case string:
		c.write(c.show(member, token))
	case json.Number:
		if shown := c.show(member, token.String()); !c.numbersStay && shown != token.String() {
			c.write(shown)
		} else {
			c.out.WriteString(token.String())
		}
	default: // true, false, null
		c.write(token)
	}
	return nil
}

// collection copies what stands between the brackets of an object or an array.
func (c *copier) collection(open json.Delim, member string) error {
	c.out.WriteString(open.String())
	for first := true; c.in.More(); first = false {
		if !first {
			c.out.WriteByte(',')
		}
		if open == '{' {
			name, err := c.in.Token()
			if err != nil {
				return err
			}
			member, _ = name.(string) // a name is always one
			c.write(c.Readable(member))
			c.out.WriteByte(':')
		}
		if err := c.value(member); err != nil {
			return err
		}
	}
	if _, err := c.in.Token(); err != nil {
		return err
	}
	if open == '{' {
		c.out.WriteByte('}')
	} else {
		c.out.WriteByte(']')
	}
	return nil
}

func (c *copier) write(value any) {
	text, _ := json.Marshal(value) // plain data always has a JSON form
	c.out.Write(text)
}
