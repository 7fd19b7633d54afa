//go:build linux || darwin

package scratch

import (
	"os"
	"syscall"
)

// lock takes hold of a directory until the file is closed or the program ends,
// however it does; nil if somebody else holds it, or it is gone.
func lock(dir string) *os.File {
	f, err := os.Open(dir)
	if err != nil {
		return nil
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		_ = f.Close()
		return nil
	}
	return f
}
