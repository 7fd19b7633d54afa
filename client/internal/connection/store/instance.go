package store

import (
	"crypto/rand"
	"encoding/binary"
	"fmt"
	"os"
	"strconv"
	"strings"
)

// instance marks this process's hold on a database: a lock on one byte, at a
// random place, of a file beside it. The kernel lets go of it when the process
// dies, however it dies; so a lease left behind by a killed process is void at
// once, and one of a living process is not.
type instance struct {
	file   *os.File
	offset int64
}

func newInstance(path string) (*instance, error) {
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	var random [8]byte
	if _, err := rand.Read(random[:]); err != nil {
		return nil, err
	}
	// Byte 0 belongs to lockSchema.
	made := &instance{file: file, offset: 1 + int64(binary.BigEndian.Uint64(random[:])>>24)}
	if err := lockByte(file, made.offset); err != nil {
		return nil, fmt.Errorf("%s cannot be locked: %w", path, err)
	}
	return made, nil
}

func (i *instance) close() error { return i.file.Close() }

// owner is unique per call and tells the instance.
func (i *instance) owner() string {
	return strconv.FormatInt(i.offset, 10) + "/" + rand.Text()
}

func (i *instance) alive(owner string) bool {
	place, _, ok := strings.Cut(owner, "/")
	offset, err := strconv.ParseInt(place, 10, 64)
	if !ok || err != nil {
		return false
	}
	return offset == i.offset || byteLocked(i.file, offset)
}

// lockSchema keeps other processes from migrating at the same time.
func (i *instance) lockSchema() (unlock func(), err error) {
	if err := lockByteWait(i.file, 0); err != nil {
		return nil, err
	}
	return func() { unlockByte(i.file, 0) }, nil
}
