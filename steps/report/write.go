package report

import (
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// The files of a report, below the output directory.
const (
	HTMLFile    = "report.html"
	JSONFile    = "report.json"
	JUnitFile   = "junit.xml"
	SummaryFile = "summary.md"
	EvidenceDir = "evidence"
)

// A report is for everybody: CI collects it as another user than the one who
// ran it in a container.
const (
	fileMode fs.FileMode = 0o644
	dirMode  fs.FileMode = 0o755
)

var files = map[string]func(io.Writer, *Run) error{
	HTMLFile: WriteHTML, JSONFile: WriteJSON, JUnitFile: WriteJUnit, SummaryFile: WriteSummary,
}

// Prepare makes the output directory and removes what an earlier run left in
// it, so that a report never mixes two runs. Other files stay.
func Prepare(dir string) error {
	if err := os.MkdirAll(dir, dirMode); err != nil {
		return err
	}
	for name := range files {
		if err := os.Remove(filepath.Join(dir, name)); err != nil && !os.IsNotExist(err) {
			return err
		}
	}
	return os.RemoveAll(filepath.Join(dir, EvidenceDir))
}

// Write puts every file of the report into dir, each complete or not at all.
func Write(dir string, r *Run) error {
	for name, write := range files {
		if err := writeFile(filepath.Join(dir, name), r, write); err != nil {
			return fmt.Errorf("writing %s: %w", filepath.Join(dir, name), err)
		}
	}
	return nil
}

func writeFile(path string, r *Run, write func(io.Writer, *Run) error) (err error) {
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+"-")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = f.Close()
			_ = os.Remove(f.Name())
		}
	}()
	if err := write(f, r); err != nil {
		return err
	}
	if err := f.Chmod(fileMode); err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}

// AppendSummary adds the Markdown summary to the file that GitHub shows on the
// page of a job (GITHUB_STEP_SUMMARY).
func AppendSummary(path string, r *Run) error {
	f, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, fileMode)
	if err != nil {
		return err
	}
	if err := WriteSummary(f, r); err != nil {
		_ = f.Close()
		return err
	}
	return f.Close()
}
