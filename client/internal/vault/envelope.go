package vault

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
)

// ErrUnreadable marks a sealed value that does not open: altered, moved to
// another record, or sealed with a key that the ring lacks.
var ErrUnreadable = errors.New("sealed value is unreadable")

// envelopeMark starts every envelope; its last byte is the version:
//
//	"MV" 0x01 | length of key id | key id | nonce (12) | ciphertext and tag
const envelopeMark = "MV\x01"

const nonceBytes = 12

// Binding is the place a sealed value belongs to. It is authenticated with the
// value (as additional data of AES-GCM), so a value copied to another place
// does not open.
type Binding struct {
	// Table and Column name the column, Record the row's identifier.
	Table, Column, Record string
	// Workspace is the owner, empty for what belongs to MINT itself.
	Workspace string
	// Generation grows with every new grant of a connection, so that tokens of
	// an earlier grant cannot be put back.
	Generation int64
}

// bytes is the unambiguous form: each member with its length.
func (b Binding) bytes(header []byte) []byte {
	var out bytes.Buffer
	out.Write(binary.AppendUvarint(nil, uint64(len(header))))
	out.Write(header)
	for _, member := range []string{b.Table, b.Column, b.Record, b.Workspace} {
		out.Write(binary.AppendUvarint(nil, uint64(len(member))))
		out.WriteString(member)
	}
	out.Write(binary.AppendVarint(nil, b.Generation))
	return out.Bytes()
}

// Seal encrypts value for the place that binding names, with the active key.
// Sealing equal values twice gives different bytes.
func (k *Keyring) Seal(binding Binding, value []byte) ([]byte, error) {
	k.mutex.RLock()
	keyID, key := k.active, k.keys[k.active]
	k.mutex.RUnlock()
	sealer, err := newSealer(key)
	if err != nil {
		return nil, err
	}
	header := append([]byte(envelopeMark), byte(len(keyID)))
	header = append(header, keyID...)
	nonce := make([]byte, nonceBytes)
	if _, err := rand.Read(nonce); err != nil {
		return nil, err
	}
	out := append(bytes.Clone(header), nonce...)
	return sealer.Seal(out, nonce, value, binding.bytes(header)), nil
}

// Open decrypts what Seal made for the same binding. Its only error wraps
// ErrUnreadable and names the key, never the content.
func (k *Keyring) Open(binding Binding, sealed []byte) ([]byte, error) {
	keyID, header, rest, err := split(sealed)
	if err != nil {
		return nil, err
	}
	key, known := k.key(keyID)
	if !known {
		return nil, fmt.Errorf("%w: the key ring has no key %s", ErrUnreadable, keyID)
	}
	sealer, err := newSealer(key)
	if err != nil {
		return nil, err
	}
	value, err := sealer.Open(nil, rest[:nonceBytes], rest[nonceBytes:], binding.bytes(header))
	if err != nil {
		return nil, fmt.Errorf("%w: it was altered or moved, or key %s is another one", ErrUnreadable, keyID)
	}
	return value, nil
}

// key finds a key by id; an unknown id makes the ring look at its file again.
func (k *Keyring) key(keyID string) ([]byte, bool) {
	k.mutex.RLock()
	key, known := k.keys[keyID]
	k.mutex.RUnlock()
	if known || k.reload() != nil {
		return key, known
	}
	k.mutex.RLock()
	defer k.mutex.RUnlock()
	key, known = k.keys[keyID]
	return key, known
}

// IsCurrent reports whether sealed was sealed with the active key.
func (k *Keyring) IsCurrent(sealed []byte) bool {
	keyID, _, _, err := split(sealed)
	return err == nil && keyID == k.ActiveKey()
}

// Fingerprint is a keyed hash of a secret, by which two can be compared
// without either being held. purpose keeps uses apart.
func (k *Keyring) Fingerprint(purpose, secret string) string {
	k.mutex.RLock()
	defer k.mutex.RUnlock()
	mac := hmac.New(sha256.New, k.fingerprint)
	mac.Write(binary.AppendUvarint(nil, uint64(len(purpose))))
	mac.Write([]byte(purpose))
	mac.Write([]byte(secret))
	return hex.EncodeToString(mac.Sum(nil))
}

// split takes an envelope apart without opening it.
func split(sealed []byte) (keyID string, header, rest []byte, err error) {
	start := len(envelopeMark)
	if len(sealed) <= start || string(sealed[:start]) != envelopeMark {
		return "", nil, nil, fmt.Errorf("%w: it is not an envelope that this MINT knows", ErrUnreadable)
	}
	end := start + 1 + int(sealed[start])
	if len(sealed) < end+nonceBytes {
		return "", nil, nil, fmt.Errorf("%w: it is cut off", ErrUnreadable)
	}
	keyID = string(sealed[start+1 : end])
	if !keyIDPattern.MatchString(keyID) {
		return "", nil, nil, fmt.Errorf("%w: it names no key", ErrUnreadable)
	}
	return keyID, sealed[:end], sealed[end:], nil
}

func newSealer(key []byte) (cipher.AEAD, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, errors.New("vault: the key ring holds no usable key")
	}
	return cipher.NewGCM(block)
}

func strictDecode(content []byte, into any) error {
	decoder := json.NewDecoder(bytes.NewReader(content))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(into); err != nil {
		return errors.New(cleanJSONError(err))
	}
	if decoder.More() {
		return errors.New("something follows the JSON document")
	}
	return nil
}

// cleanJSONError keeps encoding/json's hint about a key and nothing of values.
func cleanJSONError(err error) string {
	var wrongType *json.UnmarshalTypeError
	if errors.As(err, &wrongType) {
		return wrongType.Field + " has the wrong type"
	}
	return err.Error()
}
