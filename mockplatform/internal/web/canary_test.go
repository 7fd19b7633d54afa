package web_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/mint-conformance/mint/mockplatform"
	"github.com/mint-conformance/mint/mockplatform/control"
)

// canaryParameters are names of every parameter that some endpoint reads, and
// some that clients invent.
var canaryParameters = []string{
	"grant_type", "response_type", "response_mode", "client_id", "client_secret", "redirect_uri", "scope", "state", "nonce",
	"code", "code_verifier", "code_challenge", "code_challenge_method", "refresh_token", "access_token", "token",
	"token_type_hint", "username", "password", "client_assertion", "client_assertion_type", "assertion", "request",
	"request_uri", "subject_token", "id_token_hint", "login_hint", "prompt", "display", "max_age", "ui_locales",
	"csrf", "decision", "customer", "from", "to", "status", "name", "website", "description", "contact", "logo", "device_code",
	"x-api_key", "foo",
}

var canaryMembers = []string{
	"client_name", "client_uri", "redirect_uris", "grant_types", "token_endpoint_auth_method", "scope", "software_statement",
	"client_secret", "client_id", "jwks", "contacts", "logo_uri", "daily_budget_cents", "status", "name", "website", "foo",
}

var canaryHeaders = []string{
	"Authorization", "Cookie", "Referer", "User-Agent", "X-Api-Key", "X-Forwarded-For", "X-Request-Id", "Content-Type", "Accept-Language", "Origin", "Proxy-Authorization", "Dpop",
}

// marker begins every canary; a value that begins like this changes between
// letters, capitals and digits and so is one that must not be shown.
const marker = "cNry7xFq"

// canaries hands out values that look like secrets, each known by its field.
type canaries struct {
	planted map[string]string // value → field
}

func (c *canaries) plant(field string) string {
	value := fmt.Sprintf("%s%05dZ", marker, len(c.planted))
	c.planted[value] = field
	return value
}

// base64Forms are how the marker looks inside base64, by what stands before it.
var base64Forms = func() []string {
	forms := []string{}
	for shift := range 3 {
		encoded := base64.RawStdEncoding.EncodeToString([]byte(strings.Repeat(":", shift) + marker))
		forms = append(forms, encoded[(shift*8+5)/6:len(marker)*8/6])
	}
	return forms
}()

var canaryForm = regexp.MustCompile(`(?i)` + marker + `\d{5}z`)

// scan looks for canaries in text: raw, in any case, and in base64. (Nothing in
// a canary changes when it is URL-encoded.)
func (c *canaries) scan(t *testing.T, where, text string) {
	t.Helper()
	for _, found := range canaryForm.FindAllStringIndex(text, 5) {
		field := c.planted[text[found[0]:found[1]]]
		t.Errorf("%s holds what was planted in %s: …%s…", where, field, text[max(0, found[0]-60):min(len(text), found[1]+40)])
	}
	for _, form := range base64Forms {
		if at := strings.Index(text, form); at >= 0 {
			t.Errorf("%s holds a canary in base64: …%s…", where, text[max(0, at-60):min(len(text), at+60)])
		}
	}
}

// The scanner finds what it is for.
func TestCanariesAreFound(t *testing.T) {
	planted := &canaries{planted: map[string]string{}}
	value := planted.plant("x")
	for _, before := range []string{"", "a", "ab", "abc", "service-mint:"} {
		if !canaryForm.MatchString(before + value) {
			t.Errorf("%s%s is not found", before, value)
		}
		for _, encoding := range []*base64.Encoding{base64.StdEncoding, base64.RawURLEncoding} {
			if !slices.ContainsFunc(base64Forms, func(form string) bool { return strings.Contains(encoding.EncodeToString([]byte(before+value)), form) }) {
				t.Errorf("%s%s in base64 is not found", before, value)
			}
		}
	}
}

// lockedBuffer is a log that is written from many goroutines.
type lockedBuffer struct {
	mu  sync.Mutex
	out bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.out.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.out.String()
}

// No secret comes out, wherever a client puts it: canaries in every parameter,
// header, path and JSON member of every endpoint, and then nothing of them in
// journal, exports, log and error answers.
func TestNoCanaryComesOut(t *testing.T) {
	log := &lockedBuffer{}
	cfg := mockplatform.Default()
	cfg.Listen, cfg.Control = "127.0.0.1:0", "127.0.0.1:0"
	cfg.Platforms = []mockplatform.Hosted{{Profile: "mindbaz"}}
	cfg.Logger = slog.New(slog.NewTextHandler(log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	server, err := mockplatform.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.Close() })
	everything := control.CreatePlatform{Profile: "service", Name: "everything", JournalBodies: true, Settings: []byte(`{
		"registration": {"mode": "dcr", "extra_fields": []}, "authorize": {"par": true, "response_modes": ["query", "form_post"]},
		"access_token": {"format": "jwt", "alg": "ES256"}, "introspection": true, "revocation": true
	}`)}
	if made, err := server.Control().CreatePlatform(t.Context(), everything); err != nil || made.Endpoints.Register == "" || made.Endpoints.JWKS == "" || made.Endpoints.PAR == "" {
		t.Fatalf("%+v, %v", made.Endpoints, err)
	}
	planted := &canaries{planted: map[string]string{}}
	client := newWireClient(t)
	for _, name := range server.Platforms() {
		p := described(t, server, name)
		for _, target := range addresses(p) {
			plantAt(t, client, planted, p, target)
		}
	}
	for _, name := range server.Platforms() {
		found, err := server.Control().Journal(t.Context(), name, 0, 0)
		if err != nil || len(found.Exchanges) < 100 {
			t.Fatalf("%s: %d exchanges, %v", name, len(found.Exchanges), err)
		}
		document, err := json.Marshal(found)
		if err != nil {
			t.Fatal(err)
		}
		planted.scan(t, "the journal of "+name, string(document))
		for _, format := range []string{control.FormatNDJSON, control.FormatHAR} {
			export, err := server.Control().ExportJournal(t.Context(), name, control.JournalFilter{}, format)
			if err != nil || len(export) < 10_000 {
				t.Fatalf("%s as %s: %d bytes, %v", name, format, len(export), err)
			}
			planted.scan(t, name+" as "+format, string(export))
		}
	}
	planted.scan(t, "the log", log.String())
	if len(planted.planted) < 1000 || len(log.String()) < 10_000 {
		t.Errorf("only %d canaries and %d bytes of log: this proves little", len(planted.planted), len(log.String()))
	}
}

// addresses are all endpoints of a Platform, and one that is none.
func addresses(p control.Platform) []string {
	out := []string{p.Issuer + "/", p.Issuer + "/login", p.Issuer + "/consent", p.Issuer + "/logout", p.Issuer + "/nothing", p.Endpoints.Campaigns + "/c-101"}
	endpoints := reflect.ValueOf(p.Endpoints)
	for i := range endpoints.NumField() {
		if address := endpoints.Field(i).String(); address != "" {
			out = append(out, address)
		}
	}
	return out
}

// plantAt sends requests to one address, with a canary in each field.
func plantAt(t *testing.T, client wireClient, planted *canaries, p control.Platform, target string) {
	t.Helper()
	send := func(field, method, target, body string, headers ...string) {
		t.Helper()
		value := planted.plant(method + " " + target + " " + field)
		fill := func(text, with string) string { return strings.ReplaceAll(text, "CANARY", with) }
		filled := make([]string, 0, len(headers))
		for i, header := range headers {
			if i%2 == 1 {
				header = fill(header, value)
			}
			filled = append(filled, header)
		}
		request, err := http.NewRequestWithContext(t.Context(), method, fill(target, value), strings.NewReader(fill(body, value)))
		if err != nil {
			t.Fatal(err)
		}
		for i := 0; i+1 < len(filled); i += 2 {
			request.Header.Set(filled[i], filled[i+1])
		}
		response, err := client.http.Do(request)
		if err != nil {
			t.Fatalf("%s %s: %v", method, target, err)
		}
		defer response.Body.Close()
		answer, err := io.ReadAll(response.Body)
		if err != nil {
			t.Fatal(err)
		}
		// The form gives people back what they typed as their username, and a
		// redirect gives clients back their state; both are meant to.
		if location, err := url.Parse(response.Header.Get("Location")); err == nil && location.Query().Has("error_description") {
			planted.scan(t, "the error in the redirect", location.Query().Get("error_description"))
		}
		if response.StatusCode >= 400 && field != "form username" {
			planted.scan(t, "the error answer", string(answer)+fmt.Sprint(response.Header))
		}
	}
	form := []string{"Content-Type", "application/x-www-form-urlencoded"}
	base := url.Values{"client_id": {p.Clients[0].ID}, "client_secret": {p.Clients[0].Secret}, "redirect_uri": {callback}, "response_type": {"code"}, "scope": {"ads.read"}, "grant_type": {"authorization_code"}, "code": {"none"}}
	for _, name := range canaryParameters {
		values := url.Values{}
		for key, value := range base {
			values[key] = value
		}
		values.Set(name, "CANARY")
		send("query "+name, http.MethodGet, target+"?"+values.Encode(), "")
		send("form "+name, http.MethodPost, target, values.Encode(), form...)
		send("query of a POST "+name, http.MethodPost, target+"?"+url.Values{name: {"CANARY"}}.Encode(), base.Encode(), form...)
	}
	send("parameter name", http.MethodPost, target+"?CANARY=1", "CANARY2=1", form...)
	for _, name := range canaryMembers {
		send("member "+name, http.MethodPost, target, `{"`+name+`":"CANARY"}`, "Content-Type", "application/json")
		send("member "+name, http.MethodPatch, target, `{"`+name+`":["CANARY"]}`, "Content-Type", "application/json")
	}
	send("member name", http.MethodPatch, target, `{"CANARY":1}`, "Content-Type", "application/json")
	for _, name := range canaryHeaders {
		send("header "+name, http.MethodPost, target, base.Encode(), append(form, name, "CANARY")...)
		send("header "+name, http.MethodGet, target, "", name, "CANARY=CANARY; CANARY")
	}
	send("Bearer", http.MethodGet, target, "", "Authorization", "Bearer CANARY")
	send("path", http.MethodGet, strings.TrimRight(target, "/")+"/CANARY", "")
	send("path", http.MethodDelete, strings.TrimRight(target, "/")+"/CANARY/x", "")
	basic := planted.plant(target + " Basic password")
	client.send(http.MethodPost, target, base.Encode(), append(form, "Authorization", "Basic "+base64.StdEncoding.EncodeToString([]byte(p.Clients[0].ID+":"+basic)))...)
}
