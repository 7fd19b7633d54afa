package journal

import (
	"context"
	"encoding/json"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/mint-conformance/mint/mockplatform/control"
)

var key = []byte("0123456789abcdef")

func paths(j control.Journal) string {
	var out []string
	for _, e := range j.Exchanges {
		out = append(out, strconv.FormatInt(e.Seq, 10)+e.Path)
	}
	return strings.Join(out, " ")
}

func TestWaitEndsWithTheNextExchangeItsBoundOrItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		j := New(key, 0)
		after1 := control.JournalFilter{After: 1}
		got := make(chan control.Journal)
		for range 2 {
			go func() { got <- j.Wait(t.Context(), control.JournalFilter{}, time.Minute) }()
		}
		synctest.Wait()
		j.Add(control.Exchange{Path: "a"})
		for range 2 {
			if g := <-got; paths(g) != "1a" {
				t.Errorf("waited for %q", paths(g))
			}
		}
		if g := j.Wait(t.Context(), after1, time.Second); len(g.Exchanges) != 0 || g.Last != 1 {
			t.Errorf("after the bound: %+v", g)
		}
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if g := j.Wait(ctx, after1, time.Hour); len(g.Exchanges) != 0 {
			t.Errorf("after the context: %+v", g)
		}
		if g := j.Wait(t.Context(), control.JournalFilter{}, 0); paths(g) != "1a" {
			t.Errorf("without waiting: %q", paths(g))
		}
	})
}

func TestFingerprintIsKeyedAndStable(t *testing.T) {
	a, b := NewFingerprinter(key), NewFingerprinter([]byte("fedcba9876543210"))
	if got := a.Fingerprint("secret"); len(got) != 16 || got != a.Fingerprint("secret") {
		t.Errorf("fingerprint %q", got)
	}
	if a.Fingerprint("secret") == b.Fingerprint("secret") || a.Fingerprint("secret") == a.Fingerprint("Secret") {
		t.Error("fingerprints must depend on key and secret")
	}
	if a.Fingerprint("") != "" {
		t.Error("nothing must have no fingerprint")
	}
}

// TestNoSecretReachesTheJournal plants one canary in every secret member.
func TestNoSecretReachesTheJournal(t *testing.T) {
	const canary = "CANARY-7f3a"
	j := New(key, 0)
	form := url.Values{}
	for _, name := range []string{
		"code", "access_token", "refresh_token", "token", "client_secret", "Client_Secret", "password", "passwd",
		"code_verifier", "state", "csrf_token", "client_assertion", "assertion", "id_token_hint", "session_id",
		"registration_access_token", "new_password", "x-api_key",
	} {
		form.Set(name, canary)
	}
	form["token"] = []string{canary, canary + "2"}
	doc, err := json.Marshal(control.Exchange{Parameters: j.Parameters(form, url.Values{"code": {canary}})})
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(doc), canary) {
		t.Errorf("a secret is readable: %s", doc)
	}
	if got, want := j.Parameters(form)["refresh_token"], Prefix+j.Fingerprint(canary); got != want {
		t.Errorf("refresh_token shown as %s, want %s", got, want)
	}
}

func TestHarmlessParametersStayReadable(t *testing.T) {
	j := New(key, 0)
	got := j.Parameters(url.Values{
		"grant_type": {"refresh_token"}, "scope": {"ads.read ads.write"}, "code_challenge_method": {"S256"},
		"token_type_hint": {"access_token"}, "username": {"maya@example.test", "victor"}, "code": {""}, "redirect_uri": {"http://127.0.0.1:9500/oauth/callback?x=1"},
		"Redirect_URI": {"http://127.0.0.1:9500/oauth/callback?pass=word"},
	})
	for name, want := range map[string]string{
		"grant_type": "refresh_token", "scope": "ads.read ads.write", "code_challenge_method": "S256",
		"token_type_hint": "access_token", "username": "maya@example.test, victor", "code": "", "redirect_uri": "http://127.0.0.1:9500/oauth/callback?…",
		"Redirect_URI": "http://127.0.0.1:9500/oauth/callback?…",
	} {
		if got[name] != want {
			t.Errorf("%s shown as %q, want %q", name, got[name], want)
		}
	}
	if j.Parameters(nil, url.Values{}) != nil {
		t.Error("no members must leave no map")
	}
}

func TestOneRequestCannotFillTheJournal(t *testing.T) {
	j := New(key, 0)
	form := url.Values{"long": {strings.Repeat("ä", 5000)}, strings.Repeat("n", 5000): {"v"}}
	for i := range 500 {
		form.Set("p"+strconv.Itoa(i), "v")
	}
	size := 0
	for name, value := range j.Parameters(form) {
		size += len(name) + len(value)
	}
	if size > maxShown {
		t.Errorf("parameters take %d bytes", size)
	}
	for i := range 60 {
		form.Set("p"+strconv.Itoa(i), strings.Repeat("v", 1000))
	}
	j.Add(control.Exchange{Method: strings.Repeat("M", 5000), Path: strings.Repeat("/", 30_000), ClientID: strings.Repeat("c", 5000), Parameters: j.Parameters(form)})
	document, err := json.Marshal(j.Since(0))
	if err != nil || len(document) > 12<<10 {
		t.Errorf("one exchange takes %d bytes, %v", len(document), err)
	}
}

func TestParallelAddsKeepTheOrder(t *testing.T) {
	j := New(key, 500)
	var wg sync.WaitGroup
	for range 100 {
		wg.Go(func() {
			for range 10 {
				j.Add(control.Exchange{})
				j.Since(0)
			}
		})
	}
	wg.Wait()
	got := j.Since(0)
	if got.Last != 1000 || got.Dropped != 500 || len(got.Exchanges) != 500 {
		t.Fatalf("last %d dropped %d kept %d", got.Last, got.Dropped, len(got.Exchanges))
	}
	for i, e := range got.Exchanges {
		if e.Seq != int64(501+i) {
			t.Fatalf("exchange %d has sequence number %d", i, e.Seq)
		}
	}
}

func BenchmarkAdd(b *testing.B) {
	j := New(key, 0)
	e := control.Exchange{Endpoint: "token", Method: "POST", Path: "/mint/oauth2/token", Status: 200}
	b.ReportAllocs()
	for b.Loop() {
		j.Add(e)
	}
}
