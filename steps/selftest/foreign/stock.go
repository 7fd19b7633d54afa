package foreign

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/go-oauth2/oauth2/v4"
	stockerrors "github.com/go-oauth2/oauth2/v4/errors"
	"github.com/go-oauth2/oauth2/v4/manage"
	"github.com/go-oauth2/oauth2/v4/models"
	"github.com/go-oauth2/oauth2/v4/server"
	"github.com/go-oauth2/oauth2/v4/store"
)

// stockServer is an engine on the manager and server of go-oauth2, put together
// as that library's README does. Only what the README leaves open is ours: who
// the customer is, and a resource, guarded as the library's example guards one.
type stockServer struct {
	server *server.Server
	// spelt has the API mend the scheme of Authorization headers, so that what
	// is wrong behind that can be seen.
	spelt bool
}

// newStock makes the engine.
func newStock(virtual *clock) (*stockServer, error) {
	tokens, err := store.NewMemoryTokenStore()
	if err != nil {
		return nil, err
	}
	manager := manage.NewDefaultManager()
	manager.MapTokenStorage(&ageing{TokenStore: tokens, clock: virtual})
	clients := store.NewClientStore()
	for _, c := range stockClients() {
		if err := clients.Set(c.ID, c); err != nil {
			return nil, err
		}
	}
	manager.MapClientStorage(clients)
	s := &stockServer{server: server.NewDefaultServer(manager)}
	s.server.SetAllowGetAccessRequest(true)
	s.server.SetClientInfoHandler(server.ClientFormHandler)
	s.server.UserAuthorizationHandler = decided
	return s, nil
}

// specialSecret has characters that are encoded in Basic credentials (RFC 6749
// section 2.3.1).
const specialSecret = "foreign:special%20+/ secret"

// stockClients have a domain each: the library knows no redirect URIs.
func stockClients() []*models.Client {
	return []*models.Client{
		{ID: "app", Secret: "foreign-app-secret", Domain: "https://client.example"},
		{ID: "other", Secret: "foreign-other-secret", Domain: "https://other.example"},
		{ID: "machine", Secret: "foreign-machine-secret"},
		{ID: "special", Secret: specialSecret, Domain: "https://client.example"},
		{ID: "open", Domain: "https://open.example", Public: true},
	}
}

type deciding struct{}

// verdict is handed to the library's UserAuthorizationHandler by the request's
// context; asked notes that it was called without one.
type verdict struct {
	decision *decision
	asked    bool
}

// decided is the README's UserAuthorizationHandler, with a customer behind it.
func decided(_ http.ResponseWriter, r *http.Request) (string, error) {
	v, _ := r.Context().Value(deciding{}).(*verdict)
	switch {
	case v == nil:
		return "", errors.New("nobody was asked")
	case v.decision == nil:
		v.asked = true
		return "", nil // a page follows
	case !v.decision.allowed:
		return "", stockerrors.ErrAccessDenied
	}
	return v.decision.customer, nil
}

// ask implements engine.
func (s *stockServer) ask(w http.ResponseWriter, r *http.Request) (question, bool) {
	v := &verdict{}
	s.authorize(w, r.WithContext(context.WithValue(r.Context(), deciding{}, v)))
	return question{Client: r.FormValue("client_id"), Scopes: strings.Fields(r.FormValue("scope"))}, v.asked
}

// answer implements engine.
func (s *stockServer) answer(w http.ResponseWriter, r *http.Request, d decision) {
	s.authorize(w, r.WithContext(context.WithValue(r.Context(), deciding{}, &verdict{decision: &d})))
}

// authorize is the README's handler.
func (s *stockServer) authorize(w http.ResponseWriter, r *http.Request) {
	if err := s.server.HandleAuthorizeRequest(w, r); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
	}
}

// routes implements engine.
func (s *stockServer) routes(mux *http.ServeMux) {
	mux.HandleFunc("/token", func(w http.ResponseWriter, r *http.Request) {
		_ = s.server.HandleTokenRequest(w, r) // as the README does
	})
	mux.HandleFunc("/test", func(w http.ResponseWriter, r *http.Request) {
		scheme, rest, _ := strings.Cut(r.Header.Get("Authorization"), " ")
		if s.spelt && strings.EqualFold(scheme, "Bearer") {
			r.Header.Set("Authorization", "Bearer "+rest)
		}
		token, err := s.server.ValidationBearerToken(r)
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		reply(w, http.StatusOK, map[string]any{"client_id": token.GetClientID(), "user_id": token.GetUserID()})
	})
}

// ageing is the store of the stock server. It adds nothing but age, and the
// time that a store behind a network takes: who reads a code or a refresh token
// waits for a second reader, briefly.
type ageing struct {
	oauth2.TokenStore
	clock *clock

	mu      sync.Mutex
	readers map[string]chan struct{}
}

// latency is how long a reader waits for another.
const latency = 25 * time.Millisecond

// together lets two readers of one key go on at the same instant.
func (a *ageing) together(key string) {
	a.mu.Lock()
	if a.readers == nil {
		a.readers = map[string]chan struct{}{}
	}
	other, waiting := a.readers[key]
	if waiting {
		delete(a.readers, key)
		a.mu.Unlock()
		close(other)
		return
	}
	second := make(chan struct{})
	a.readers[key] = second
	a.mu.Unlock()
	timer := time.NewTimer(latency)
	defer timer.Stop()
	select {
	case <-second:
	case <-timer.C:
		a.mu.Lock()
		defer a.mu.Unlock()
		if a.readers[key] == second {
			delete(a.readers, key)
		}
	}
}

// Create implements oauth2.TokenStore.
func (a *ageing) Create(ctx context.Context, t oauth2.TokenInfo) error {
	shift(t, a.clock.ahead())
	defer shift(t, -a.clock.ahead())
	return a.TokenStore.Create(ctx, t)
}

// GetByCode implements oauth2.TokenStore.
func (a *ageing) GetByCode(ctx context.Context, code string) (oauth2.TokenInfo, error) {
	t, err := a.TokenStore.GetByCode(ctx, code)
	a.together("code " + code)
	return a.aged(t, err)
}

// GetByRefresh implements oauth2.TokenStore.
func (a *ageing) GetByRefresh(ctx context.Context, refresh string) (oauth2.TokenInfo, error) {
	t, err := a.TokenStore.GetByRefresh(ctx, refresh)
	a.together("refresh " + refresh)
	return a.aged(t, err)
}

// GetByAccess implements oauth2.TokenStore.
func (a *ageing) GetByAccess(ctx context.Context, access string) (oauth2.TokenInfo, error) {
	return a.aged(a.TokenStore.GetByAccess(ctx, access))
}

func (a *ageing) aged(t oauth2.TokenInfo, err error) (oauth2.TokenInfo, error) {
	if err == nil && t != nil {
		shift(t, -a.clock.ahead())
	}
	return t, err
}

// shift moves the births of what a token stands for.
func shift(t oauth2.TokenInfo, d time.Duration) {
	t.SetCodeCreateAt(t.GetCodeCreateAt().Add(d))
	t.SetAccessCreateAt(t.GetAccessCreateAt().Add(d))
	t.SetRefreshCreateAt(t.GetRefreshCreateAt().Add(d))
}
