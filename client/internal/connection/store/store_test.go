package store

import (
	"path/filepath"
	"testing"
)

func BenchmarkOpenFresh(b *testing.B) {
	for i := range b.N {
		database, err := Open(b.Context(), "sqlite:"+filepath.Join(b.TempDir(), string(rune('a'+i%26))+"mint.db"))
		if err != nil {
			b.Fatal(err)
		}
		if err := database.Close(); err != nil {
			b.Fatal(err)
		}
	}
}
