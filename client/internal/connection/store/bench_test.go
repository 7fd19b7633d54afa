package store

import (
	"path/filepath"
	"strconv"
	"testing"
	"time"
)

func BenchmarkCommit(b *testing.B) {
	database, err := Open(b.Context(), "sqlite:"+filepath.Join(b.TempDir(), "mint.db"))
	if err != nil {
		b.Fatal(err)
	}
	defer database.Close()
	for b.Loop() {
		err := database.Write(b.Context(), func(tx Queries) error {
			return tx.PutConnection(b.Context(), Connection{ID: "c", Workspace: "w", Platform: "p", State: "connected", Since: time.Unix(1, 0), ConnectedAt: time.Unix(1, 0)})
		})
		if err != nil {
			b.Fatal(err)
		}
	}
}

// A MINT is started for every scenario of the conformance suite: this is what
// its database costs.
func BenchmarkOpenFresh(b *testing.B) {
	directory := b.TempDir()
	n := 0
	for b.Loop() {
		n++
		database, err := Open(b.Context(), "sqlite:"+filepath.Join(directory, strconv.Itoa(n)))
		if err != nil {
			b.Fatal(err)
		}
		if err := database.Close(); err != nil {
			b.Fatal(err)
		}
	}
}
