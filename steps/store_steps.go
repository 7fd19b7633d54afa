package steps

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
)

var storeSteps = []definition{
	when(`MINT's database, log and pages are searched for what was overheard`, (*world).searchesForTokens),
	when(`MINT's database is searched for {who}'s password`, (*world).searchesForPassword),
	given(`a thief has presented the refresh token that MINT spent`, (*world).thiefReplays),

	then(`no token is found there`, (*world).noTokenFound),
	then(`the database and the log hold no code`, (*world).noCodeFound),
	then(`no password is found there`, (*world).noPasswordFound),
	then(`{her} browser has never called the token endpoint`, (*world).neverCalledTokenEndpoint),
	then(`{her} browser has never carried the client secret`, (*world).neverCarriedSecret),
	then(`{her} browser has called only MINT and the platform`, (*world).calledOnlyUs),
	then(`MINT has never asked {her} for a password`, (*world).neverAskedForPassword),
}

// search is what was searched and the secrets that may not be in it.
type search struct {
	database, log, pages     []byte
	tokens, codes, passwords []string
}

func (w *world) searchesForTokens(ctx context.Context) error {
	p, err := w.platform(ctx, "")
	if err != nil {
		return err
	}
	w.search = search{log: w.mint.Logs(ctx), tokens: p.ear.tokens(), codes: p.ear.codesHeard()}
	if w.search.database, err = w.database(ctx); err != nil {
		return err
	}
	if w.search.pages, err = w.pages(ctx); err != nil {
		return err
	}
	if len(w.search.tokens) < 2 || len(w.search.log) == 0 {
		return fmt.Errorf("expected tokens to be overheard and a log, got %d tokens and %d bytes", len(w.search.tokens), len(w.search.log))
	}
	return nil
}

// database is MINT's database as it lies on the disk.
func (w *world) database(ctx context.Context) ([]byte, error) {
	all, err := w.mint.Database(ctx)
	if err == nil && !bytes.Contains(all, []byte("SQLite format 3")) {
		err = fmt.Errorf("expected MINT's database, got %d bytes of something else", len(all))
	}
	return all, err
}

func (w *world) searchesForPassword(ctx context.Context, who person) error {
	p, err := w.platform(ctx, "")
	if err != nil {
		return err
	}
	customer, err := p.customer(who)
	if err != nil {
		return err
	}
	w.search = search{passwords: []string{customer.Password}}
	w.search.database, err = w.database(ctx)
	return err
}

// pages heaps up what MINT gave to the browser: its pages, its cookies and
// what scripts could have stored.
func (w *world) pages(ctx context.Context) ([]byte, error) {
	v, p, err := w.visiting(ctx, w.acting.who, "")
	if err != nil {
		return nil, err
	}
	var heap bytes.Buffer
	for _, path := range []string{"/", "/connections/" + v.seen[p.profile]} {
		if err := v.session.Goto(ctx, w.mint.URL()+path); err != nil {
			return nil, err
		}
		source, err := v.session.HTML(ctx)
		if err != nil {
			return nil, err
		}
		heap.WriteString(source)
	}
	cookies, err := v.session.Cookies(ctx, w.mint.URL()+"/")
	if err != nil {
		return nil, err
	}
	var stored string
	err = v.session.Eval(ctx, &stored, `() => document.cookie + JSON.stringify({...localStorage}) + JSON.stringify({...sessionStorage})`)
	fmt.Fprintf(&heap, "%+v %s %+v", cookies, stored, v.session.Requests())
	return heap.Bytes(), err
}

func (w *world) noTokenFound(context.Context) error {
	return errors.Join(
		findsNothing("token", "MINT's database", w.search.database, w.search.tokens),
		findsNothing("token", "MINT's log", w.search.log, w.search.tokens),
		findsNothing("token", "MINT's pages", w.search.pages, w.search.tokens),
	)
}

func (w *world) noCodeFound(context.Context) error {
	return errors.Join(
		findsNothing("code", "MINT's database", w.search.database, w.search.codes),
		findsNothing("code", "MINT's log", w.search.log, w.search.codes),
	)
}

func (w *world) noPasswordFound(context.Context) error {
	return findsNothing("password", "MINT's database", w.search.database, w.search.passwords)
}

// findsNothing fails if a secret is in the heap, however it is spelled.
func findsNothing(what, where string, heap []byte, secrets []string) error {
	for _, secret := range secrets {
		for _, spelling := range spellings(secret) {
			if bytes.Contains(heap, []byte(spelling)) {
				return fmt.Errorf("expected no %s in %s, found one (of %d characters)", what, where, len(secret))
			}
		}
	}
	return nil
}

func (w *world) thiefReplays(ctx context.Context) error {
	p, err := w.platform(ctx, "")
	if err != nil {
		return err
	}
	stolen, err := p.ear.firstRefreshToken()
	if err != nil {
		return err
	}
	thief, err := w.newClient(p, factsOf[p.profile].client)
	if err != nil {
		return err
	}
	if err := thief.post(ctx, thief.refreshWith(stolen)); err != nil {
		return err
	}
	return thief.answer.expectError("invalid_grant")
}

func (w *world) neverCalledTokenEndpoint(ctx context.Context) error {
	return w.noRequest(ctx, "of the token endpoint", func(url string, p *platform) bool {
		return strings.HasPrefix(url, p.Endpoints.Token)
	})
}

func (w *world) neverCarriedSecret(ctx context.Context) error {
	return w.noRequest(ctx, "with the client secret", func(url string, p *platform) bool {
		c, err := p.registered(factsOf[p.profile].client)
		return err != nil || strings.Contains(url, c.Secret)
	})
}

func (w *world) calledOnlyUs(ctx context.Context) error {
	return w.noRequest(ctx, "to anybody else", func(url string, p *platform) bool {
		return !strings.HasPrefix(url, p.Issuer+"/") && !strings.HasPrefix(url, w.mint.URL()+"/") && !strings.HasPrefix(url, "data:")
	})
}

// noRequest fails if the browser sent a request, or a Referer, that matches.
func (w *world) noRequest(ctx context.Context, words string, match func(string, *platform) bool) error {
	v, p, err := w.visiting(ctx, w.acting.who, "")
	if err != nil {
		return err
	}
	requests := v.session.Requests()
	if len(requests) == 0 {
		return errors.New("expected the browser to have sent something, it has not")
	}
	for _, r := range requests {
		if match(r.URL, p) || r.Referer != "" && match(r.Referer, p) {
			return fmt.Errorf("expected no request %s, got %s %s", words, r.Method, r.URL)
		}
	}
	return nil
}

func (w *world) neverAskedForPassword(ctx context.Context) error {
	v, p, err := w.visiting(ctx, w.acting.who, "")
	if err != nil {
		return err
	}
	form := w.mint.URL() + "/platforms/" + string(p.profile) + "/password"
	for _, page := range []string{w.mint.URL() + "/", form} {
		if err := v.session.Goto(ctx, page); err != nil {
			return err
		}
		asks, err := v.session.Exists(ctx, "input[type=password]")
		if err != nil {
			return err
		}
		if err := expectEqual("whether "+page+" asks for a password", asks, false); err != nil {
			return err
		}
	}
	return v.answered(form, 404)
}
