package journal

import "testing"

// Of a text, only what could be a secret is replaced; names that the Platform
// knows stay, and its secrets go although they read like words.
func TestReadable(t *testing.T) {
	f := NewFingerprinter(key)
	copied := f
	f.Recognise(Vocabulary{
		Name:   func(s string) bool { return s == "a7f3b2c1" },
		Secret: func(s string) bool { return s == "maya-password-1" },
	})
	fp := func(s string) string { return Prefix + f.Fingerprint(s) }
	for _, test := range []struct{ text, want string }{
		{"ads.read", "ads.read"},
		{"a7f3b2c1", "a7f3b2c1"},
		{"/a7f3b2c1/oauth2/q7Zk/x", "/a7f3b2c1/oauth2/" + fp("q7Zk") + "/x"},
		{"maya-password-1", fp("maya-password-1")},
		{"ads.read maya-password-1", "ads.read " + fp("maya-password-1")},
		{"scope ads.read q7Zk", "scope ads.read " + fp("q7Zk")},
	} {
		if got := copied.Readable(test.text); got != test.want {
			t.Errorf("%q reads %q, want %q", test.text, got, test.want)
		}
	}
}
