package foreign

import (
	"crypto/rand"
	"crypto/subtle"
	"embed"
	"encoding/json"
	"html/template"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync"
	"time"
)

//go:embed page/*.html
var pageFiles embed.FS

var pages = template.Must(template.ParseFS(pageFiles, "page/*.html"))

// engine is the authorization server proper, behind the pages of a site.
type engine interface {
	// ask looks at an authorization request. With ok it is to be decided by the
	// customer; without, the engine has answered it.
	ask(w http.ResponseWriter, r *http.Request) (q question, ok bool)
	// answer tells the client what the customer decided on the request that r
	// repeats.
	answer(w http.ResponseWriter, r *http.Request, d decision)
	// routes adds the endpoints that are the engine's own.
	routes(mux *http.ServeMux)
}

// question is what the consent page asks.
type question struct {
	Client string
	Scopes []string
	Choice bool // whether the customer may leave scopes out
}

// decision is what a customer made of a question.
type decision struct {
	customer string
	allowed  bool
	scopes   []string // that stayed ticked
}

// account is a customer of a site.
type account struct {
	username, password string
	manages            bool // may give others access
}

var accounts = []account{
	{"maya@example.test", "maya-password-1", true},
	{"oskar@example.test", "oskar-password-1", true},
	{"nora@example.test", "nora-password-1", false},
}

// session is a browser's, from its first page on.
type session struct {
	customer *account // nil before the login
	token    string   // that forms of this browser carry
	asked    map[string]string
}

const cookie = "__Host-session"

// site puts pages before an engine. It is used by many requests at once.
type site struct {
	engine engine

	mu       sync.Mutex
	sessions map[string]*session
}

// serve starts a site over TLS.
func serve(build func(issuer string) (engine, error)) (*httptest.Server, error) {
	s := &site{sessions: map[string]*session{}}
	mux := http.NewServeMux()
	server := httptest.NewUnstartedServer(mux)
	server.Config.ReadHeaderTimeout = 10 * time.Second
	server.StartTLS()
	var err error
	if s.engine, err = build(server.URL); err != nil {
		server.Close()
		return nil, err
	}
	mux.HandleFunc("GET /authorize", s.authorize)
	mux.HandleFunc("POST /login", s.login)
	mux.HandleFunc("POST /consent", s.consent)
	s.engine.routes(mux)
	return server, nil
}

// authorize shows whatever stands between a request and its answer.
func (s *site) authorize(w http.ResponseWriter, r *http.Request) {
	q, ok := s.engine.ask(w, r)
	if !ok {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	browser := s.browser(r)
	if browser == nil {
		browser = s.begin(w, nil, map[string]string{})
	}
	id := rand.Text()
	browser.asked[id] = r.URL.RawQuery
	switch {
	case browser.customer == nil:
		show(w, http.StatusOK, "login.html", map[string]any{"Token": browser.token, "Asked": id})
	case !browser.customer.manages:
		show(w, http.StatusForbidden, "message.html", "You may look at this account, and give nobody access to it.")
	default:
		show(w, http.StatusOK, "consent.html", map[string]any{
			"Token": browser.token, "Asked": id, "Client": q.Client, "Scopes": q.Scopes, "Choice": q.Choice, "Customer": browser.customer.username,
		})
	}
}

// login takes name and password, and goes on with what was asked.
func (s *site) login(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	browser, asked := s.form(r)
	if browser == nil {
		show(w, http.StatusForbidden, "message.html", "This page is too old. Go back to the application and begin again.")
		return
	}
	for i, a := range accounts {
		if r.PostForm.Get("username") == a.username && r.PostForm.Get("password") == a.password {
			s.forget(r)
			s.begin(w, &accounts[i], browser.asked)
			http.Redirect(w, r, "/authorize?"+asked, http.StatusSeeOther) //nolint:gosec // stays on this host, whatever asked holds
			return
		}
	}
	show(w, http.StatusUnauthorized, "login.html", map[string]any{
		"Token": browser.token, "Asked": r.PostForm.Get("asked"), "Wrong": true,
	})
}

// consent takes the decision.
func (s *site) consent(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	browser, asked := s.form(r)
	s.mu.Unlock()
	if browser == nil || browser.customer == nil || !browser.customer.manages {
		show(w, http.StatusForbidden, "message.html", "Log in first, and decide on the page that you are shown then.")
		return
	}
	d := decision{customer: browser.customer.username, allowed: r.PostForm.Get("decision") == "allow", scopes: r.PostForm["scope"]}
	again := r.Clone(r.Context())
	again.Method, again.Body = http.MethodGet, http.NoBody
	again.URL = &url.URL{Path: "/authorize", RawQuery: asked}
	again.Form, again.PostForm = nil, nil
	s.engine.answer(w, again, d)
}

// form reads a form and the query of the request that it is about; a nil
// session means that the form is not from a page of this browser.
func (s *site) form(r *http.Request) (browser *session, asked string) {
	if r.ParseForm() != nil {
		return nil, ""
	}
	browser = s.browser(r)
	if browser == nil || subtle.ConstantTimeCompare([]byte(r.PostForm.Get("token")), []byte(browser.token)) == 0 {
		return nil, ""
	}
	asked, known := browser.asked[r.PostForm.Get("asked")]
	if !known {
		return nil, ""
	}
	return browser, asked
}

func (s *site) browser(r *http.Request) *session {
	c, err := r.Cookie(cookie)
	if err != nil {
		return nil
	}
	return s.sessions[c.Value]
}

func (s *site) forget(r *http.Request) {
	if c, err := r.Cookie(cookie); err == nil {
		delete(s.sessions, c.Value)
	}
}

func (s *site) begin(w http.ResponseWriter, customer *account, asked map[string]string) *session {
	id, browser := rand.Text(), &session{customer: customer, token: rand.Text(), asked: asked}
	s.sessions[id] = browser
	http.SetCookie(w, &http.Cookie{Name: cookie, Value: id, Path: "/", Secure: true, HttpOnly: true, SameSite: http.SameSiteLaxMode})
	return browser
}

// show writes a page.
func show(w http.ResponseWriter, status int, name string, data any) {
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'; form-action *; base-uri 'none'")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_ = pages.ExecuteTemplate(w, name, data) // the browser has gone
}

// reply writes JSON.
func reply(w http.ResponseWriter, status int, value any) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(value) // the client has gone
}
