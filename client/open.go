package client

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/mint-conformance/mint/client/internal/connection"
	"github.com/mint-conformance/mint/client/internal/connection/store"
	"github.com/mint-conformance/mint/client/internal/vault"
)

// creation says whether a missing database may be made.
type creation bool

const (
	mayCreate creation = true
	mustExist creation = false
)

// openDomain opens key ring and database and builds the domain on them. What
// it created itself it removes again when a later step fails.
func openDomain(config Config, public string, create creation) (*connection.Service, *store.Database, error) {
	path, err := databasePath(config.Database)
	if err != nil {
		return nil, nil, err
	}
	missing := !exists(path)
	if missing && create == mustExist {
		return nil, nil, fmt.Errorf("there is no database at %s; name MINT's with --database", path)
	}
	if info, err := os.Stat(filepath.Dir(path)); err != nil || !info.IsDir() {
		return nil, nil, fmt.Errorf("database %s cannot be opened: its directory does not exist; create it or choose another path with --database", path)
	}
	ring, undoRing, err := openKeyring(config.Keyring, path, missing)
	if err != nil {
		return nil, nil, err
	}
	data, err := store.Open(context.Background(), config.Database)
	if err != nil {
		return nil, nil, errors.Join(err, undoRing())
	}
	service, err := connection.NewService(connection.Deps{
		Integrations: config.Integrations, Database: data, Keyring: ring, RedirectURI: public + "/oauth/callback",
		Now: config.Now, Logger: config.Logger, RefreshMargin: config.RefreshMargin,
	})
	if err != nil {
		return nil, nil, errors.Join(err, data.Close(), undoRing())
	}
	return service, data, nil
}

func databasePath(address string) (string, error) {
	path, ok := strings.CutPrefix(address, "sqlite:")
	if !ok || path == "" {
		return "", fmt.Errorf("database %q is not an address MINT knows; write sqlite:PATH", address)
	}
	return path, nil
}

// openKeyring loads the named key ring, or the one beside the database, which
// it makes when the database is new as well.
func openKeyring(named, databasePath string, newDatabase bool) (ring *vault.Keyring, undo func() error, err error) {
	undo = func() error { return nil }
	path := named
	if named == "" {
		path = besideDatabase(databasePath)
		if newDatabase && !exists(path) {
			if err := vault.GenerateKeyring(path); err != nil {
				return nil, undo, err
			}
			undo = func() error { return os.Remove(path) }
		}
	}
	ring, err = vault.LoadKeyring(path)
	return ring, undo, err
}

// DefaultKeyring is the path of the key ring that belongs to a database
// address when none is named; empty for an address that is none.
func DefaultKeyring(database string) string {
	path, err := databasePath(database)
	if err != nil {
		return ""
	}
	return besideDatabase(path)
}

func besideDatabase(databasePath string) string {
	return strings.TrimSuffix(databasePath, filepath.Ext(databasePath)) + ".keyring"
}

func exists(path string) bool {
	_, err := os.Lstat(path)
	return !errors.Is(err, os.ErrNotExist)
}
