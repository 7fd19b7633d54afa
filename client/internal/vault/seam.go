package vault

import "errors"

// ErrUnreadable marks a sealed value that does not open: altered, moved to
// another record, or sealed with a key that the ring lacks.
var ErrUnreadable = errors.New("sealed value is unreadable")

// Keyring holds the keys of one MINT. It is safe for concurrent use.
type Keyring struct{}

// GenerateKeyring writes a new key ring with one key to path (mode 0600). It
// refuses to replace an existing file.
func GenerateKeyring(path string) error { return errors.New("not written yet") }

// LoadKeyring reads the key ring at path. Every error is one sentence that
// names the file and the mend.
func LoadKeyring(path string) (*Keyring, error) { return nil, errors.New("not written yet") }

// AddKey adds a fresh key to the ring at path and makes it the active one.
// Older keys stay, so that what they sealed still opens.
func AddKey(path string) (keyID string, err error) { return "", errors.New("not written yet") }
