// Package scratch finds a place in memory for the files of a run: databases,
// browser profiles and the browser's shared memory. What is tested is how
// programs behave, not the disk; on a machine with a busy disk a run takes half
// as long this way. What a run that was killed has left there, the next one
// takes away.
package scratch

import "os"

// Shared is where Linux keeps shared memory, and where Chromium wants it.
const Shared = "/dev/shm"

// enough is how much must be free in Shared, in bytes: two browser contexts,
// their profile and a few databases fit many times over. Containers often
// have 64 MiB, which a browser exhausts.
const enough = 1 << 30

// Dir is Shared when it is writable and has room, and "" (the system's place
// for temporary files) otherwise, also when TMPDIR says where they belong.
func Dir(getenv func(string) string) string {
	if getenv("TMPDIR") != "" || !roomy() {
		return ""
	}
	return Shared
}

// roomy reports whether Shared is writable and has room for a browser.
func roomy() bool {
	if free(Shared) < enough {
		return false
	}
	probe, err := os.MkdirTemp(Shared, "mint-conformance-probe-")
	return err == nil && os.Remove(probe) == nil
}
