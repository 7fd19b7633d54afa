package mockplatform

import (
	"errors"
	"strconv"

	"github.com/mint-conformance/mint/mockplatform/internal/shared"
)

// replicas connects to what the configured store shares; nil for memory.
func (cfg Config) replicas() (*shared.Backend, error) {
	if cfg.Store == "" || cfg.Store == "memory" {
		return nil, nil
	}
	if cfg.Seed != 0 {
		return nil, errors.New("seed: replicas that share a store would all make the same values: use --store memory, or no seed")
	}
	return shared.Open(cfg.Store)
}

// seed is the seed as the Platforms take it, "" for none.
func (cfg Config) seed() string {
	if cfg.Seed == 0 {
		return ""
	}
	return strconv.FormatUint(cfg.Seed, 10)
}

func closeStore(b *shared.Backend) error {
	if b == nil {
		return nil
	}
	return b.Close()
}
