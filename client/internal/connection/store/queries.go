package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// Queries reads and writes rows, within a transaction or outside one.
type Queries struct{ on querier }

type querier interface {
	ExecContext(ctx context.Context, query string, arguments ...any) (sql.Result, error)
	QueryContext(ctx context.Context, query string, arguments ...any) (*sql.Rows, error)
}

// scanner is one row of a result.
type scanner interface{ Scan(into ...any) error }

// exec runs a statement and returns how many rows it changed.
func (q Queries) exec(ctx context.Context, query string, arguments ...any) (int64, error) {
	result, err := q.on.ExecContext(ctx, query, arguments...)
	if err != nil {
		return 0, fmt.Errorf("database: %w", err)
	}
	return result.RowsAffected()
}

// all reads every row of a result.
func all[T any](ctx context.Context, q Queries, scan func(scanner) (T, error), query string, arguments ...any) ([]T, error) {
	rows, err := q.on.QueryContext(ctx, query, arguments...)
	if err != nil {
		return nil, fmt.Errorf("database: %w", err)
	}
	defer rows.Close()
	var result []T
	for rows.Next() {
		one, err := scan(rows)
		if err != nil {
			return nil, fmt.Errorf("database: %w", err)
		}
		result = append(result, one)
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil {
		return nil, fmt.Errorf("database: %w", err)
	}
	return result, nil
}

// first reads the first row of a result; found is false without one.
func first[T any](ctx context.Context, q Queries, scan func(scanner) (T, error), query string, arguments ...any) (row T, found bool, err error) {
	rows, err := all(ctx, q, scan, query, arguments...)
	if err != nil || len(rows) == 0 {
		return row, false, err
	}
	return rows[0], true, nil
}

// stamp is a time as the database holds it.
func stamp(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixNano()
}

// moment is a time from the database.
type moment struct{ into *time.Time }

// Scan implements sql.Scanner.
func (m moment) Scan(value any) error {
	nanoseconds, ok := value.(int64)
	if !ok {
		return fmt.Errorf("a time is stored as %T", value)
	}
	*m.into = time.Time{}
	if nanoseconds != 0 {
		*m.into = time.Unix(0, nanoseconds).UTC()
	}
	return nil
}
