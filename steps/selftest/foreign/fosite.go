package foreign

import (
	"context"
	"crypto/rand"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/ory/fosite"
	"github.com/ory/fosite/compose"
	"github.com/ory/fosite/storage"
	"golang.org/x/crypto/bcrypt"
)

// fositeServer is an engine on ory/fosite: code grant with PKCE, refresh, client
// credentials, revocation and introspection, all in memory.
type fositeServer struct {
	provider fosite.OAuth2Provider
	clock    *clock
	issuer   string
	// turn lets one token request at a time through: fosite takes single use
	// from the transactions of its storage, and the one in memory has none.
	turn sync.Mutex
}

// fositeSession ages what it holds with the clock.
type fositeSession struct {
	*fosite.DefaultSession
	clock *clock
}

// SetExpiresAt implements fosite.Session.
func (s *fositeSession) SetExpiresAt(key fosite.TokenType, end time.Time) {
	s.DefaultSession.SetExpiresAt(key, end.Add(s.clock.ahead()))
}

// GetExpiresAt implements fosite.Session.
func (s *fositeSession) GetExpiresAt(key fosite.TokenType) time.Time {
	end := s.DefaultSession.GetExpiresAt(key)
	if end.IsZero() {
		return end
	}
	return end.Add(-s.clock.ahead())
}

// Clone implements fosite.Session.
func (s *fositeSession) Clone() fosite.Session {
	inner := *s.DefaultSession
	inner.ExpiresAt = maps.Clone(inner.ExpiresAt)
	return &fositeSession{&inner, s.clock}
}

func (f *fositeServer) session(customer string) *fositeSession {
	return &fositeSession{&fosite.DefaultSession{Username: customer, Subject: customer, ExpiresAt: map[fosite.TokenType]time.Time{}}, f.clock}
}

// The lives of what the fosite server issues.
const (
	fositeCode    = time.Minute
	fositeAccess  = 20 * time.Minute
	fositeRefresh = 30 * 24 * time.Hour
)

var fositeScopes = []string{"ads.read", "ads.write"}

// newFosite makes the engine.
func newFosite(issuer string, virtual *clock) (*fositeServer, error) {
	secret := make([]byte, 32)
	_, _ = rand.Read(secret) // never fails
	config := &fosite.Config{
		AuthorizeCodeLifespan: fositeCode, AccessTokenLifespan: fositeAccess, RefreshTokenLifespan: fositeRefresh,
		RefreshTokenScopes:          []string{}, // refresh tokens for all
		EnforcePKCEForPublicClients: true,
		ScopeStrategy:               fosite.ExactScopeStrategy,
		HashCost:                    bcrypt.MinCost,
		GlobalSecret:                secret,
	}
	store := storage.NewMemoryStore()
	for _, c := range fositeClients() {
		hash, err := bcrypt.GenerateFromPassword([]byte(c.secret), bcrypt.MinCost)
		if err != nil {
			return nil, err
		}
		store.Clients[c.id] = &fosite.DefaultClient{
			ID: c.id, Secret: hash, Public: c.secret == "", RedirectURIs: c.redirects,
			GrantTypes: c.grants, ResponseTypes: []string{"code"}, Scopes: c.scopes,
		}
	}
	return &fositeServer{clock: virtual, issuer: issuer, provider: compose.Compose(
		config, store, compose.NewOAuth2HMACStrategy(config),
		compose.OAuth2AuthorizeExplicitFactory, compose.OAuth2PKCEFactory, compose.OAuth2RefreshTokenGrantFactory,
		compose.OAuth2ClientCredentialsGrantFactory, compose.OAuth2TokenRevocationFactory, compose.OAuth2TokenIntrospectionFactory,
	)}, nil
}

// registration is a client of a site.
type registration struct {
	id, secret     string
	redirects      []string
	grants, scopes []string
}

func fositeClients() []registration {
	code := []string{"authorization_code", "refresh_token"}
	return []registration{
		{"app", "foreign:app%20+/ secret", []string{"https://client.example/callback"}, code, fositeScopes},
		{"other", "foreign-other-secret", []string{"https://other.example/callback"}, code, fositeScopes},
		{"two", "foreign-two-secret", []string{"https://two.example/first", "https://two.example/second"}, code, fositeScopes},
		{"query", "foreign-query-secret", []string{"https://query.example/callback?tenant=7"}, code, fositeScopes},
		{"open", "", []string{"https://open.example/callback"}, code, fositeScopes},
		{"native", "", []string{"http://127.0.0.1/callback"}, code, fositeScopes},
		{"machine", "foreign-machine-secret", nil, []string{"client_credentials"}, fositeScopes[:1]},
	}
}

// ask implements engine.
func (f *fositeServer) ask(w http.ResponseWriter, r *http.Request) (question, bool) {
	request, err := f.provider.NewAuthorizeRequest(r.Context(), r)
	switch {
	case err != nil && request.IsRedirectURIValid():
		f.provider.WriteAuthorizeError(r.Context(), w, request, err)
	case err != nil:
		show(w, http.StatusBadRequest, "message.html", "The application has sent you here with a request that cannot be understood.")
	}
	if err != nil {
		return question{}, false
	}
	return question{request.GetClient().GetID(), request.GetRequestedScopes(), true}, true
}

// answer implements engine.
func (f *fositeServer) answer(w http.ResponseWriter, r *http.Request, d decision) {
	ctx := r.Context()
	request, err := f.provider.NewAuthorizeRequest(ctx, r)
	if err == nil && !d.allowed {
		err = fosite.ErrAccessDenied
	}
	if err != nil {
		f.provider.WriteAuthorizeError(ctx, w, request, err)
		return
	}
	for _, scope := range request.GetRequestedScopes() {
		if slices.Contains(d.scopes, scope) {
			request.GrantScope(scope)
		}
	}
	response, err := f.provider.NewAuthorizeResponse(ctx, request, f.session(d.customer))
	if err != nil {
		f.provider.WriteAuthorizeError(ctx, w, request, err)
		return
	}
	f.provider.WriteAuthorizeResponse(ctx, w, request, response)
}

// routes implements engine.
func (f *fositeServer) routes(mux *http.ServeMux) {
	mux.HandleFunc("/token", f.token)
	mux.HandleFunc("/revoke", func(w http.ResponseWriter, r *http.Request) {
		f.provider.WriteRevocationResponse(r.Context(), w, f.provider.NewRevocationRequest(r.Context(), r))
	})
	mux.HandleFunc("/introspect", func(w http.ResponseWriter, r *http.Request) {
		answer, err := f.provider.NewIntrospectionRequest(r.Context(), r, f.session(""))
		if err != nil {
			f.provider.WriteIntrospectionError(r.Context(), w, err)
			return
		}
		f.provider.WriteIntrospectionResponse(r.Context(), w, answer)
	})
	mux.HandleFunc("GET /.well-known/oauth-authorization-server", f.metadata)
	mux.HandleFunc("/api/campaigns", f.campaigns)
}

func (f *fositeServer) token(w http.ResponseWriter, r *http.Request) {
	f.turn.Lock()
	defer f.turn.Unlock()
	ctx := r.Context()
	request, err := f.provider.NewAccessRequest(ctx, r, f.session(""))
	if err == nil && request.GetGrantTypes().ExactOne("client_credentials") {
		for _, scope := range request.GetRequestedScopes() {
			request.GrantScope(scope)
		}
	}
	if err == nil {
		var response fosite.AccessResponder
		if response, err = f.provider.NewAccessResponse(ctx, request); err == nil {
			f.provider.WriteAccessResponse(ctx, w, request, response)
			return
		}
	}
	f.provider.WriteAccessError(ctx, w, request, err)
}

func (f *fositeServer) metadata(w http.ResponseWriter, _ *http.Request) {
	reply(w, http.StatusOK, map[string]any{
		"issuer": f.issuer, "authorization_endpoint": f.issuer + "/authorize", "token_endpoint": f.issuer + "/token",
		"revocation_endpoint": f.issuer + "/revoke", "introspection_endpoint": f.issuer + "/introspect",
		"response_types_supported": []string{"code"}, "code_challenge_methods_supported": []string{"S256"},
		"grant_types_supported":                 []string{"authorization_code", "refresh_token", "client_credentials"},
		"token_endpoint_auth_methods_supported": []string{"client_secret_basic", "client_secret_post", "none"},
		"scopes_supported":                      fositeScopes,
	})
}

// campaigns is the API: customers' tokens read, those with ads.write change.
func (f *fositeServer) campaigns(w http.ResponseWriter, r *http.Request) {
	scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "Bearer") {
		w.Header().Set("WWW-Authenticate", `Bearer realm="ads"`)
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	kind, request, err := f.provider.IntrospectToken(context.WithoutCancel(r.Context()), token, fosite.AccessToken, f.session(""))
	if err != nil || kind != fosite.AccessToken {
		w.Header().Set("WWW-Authenticate", `Bearer realm="ads", error="invalid_token"`)
		reply(w, http.StatusUnauthorized, map[string]any{"error": "invalid_token"})
		return
	}
	need := "ads.read"
	if r.Method != http.MethodGet {
		need = "ads.write"
	}
	customer := request.GetSession().GetSubject()
	if customer == "" || !request.GetGrantedScopes().Has(need) {
		w.Header().Set("WWW-Authenticate", `Bearer realm="ads", error="insufficient_scope", scope="`+need+`"`)
		reply(w, http.StatusForbidden, map[string]any{"error": "insufficient_scope"})
		return
	}
	reply(w, http.StatusOK, map[string]any{"customer": customer, "campaigns": []string{"spring", "autumn"}})
}
