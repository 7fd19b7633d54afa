//go:build unix

package measure_test

import (
	"runtime"
	"strconv"

	"github.com/mint-conformance/mint/mockplatform/control"
)

// Two Platforms that are asked without a browser. Their journals are small, so
// that they are full soon and the memory stands still.
var soakPlatforms = []control.CreatePlatform{
	{Profile: "mindbaz", Name: "mindbaz", JournalSize: 2000},
	{Profile: "service", Name: "service", JournalSize: 2000},
}

// soaked is a mock Platform's server that tells how much it holds. Its address
// is that of the control API.
func soaked() (served, error) {
	server, err := begun()
	if err != nil {
		return served{}, err
	}
	for _, one := range soakPlatforms {
		if _, err := server.Registry().Create(one); err != nil {
			return served{}, err
		}
	}
	state := func(int) ([]string, error) {
		var m runtime.MemStats
		runtime.GC()
		runtime.GC() // what the first one put aside in pools
		runtime.ReadMemStats(&m)
		return []string{strconv.Itoa(runtime.NumGoroutine()), strconv.FormatUint(m.HeapAlloc, 10)}, nil
	}
	return served{server.ControlURL(), map[string]func(int) ([]string, error){"state": state}}, nil
}
