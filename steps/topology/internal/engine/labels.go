package engine

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/containerd/errdefs"
	"github.com/moby/moby/client"
)

// The labels on everything that this package makes.
const (
	labelRun   = "com.github.mint-conformance.run"   // one value per Engine
	labelOwner = "com.github.mint-conformance.owner" // MACHINE:PID of the process
)

// foreignLeftoverAge is when things of a process on another machine (CI jobs
// that share an engine) count as left behind: no run lasts nearly as long.
const foreignLeftoverAge = 12 * time.Hour

func labelsOf(run string) map[string]string {
	return map[string]string{
		labelRun:   run,
		labelOwner: machine() + ":" + strconv.Itoa(os.Getpid()),
	}
}

// machine names the realm in which a process id means something.
func machine() string {
	host, err := os.Hostname()
	if err != nil {
		host = "unknown"
	}
	if namespace, err := os.Readlink("/proc/self/ns/pid"); err == nil {
		host += "/" + namespace
	}
	return host
}

// leftBehind reports whether something with these labels, created at created,
// belongs to a process that has ended.
func leftBehind(labels map[string]string, created, now time.Time) bool {
	owner := labels[labelOwner]
	i := strings.LastIndexByte(owner, ':')
	if i < 0 {
		return false
	}
	pid, err := strconv.Atoi(owner[i+1:])
	if err != nil {
		return false
	}
	if owner[:i] != machine() {
		return now.Sub(created) > foreignLeftoverAge
	}
	process, err := os.FindProcess(pid)
	if err != nil {
		return true
	}
	err = process.Signal(syscall.Signal(0))
	return errors.Is(err, os.ErrProcessDone) || errors.Is(err, syscall.ESRCH)
}

// sweep removes what runs that ended without Close left behind.
func (e *Engine) sweep(ctx context.Context) error {
	info, err := e.client.Info(ctx, client.InfoOptions{})
	if err != nil {
		return err
	}
	now, err := time.Parse(time.RFC3339Nano, info.Info.SystemTime)
	if err != nil {
		return fmt.Errorf("the engine's clock: %w", err)
	}
	return e.remove(ctx, labelRun, func(labels map[string]string, created time.Time) bool {
		return leftBehind(labels, created, now)
	})
}

// remove removes the containers, networks and images that carry label (KEY or
// KEY=VALUE) and of which chosen is true. What is gone already is no error.
func (e *Engine) remove(ctx context.Context, label string, chosen func(labels map[string]string, created time.Time) bool) error {
	filter := client.Filters{}.Add("label", label)
	var errs []error
	note := func(what, id string, err error) {
		switch {
		case err == nil:
			e.logger.Debug("removed", "kind", what, "id", id)
		case !errdefs.IsNotFound(err):
			errs = append(errs, fmt.Errorf("removing %s %s: %w", what, id, err))
		}
	}

	containers, err := e.client.ContainerList(ctx, client.ContainerListOptions{All: true, Filters: filter})
	errs = append(errs, err)
	for _, c := range containers.Items {
		if chosen(c.Labels, time.Unix(c.Created, 0)) {
			_, err := e.client.ContainerRemove(ctx, c.ID, client.ContainerRemoveOptions{Force: true, RemoveVolumes: true})
			note("container", c.ID, err)
		}
	}
	networks, err := e.client.NetworkList(ctx, client.NetworkListOptions{Filters: filter})
	errs = append(errs, err)
	for _, n := range networks.Items {
		if chosen(n.Labels, n.Created) {
			_, err := e.client.NetworkRemove(ctx, n.ID, client.NetworkRemoveOptions{})
			note("network", n.ID, err)
		}
	}
	images, err := e.client.ImageList(ctx, client.ImageListOptions{Filters: filter})
	errs = append(errs, err)
	for _, i := range images.Items {
		if chosen(i.Labels, time.Unix(i.Created, 0)) {
			_, err := e.client.ImageRemove(ctx, i.ID, client.ImageRemoveOptions{Force: true, PruneChildren: true})
			note("image", i.ID, err)
		}
	}
	return errors.Join(errs...)
}
