package scratch

import "testing"

func TestDirHeedsTMPDIR(t *testing.T) {
	if got := Dir(func(string) string { return "/elsewhere" }); got != "" {
		t.Errorf("with TMPDIR set: %q, want the system's place", got)
	}
	want := ""
	if roomy() {
		want = Shared
	}
	if got := Dir(func(string) string { return "" }); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestFreeOfNowhereIsNothing(t *testing.T) {
	if got := free("/no/such/place"); got != 0 {
		t.Errorf("got %d bytes", got)
	}
}
