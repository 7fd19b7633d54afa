package vault

import (
	"bytes"
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"sync"
)

const (
	formatVersion = 1
	keyBytes      = 32      // AES-256, and HMAC-SHA256 for fingerprints
	maxFile       = 1 << 20 // of a key ring, in bytes
)

var keyIDPattern = regexp.MustCompile(`^[a-z0-9-]{1,32}$`)

// document is the file's content. The fingerprint key never changes, so that
// fingerprints stay comparable when the active key does.
type document struct {
	Version        int           `json:"version"`
	Active         string        `json:"active"`
	Keys           []documentKey `json:"keys"`
	FingerprintKey string        `json:"fingerprint_key"`
}

type documentKey struct {
	ID  string `json:"id"`
	Key string `json:"key"` // base64, 32 bytes
}

// Keyring holds the keys of one MINT. It is safe for concurrent use and prints
// as nothing but its key ids.
type Keyring struct {
	path string

	mutex       sync.RWMutex
	active      string
	keys        map[string][]byte
	fingerprint []byte
}

// String names the active key and no key material.
func (k *Keyring) String() string { return "key ring with active key " + k.ActiveKey() }

// GoString is String, so that %#v is safe as well.
func (k *Keyring) GoString() string { return k.String() }

// ActiveKey returns the id of the key that seals.
func (k *Keyring) ActiveKey() string {
	k.mutex.RLock()
	defer k.mutex.RUnlock()
	return k.active
}

// GenerateKeyring writes a new key ring with one key to path (mode 0600). It
// refuses to replace an existing file.
func GenerateKeyring(path string) error {
	if _, err := os.Lstat(path); err == nil {
		return fmt.Errorf("key ring %s exists already; add a key to it with \"mint keys add\", or choose another path", path)
	}
	first, err := newKey()
	if err != nil {
		return err
	}
	fingerprint, err := randomBytes()
	if err != nil {
		return err
	}
	return write(path, document{
		Version: formatVersion, Active: first.ID, Keys: []documentKey{first},
		FingerprintKey: base64.StdEncoding.EncodeToString(fingerprint),
	}, false)
}

// LoadKeyring reads the key ring at path. Every error is one sentence that
// names the file and the mend.
func LoadKeyring(path string) (*Keyring, error) {
	content, err := read(path)
	if err != nil {
		return nil, err
	}
	ring := &Keyring{path: path}
	if err := ring.adopt(content); err != nil {
		return nil, err
	}
	return ring, nil
}

// AddKey adds a fresh key to the ring at path and makes it the active one.
// Older keys stay, so that what they sealed still opens.
func AddKey(path string) (keyID string, err error) {
	content, err := read(path)
	if err != nil {
		return "", err
	}
	added, err := newKey()
	if err != nil {
		return "", err
	}
	content.Keys = append(content.Keys, added)
	content.Active = added.ID
	return added.ID, write(path, content, true)
}

// reload reads the file again, because a value names a key that this process
// does not know; another process may have added it.
func (k *Keyring) reload() error {
	content, err := read(k.path)
	if err != nil {
		return err
	}
	return k.adopt(content)
}

func (k *Keyring) adopt(content document) error {
	keys := map[string][]byte{}
	for index, one := range content.Keys {
		key, err := base64.StdEncoding.DecodeString(one.Key)
		if err != nil || len(key) != keyBytes || !keyIDPattern.MatchString(one.ID) {
			return k.wrong(fmt.Sprintf("keys[%d] is not an id with 32 bytes in base64", index))
		}
		if _, twice := keys[one.ID]; twice {
			return k.wrong(fmt.Sprintf("keys[%d] repeats the id %s", index, one.ID))
		}
		keys[one.ID] = key
	}
	if _, known := keys[content.Active]; !known {
		return k.wrong("active names none of its keys")
	}
	fingerprint, err := base64.StdEncoding.DecodeString(content.FingerprintKey)
	if err != nil || len(fingerprint) != keyBytes {
		return k.wrong("fingerprint_key is not 32 bytes in base64")
	}
	k.mutex.Lock()
	defer k.mutex.Unlock()
	k.active, k.keys, k.fingerprint = content.Active, keys, fingerprint
	return nil
}

func (k *Keyring) wrong(what string) error { return wrongFile(k.path, what) }

func wrongFile(path, what string) error {
	return fmt.Errorf("key ring %s is not usable: %s; restore it from a copy, or start afresh with \"mint keys init\" and another database", path, what)
}

// read loads and strictly decodes the file.
func read(path string) (document, error) {
	file, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return document{}, fmt.Errorf("key ring %s does not exist; create it with \"mint keys init\", or name the right one with --keyring", path)
	}
	if err != nil {
		return document{}, fmt.Errorf("key ring %s cannot be read: %w; make it readable for the user that runs MINT", path, reason(err))
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return document{}, fmt.Errorf("key ring %s cannot be read: %w", path, reason(err))
	}
	if !info.Mode().IsRegular() {
		return document{}, fmt.Errorf("key ring %s is not a file; name the right one with --keyring", path)
	}
	if mode := info.Mode().Perm(); mode&0o077 != 0 {
		return document{}, fmt.Errorf("key ring %s may be read or written by others (mode %04o); run \"chmod 600\" on it", path, mode)
	}
	content, err := io.ReadAll(io.LimitReader(file, maxFile+1))
	if err != nil {
		return document{}, fmt.Errorf("key ring %s cannot be read: %w", path, reason(err))
	}
	return decode(path, content)
}

func decode(path string, content []byte) (document, error) {
	if len(content) > maxFile {
		return document{}, wrongFile(path, "it is larger than 1 MiB")
	}
	// The version first: a newer format may well have other members.
	var version struct {
		Version int `json:"version"`
	}
	if err := json.NewDecoder(bytes.NewReader(content)).Decode(&version); err != nil {
		return document{}, wrongFile(path, "it is not a JSON document")
	}
	if version.Version > formatVersion {
		return document{}, fmt.Errorf("key ring %s has format %d, this MINT knows %d; start the newer MINT that wrote it", path, version.Version, formatVersion)
	}
	var result document
	if err := strictDecode(content, &result); err != nil {
		return document{}, wrongFile(path, err.Error())
	}
	if result.Version != formatVersion {
		return document{}, wrongFile(path, "version is missing")
	}
	return result, nil
}

// write stores the file atomically: a crash leaves the old ring or the new.
func write(path string, content document, replace bool) error {
	encoded, err := json.MarshalIndent(content, "", "  ")
	if err != nil {
		return err
	}
	temporary, err := os.CreateTemp(filepath.Dir(path), ".keyring-*")
	if err != nil {
		return fmt.Errorf("key ring %s cannot be written: %w; choose a directory that exists and may be written", path, reason(err))
	}
	defer func() { _ = os.Remove(temporary.Name()) }() // gone already after a rename
	_, err = temporary.Write(append(encoded, '\n'))
	err = errors.Join(err, temporary.Chmod(0o600), temporary.Sync(), temporary.Close())
	if err != nil {
		return fmt.Errorf("key ring %s cannot be written: %w", path, reason(err))
	}
	if replace {
		err = os.Rename(temporary.Name(), path)
	} else {
		err = os.Link(temporary.Name(), path) // fails when the file has appeared meanwhile
	}
	if err != nil {
		return fmt.Errorf("key ring %s cannot be written: %w", path, reason(err))
	}
	return nil
}

// reason takes the path out of an error that will name it anyway.
func reason(err error) error {
	var wrapped *fs.PathError
	if errors.As(err, &wrapped) {
		return wrapped.Err
	}
	return err
}

func newKey() (documentKey, error) {
	key, err := randomBytes()
	if err != nil {
		return documentKey{}, err
	}
	id, err := randomBytes()
	if err != nil {
		return documentKey{}, err
	}
	return documentKey{ID: "k-" + hex.EncodeToString(id[:4]), Key: base64.StdEncoding.EncodeToString(key)}, nil
}

func randomBytes() ([]byte, error) {
	value := make([]byte, keyBytes)
	_, err := rand.Read(value)
	return value, err
}
