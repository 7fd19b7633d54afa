package checks

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"sync"

	"github.com/mint-conformance/mint/steps/exchange"
	"github.com/mint-conformance/mint/steps/target"
)

// issued are the tokens that a server in use has given to its test clients
// during a run: what a customer has consented to is ended only when all of the
// grants are that checks have left behind. It is safe for concurrent use.
type issued struct {
	mu     sync.Mutex
	tokens map[string][]string // by client_id, oldest first
}

// note takes the tokens out of the answers of a check. A refresh token that
// another took the place of is none to remember.
func (i *issued) note(all []exchange.Exchange) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.tokens == nil {
		i.tokens = map[string][]string{}
	}
	for _, e := range all {
		client, token := grantOf(e)
		if token == "" {
			continue
		}
		form, _ := url.ParseQuery(e.RequestBody) // as below
		spent := form.Get("refresh_token")
		i.tokens[client] = append(slices.DeleteFunc(i.tokens[client], func(t string) bool { return t == spent || t == token }), token)
	}
}

// take answers what the client was given, and forgets it.
func (i *issued) take(client string) []string {
	i.mu.Lock()
	defer i.mu.Unlock()
	all := i.tokens[client]
	delete(i.tokens, client)
	return all
}

// grantOf is the token of an answer by which its grant is ended, and the client
// that has it: the refresh token, or else the access token.
func grantOf(e exchange.Exchange) (client, token string) {
	if !e.Tokens() {
		return "", ""
	}
	if client = e.BasicID; client == "" {
		form, _ := url.ParseQuery(e.RequestBody) // one that cannot be read has no client
		client = form.Get("client_id")
	}
	if token = e.Text("refresh_token"); token == "" {
		token = e.Text("access_token")
	}
	return client, token
}

// Tidy revokes what a server in use has given to its test clients during the
// run, where it can be revoked and grants may be ended: whoever runs the checks
// again finds the server as before, and no test account collects grants. say
// hears what takes so long, and of what could not be revoked.
func (s *Suite) Tidy(ctx context.Context, of *target.Target, say func(sentence string)) {
	if of == nil || of.Mock != nil || !of.Has("revocation") || !of.Allow.EndsGrants {
		return
	}
	t := &trial{suite: s, target: of, send: &exchange.Client{HTTP: of.HTTP, Agent: "MINT-Conformance (tidying up)", Now: s.Now, Before: of.Before}}
	held, left := map[*target.Client][]string{}, 0
	for _, client := range of.Clients.All() {
		held[client] = s.issued.take(client.ID)
		left += len(held[client])
	}
	if left == 0 {
		return
	}
	say(fmt.Sprintf("revoking what the run was given (tokens: %d)", left))
	for client, tokens := range held {
		for _, token := range tokens {
			if e, err := t.revoke(ctx, "revoke what the run was given", client, token, ""); err == nil && e.Status == http.StatusOK {
				left--
			}
		}
	}
	if left > 0 {
		say(fmt.Sprintf("tokens of this run that could not be revoked: %d; they end by themselves", left))
	}
}
