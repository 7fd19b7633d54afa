//go:build !unix

package browser

import "os/exec"

func ownGroup(*exec.Cmd) {}

// killGroup ends the browser; its helpers end with it.
func killGroup(cmd *exec.Cmd) { _ = cmd.Process.Kill() }
