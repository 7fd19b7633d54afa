package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// invoke runs the program with an environment of its own.
func invoke(t *testing.T, env map[string]string, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	code = run(t.Context(), args, &out, &errs, func(name string) string { return env[name] })
	return code, out.String(), errs.String()
}

func TestRefusalsAreOneSentenceAndExitTwo(t *testing.T) {
	out := filepath.Join(t.TempDir(), "out")
	tests := []struct {
		name string
		args []string
		env  map[string]string
		want string
	}{
		{"an unknown command", []string{"rum"}, nil, `unknown command "rum"`},
		{"an unknown option", []string{"run", "--stricter"}, nil, "unknown flag: --stricter"},
		{"a value that is no number", []string{"run", "--seed", "x"}, nil, `invalid argument "x" for "--seed"`},
		{"an unknown topology", []string{"run", "--topology", "cloud"}, nil, `--topology "cloud" is not known; use containers, embedded`},
		{"no concurrency", []string{"run", "--concurrency", "0"}, nil, "--concurrency 0: choose from 1 to 16"},
		{"a wrong shard", []string{"run", "--shard", "3/2"}, nil, `--shard "3/2" is no part of a whole`},
		{"an unknown tag", []string{"run", "--tags", "@mimt"}, nil, "no scenario has the tag @mimt; did you mean mint?"},
		{"an unknown check", []string{"run", "--check", "CG-99"}, nil, `no scenario is about "CG-99"`},
		{"a partner's target", []string{"run", "--target", "partner.yaml"}, nil, "write mock:"},
		{"an unknown profile", []string{"run", "--target", "mock:mailupp"}, nil, "did you mean mailup?"},
		{"a missing browser", []string{"run", "--browser", "/nowhere/chrome"}, nil, "--browser /nowhere/chrome is not a program"},
		{"a wrong CHROME", []string{"run"}, map[string]string{"CHROME": "/nowhere/chrome"}, "CHROME=/nowhere/chrome is not a program"},
		{"an unknown id", []string{"explain", "CG-99"}, nil, `the catalogue has no id "CG-99"; did you mean CG-09?`},
		{"an id in small letters", []string{"explain", "rs-03"}, nil, `did you mean RS-03?`},
		{"an id like no other", []string{"explain", "something"}, nil, "`conformance list --checks` shows all"},
		{"no id", []string{"explain"}, nil, "explain takes one id, such as CG-02"},
		{"two ids", []string{"explain", "CG-01", "CG-02"}, nil, "explain takes one id, such as CG-02"},
		{"an unknown format of an explanation", []string{"explain", "CG-02", "-o", "xml"}, nil, `--output "xml" is not known`},
		{"an unknown requirement", []string{"list", "--checks", "--requirement", "S001-99"}, nil, `has no requirement "S001-99"; did you mean S001-09?`},
		{"a check for a requirement", []string{"list", "--checks", "--requirement", "CG-01"}, nil, `has no requirement "CG-01"`},
		{"a requirement that binds clients only", []string{"list", "--checks", "--requirement", "S001-12"}, nil, "no check of the server names S001-12"},
		{"two filters that exclude each other", []string{"list", "--checks", "--requirement", "S001-11", "--rfc", "7662"}, nil, "no check of the server names S001-11 and RFC 7662"},
		{"a name for an RFC", []string{"list", "--checks", "--rfc", "pkce"}, nil, `--rfc "pkce": write a number such as 6749`},
		{"a filter of checks without --checks", []string{"list", "--rfc", "6749"}, nil, "--rfc selects checks; add --checks"},
		{"a filter of scenarios with --checks", []string{"list", "--checks", "--tags", "@mint"}, nil, "--tags selects scenarios; leave it out"},
		{"an unknown format", []string{"list", "-o", "xml"}, nil, `--output "xml" is not known; use text or json`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			args := tt.args
			if args[0] == "run" {
				args = append(args, "--out", out)
			}
			code, stdout, stderr := invoke(t, tt.env, args...)
			if code != 2 || !strings.Contains(stderr, tt.want) {
				t.Errorf("exit code %d, error %q; want 2 and %q", code, stderr, tt.want)
			}
			if stdout != "" || strings.Count(stderr, "\n") != 1 {
				t.Errorf("stdout %q, stderr %q; want one line on stderr", stdout, stderr)
			}
		})
	}
	if _, err := os.Stat(out); !os.IsNotExist(err) {
		t.Errorf("something was written to --out: %v", err)
	}
}

func TestList(t *testing.T) {
	code, stdout, stderr := invoke(t, nil, "list", "-o", "json", "--tags", "@mint and @journey")
	if code != 0 {
		t.Fatalf("exit code %d: %s", code, stderr)
	}
	var document struct {
		Scenarios []struct {
			ID, File, Feature, Name string
			Line                    int
			Tags                    []string
		}
	}
	if err := json.Unmarshal([]byte(stdout), &document); err != nil {
		t.Fatal(err)
	}
	if len(document.Scenarios) == 0 {
		t.Fatal("no scenarios")
	}
	for _, sc := range document.Scenarios {
		tags := strings.Join(sc.Tags, " ") + " "
		if !strings.Contains(tags, "@mint ") || !strings.Contains(tags, "@journey ") || sc.Name == "" || sc.Line == 0 {
			t.Errorf("listed %+v", sc)
		}
	}
	code, stdout, _ = invoke(t, nil, "list", "--tags", "@mint and @journey")
	if lines := strings.Count(stdout, "\n"); code != 0 || lines != len(document.Scenarios) {
		t.Errorf("exit code %d, %d lines for %d scenarios", code, lines, len(document.Scenarios))
	}
}
