package store

import (
	"io"
	"os"
	"syscall"
)

// Locks of open file descriptions (fcntl(2)): they hold between two Databases
// of one process as well, and end with the file's last descriptor.
const (
	ofdGetLock     = 36
	ofdSetLock     = 37
	ofdSetLockWait = 38
)

func lockByte(file *os.File, offset int64) error {
	return control(file, ofdSetLock, &syscall.Flock_t{Type: syscall.F_WRLCK, Whence: io.SeekStart, Start: offset, Len: 1})
}

func lockByteWait(file *os.File, offset int64) error {
	return control(file, ofdSetLockWait, &syscall.Flock_t{Type: syscall.F_WRLCK, Whence: io.SeekStart, Start: offset, Len: 1})
}

func unlockByte(file *os.File, offset int64) {
	_ = control(file, ofdSetLock, &syscall.Flock_t{Type: syscall.F_UNLCK, Whence: io.SeekStart, Start: offset, Len: 1})
}

func byteLocked(file *os.File, offset int64) bool {
	lock := syscall.Flock_t{Type: syscall.F_WRLCK, Whence: io.SeekStart, Start: offset, Len: 1}
	err := control(file, ofdGetLock, &lock)
	return err != nil || lock.Type != syscall.F_UNLCK
}

func control(file *os.File, command int, lock *syscall.Flock_t) error {
	raw, err := file.SyscallConn()
	if err != nil {
		return err
	}
	var failed error
	err = raw.Control(func(descriptor uintptr) {
		for {
			failed = syscall.FcntlFlock(descriptor, command, lock)
			if failed != syscall.EINTR {
				return
			}
		}
	})
	if err != nil {
		return err
	}
	return failed
}
