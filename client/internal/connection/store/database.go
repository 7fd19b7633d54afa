package store

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"github.com/pressly/goose/v3"
	_ "modernc.org/sqlite" // registers the driver "sqlite"
)

//go:embed migrations/*.sql
var migrations embed.FS

// settings of every SQLite connection. Writes begin immediately, so what a
// write transaction read is still true when it commits. A commit survives the
// death of the process; see WriteDurably for power cuts.
var settings = url.Values{
	// Not synchronous while the journal mode is set: that writes to a new, empty
	// file only, and waiting for the disk would be half of MINT's start.
	"_pragma": {"busy_timeout(5000)", "synchronous(OFF)", "journal_mode(WAL)", "synchronous(NORMAL)", "foreign_keys(1)"},
	"_txlock": {"immediate"},
}

// Database is one open SQLite file with the present schema. Reads outside a
// transaction are its embedded Queries; writes go through Write.
type Database struct {
	Queries
	db       *sql.DB
	path     string
	instance *instance
}

// Open opens address ("sqlite:PATH"), creates the file when it is missing and
// brings an older schema up to date. A database of a newer schema is refused.
// Every error is one sentence that names the file and the mend.
func Open(ctx context.Context, address string) (*Database, error) {
	path, ok := strings.CutPrefix(address, "sqlite:")
	if !ok || path == "" {
		return nil, fmt.Errorf("database %q is not known; write sqlite:PATH", address)
	}
	if info, err := os.Stat(filepath.Dir(path)); err != nil || !info.IsDir() {
		return nil, fmt.Errorf("database %s cannot be opened: its directory does not exist; create it or choose another path", path)
	}
	instance, err := newInstance(path + ".lock")
	if err != nil {
		return nil, fmt.Errorf("database %s cannot be opened: %w; choose a directory that may be written", path, cause(err))
	}
	// One connection: SQLite has one writer anyway, every statement here takes
	// far less than a millisecond, and a second connection costs start-up time.
	db, err := sql.Open("sqlite", "file:"+(&url.URL{Path: path}).EscapedPath()+"?"+settings.Encode())
	if err != nil {
		return nil, errors.Join(fmt.Errorf("database %s cannot be opened: %w", path, err), instance.close())
	}
	db.SetMaxOpenConns(1)
	database := &Database{Queries: Queries{db}, db: db, path: path, instance: instance}
	if err := database.migrate(ctx); err != nil {
		return nil, errors.Join(err, database.Close())
	}
	return database, nil
}

// migrate brings the schema up to date, one process at a time.
func (d *Database) migrate(ctx context.Context) error {
	unlock, err := d.instance.lockSchema()
	if err != nil {
		return fmt.Errorf("database %s cannot be opened: %w", d.path, err)
	}
	defer unlock()
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return err
	}
	provider, err := goose.NewProvider(goose.DialectSQLite3, d.db, files, goose.WithDisableGlobalRegistry(true))
	if err != nil {
		return fmt.Errorf("database %s: the embedded migrations are broken: %w", d.path, err)
	}
	present, known, err := provider.GetVersions(ctx)
	if err != nil {
		return fmt.Errorf("database %s cannot be used: %w; name a MINT database with --database, or a new path", d.path, err)
	}
	if present > known {
		return fmt.Errorf("database %s has schema %d, this MINT knows %d; start the newer MINT that wrote it, or name another database with --database", d.path, present, known)
	}
	if present == known {
		return nil
	}
	if _, err := provider.Up(ctx); err != nil {
		return fmt.Errorf("database %s cannot be brought from schema %d to %d: %w; name a MINT database with --database, or a new path", d.path, present, known, err)
	}
	return nil
}

// Path is the file's path, for messages.
func (d *Database) Path() string { return d.path }

// Close closes the file. Call it after Service.Close.
func (d *Database) Close() error { return errors.Join(d.db.Close(), d.instance.close()) }

// Write runs fn in one write transaction. fn must use its own argument only:
// the database has one connection, and fn holds it.
func (d *Database) Write(ctx context.Context, fn func(tx Queries) error) error {
	return d.write(ctx, d.db, fn)
}

// WriteDurably is Write, and returns only when the commit, with all before it,
// is on the disk: a refresh token that was used, or came, must survive a power
// cut as well.
func (d *Database) WriteDurably(ctx context.Context, fn func(tx Queries) error) (err error) {
	connection, err := d.db.Conn(ctx)
	if err != nil {
		return fmt.Errorf("database %s: %w", d.path, err)
	}
	defer func() {
		// Also after a cancelled ctx, since the connection is the only one.
		_, reset := connection.ExecContext(context.WithoutCancel(ctx), "PRAGMA synchronous=NORMAL")
		err = errors.Join(err, reset, connection.Close())
	}()
	if _, err := connection.ExecContext(ctx, "PRAGMA synchronous=FULL"); err != nil {
		return fmt.Errorf("database %s: %w", d.path, err)
	}
	return d.write(ctx, connection, fn)
}

// beginner is the database, or its one connection.
type beginner interface {
	BeginTx(ctx context.Context, options *sql.TxOptions) (*sql.Tx, error)
}

func (d *Database) write(ctx context.Context, on beginner, fn func(tx Queries) error) error {
	tx, err := on.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("database %s: %w", d.path, err)
	}
	if err := fn(Queries{tx}); err != nil {
		return errors.Join(err, tx.Rollback())
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("database %s: %w", d.path, err)
	}
	return nil
}

// Owner is a name for leases taken through this Database, see OwnerAlive.
func (d *Database) Owner() string { return d.instance.owner() }

// OwnerAlive reports whether the process that took a lease as owner still has
// its Database open. It errs on the side of alive.
func (d *Database) OwnerAlive(owner string) bool { return d.instance.alive(owner) }

// cause takes the path out of an error that will name it anyway.
func cause(err error) error {
	var wrapped *fs.PathError
	if errors.As(err, &wrapped) {
		return wrapped.Err
	}
	return err
}
