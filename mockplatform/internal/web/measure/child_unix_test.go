//go:build unix

package measure_test

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// serving tells this test program to be a server of its own, with one
// processor; its value is a key of servers.
const serving = "MINT_BENCH_SERVE"

func TestMain(m *testing.M) {
	what := os.Getenv(serving)
	if what == "" {
		os.Exit(m.Run())
	}
	if err := obey(what); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// served is what a child serves: the address of its token endpoint and what
// else it can be told to do, each with a number, by its word.
type served struct {
	address  string
	commands map[string]func(n int) (answer []string, err error)
}

// obey is a child's life: it says its address and then does what its parent
// writes, one line each, until the parent lets go.
func obey(what string) error {
	start, known := servers[what]
	if !known {
		return fmt.Errorf("%s=%s is no server", serving, what)
	}
	own, err := start()
	if err != nil {
		return err
	}
	out := bufio.NewWriter(os.Stdout)
	say := func(lines ...string) error {
		fmt.Fprintln(out, len(lines))
		for _, line := range lines {
			fmt.Fprintln(out, line)
		}
		return out.Flush()
	}
	if err := say(own.address); err != nil {
		return err
	}
	for in := bufio.NewScanner(os.Stdin); in.Scan(); {
		word, number, _ := strings.Cut(in.Text(), " ")
		n, _ := strconv.Atoi(number) // none is 0
		lines := []string{strconv.FormatInt(int64(processorTime()), 10)}
		if do := own.commands[word]; do != nil {
			if lines, err = do(n); err != nil {
				return err
			}
		} else if word != "cpu" {
			return fmt.Errorf("unknown command %q", word)
		}
		if err := say(lines...); err != nil {
			return err
		}
	}
	return nil
}

// processorTime is what this process has used so far, in user and system mode.
func processorTime() time.Duration {
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		return 0
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

// child is a server with one processor in a process of its own.
type child struct {
	tb      testing.TB
	address string
	in      *os.File
	out     *bufio.Reader
}

// begin runs this program as a server until the benchmark ends.
func begin(tb testing.TB, what string) *child {
	tb.Helper()
	self, err := os.Executable()
	if err != nil {
		tb.Fatal(err)
	}
	process := exec.CommandContext(tb.Context(), self)
	process.Env = append(os.Environ(), serving+"="+what, "GOMAXPROCS=1")
	process.Stderr = os.Stderr
	read, write, err := os.Pipe()
	if err != nil {
		tb.Fatal(err)
	}
	process.Stdin = read
	out, err := process.StdoutPipe()
	if err != nil {
		tb.Fatal(err)
	}
	if err := process.Start(); err != nil {
		tb.Fatal(err)
	}
	_ = read.Close() // the child has it
	tb.Cleanup(func() {
		_ = write.Close() // it ends then
		_ = process.Wait()
	})
	c := &child{tb: tb, in: write, out: bufio.NewReader(out)}
	c.address = c.answer()[0]
	return c
}

// tell has the child do something and answers what it says.
func (c *child) tell(command string) []string {
	c.tb.Helper()
	if _, err := fmt.Fprintln(c.in, command); err != nil {
		c.tb.Fatal(err)
	}
	return c.answer()
}

func (c *child) answer() []string {
	c.tb.Helper()
	line := func() string {
		text, err := c.out.ReadString('\n')
		if err != nil {
			c.tb.Fatalf("the server said nothing: %v", err)
		}
		return strings.TrimSuffix(text, "\n")
	}
	count, err := strconv.Atoi(line())
	if err != nil {
		c.tb.Fatal(err)
	}
	lines := make([]string, count)
	for i := range lines {
		lines[i] = line()
	}
	return lines
}

// duration has the child answer a time.
func (c *child) duration(command string) time.Duration {
	c.tb.Helper()
	n, err := strconv.ParseInt(c.tell(command)[0], 10, 64)
	if err != nil {
		c.tb.Fatal(err)
	}
	return time.Duration(n)
}
