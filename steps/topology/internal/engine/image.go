package engine

import (
	"archive/tar"
	"bytes"
	"context"
	"debug/elf"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"strings"

	"github.com/moby/moby/client"
	"github.com/testcontainers/testcontainers-go"
)

// ErrProgram says that a file is not what an image can hold: a static Linux
// program.
var ErrProgram = errors.New("not a static Linux program")

// The Dockerfile is the one that users build with, and it names files by
// their place in the repository; imageDir is where this package lies in it.
const imageDir = "steps/topology/internal/engine"

//go:embed all:image
var imageFiles embed.FS

// Build makes an image around the static Linux program at file. name is its
// name in the image's tag and must be fit for one. A missing file is an error
// that wraps fs.ErrNotExist, another kind of file one that wraps ErrProgram.
func (e *Engine) Build(ctx context.Context, name, file string) (image string, err error) {
	if err := checkProgram(file); err != nil {
		return "", err
	}
	archive, err := buildContext(name, file)
	if err != nil {
		return "", fmt.Errorf("packing %s: %w", file, err)
	}
	provider, err := testcontainers.NewDockerProvider()
	if err != nil {
		return "", err
	}
	defer provider.Close()
	image, err = provider.BuildImage(ctx, &testcontainers.ContainerRequest{
		FromDockerfile: testcontainers.FromDockerfile{
			ContextArchive: bytes.NewReader(archive),
			Dockerfile:     path.Join(imageDir, "image/Dockerfile"),
			BuildArgs:      map[string]*string{"PROGRAM": &name},
			Repo:           "mint-conformance/" + name,
			Tag:            strings.ToLower(e.run),
			BuildOptionsModifier: func(o *client.ImageBuildOptions) {
				o.Labels = maps.Clone(e.labels)
			},
		},
	})
	if err != nil {
		return "", fmt.Errorf("building the image of %s: %w", name, err)
	}
	return image, nil
}

// checkProgram refuses what would start on this machine but not in an image
// that holds nothing else.
func checkProgram(file string) error {
	f, err := os.Open(file)
	if err != nil {
		return err
	}
	defer f.Close()
	program, err := elf.NewFile(f)
	if err != nil {
		return fmt.Errorf("%s is %w: %w", file, ErrProgram, err)
	}
	for _, segment := range program.Progs {
		if segment.Type == elf.PT_INTERP {
			return fmt.Errorf("%s is %w: it is linked dynamically", file, ErrProgram)
		}
	}
	return nil
}

// buildContext packs the embedded image files and the program the way they lie
// in the repository. Modes are set here, since COPY --chmod needs BuildKit.
func buildContext(name, file string) ([]byte, error) {
	program, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	var archive bytes.Buffer
	archive.Grow(len(program) + 16<<10)
	w := tar.NewWriter(&archive)
	add := func(name string, mode int64, content []byte) error {
		err := w.WriteHeader(&tar.Header{Name: name, Mode: mode, Size: int64(len(content))})
		if err != nil {
			return err
		}
		_, err = w.Write(content)
		return err
	}
	err = fs.WalkDir(imageFiles, "image", func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name = path.Join(imageDir, name)
		if entry.IsDir() {
			return w.WriteHeader(&tar.Header{Typeflag: tar.TypeDir, Name: name + "/", Mode: 0o755})
		}
		content, err := imageFiles.ReadFile(strings.TrimPrefix(name, imageDir+"/"))
		if err != nil {
			return err
		}
		return add(name, 0o644, content)
	})
	if err != nil {
		return nil, err
	}
	if err := add("bin/"+name, 0o755, program); err != nil {
		return nil, err
	}
	return archive.Bytes(), w.Close()
}
