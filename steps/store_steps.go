package steps

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
)

var storeSteps = []definition{
	when(`MINT's (database|log) is searched for what was overheard`, (*world).searchesForTokens),
	when(`MINT's database is searched for {who}'s password`, (*world).searchesForPassword),
	when(`the pages of MINT are searched for what was overheard`, (*world).searchesPages),
	given(`a thief has presented the refresh token that MINT spent`, (*world).thiefReplays),

	then(`no (token|code|password) is found in it`, (*world).nothingFound),
	then(`{her} browser has never called the token endpoint`, (*world).neverCalledTokenEndpoint),
	then(`{her} browser has never carried the client secret`, (*world).neverCarriedSecret),
	then(`{her} browser has called only MINT and the platform`, (*world).calledOnlyUs),
	then(`MINT has never asked {her} for a password`, (*world).neverAskedForPassword),
}

// place is where secrets could lie.
type place string

// search is a heap of bytes and the secrets that may not be in it, by kind.
type search struct {
	where   string
	heap    []byte
	secrets map[secretKind][]string
}

func (w *world) searchesForTokens(ctx context.Context, where place) error {
	heap, err := w.bytesOf(ctx, where)
	if err != nil {
		return err
	}
	return w.searchFor(string(where), heap)
}

func (w *world) bytesOf(ctx context.Context, where place) ([]byte, error) {
	if where == "log" {
		return w.mint.Logs(ctx), nil
	}
	heap, err := w.mint.Database(ctx)
	if err == nil && !bytes.Contains(heap, []byte("SQLite format 3")) {
		err = fmt.Errorf("expected MINT's database, got %d bytes of something else", len(heap))
	}
	return heap, err
}

// searchFor sets the search up for all that was overheard.
func (w *world) searchFor(where string, heap []byte) error {
	if len(heap) == 0 {
		return fmt.Errorf("expected MINT's %s to hold something, it is empty", where)
	}
	w.search = search{where: where, heap: heap, secrets: map[secretKind][]string{}}
	for _, p := range w.platforms {
		if p.ear == nil {
			continue
		}
		w.search.secrets["token"] = append(w.search.secrets["token"], p.ear.tokens()...)
		w.search.secrets["code"] = append(w.search.secrets["code"], p.ear.codes...)
	}
	if len(w.search.secrets["token"]) < 2 {
		return errors.New("expected tokens to have been overheard, there were none")
	}
	return nil
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
	heap, err := w.bytesOf(ctx, "database")
	w.search = search{where: "database", heap: heap, secrets: map[secretKind][]string{"password": {customer.Password}}}
	return err
}

// searchesPages heaps up what MINT gave to the browser: both pages, cookies
// and what scripts could have stored.
func (w *world) searchesPages(ctx context.Context) error {
	v, p, err := w.visiting(ctx, w.acting.who, "")
	if err != nil {
		return err
	}
	var heap bytes.Buffer
	for _, path := range []string{"/", "/connections/" + v.seen[p.profile]} {
		if err := v.session.Goto(ctx, w.mint.URL()+path); err != nil {
			return err
		}
		source, err := v.session.HTML(ctx)
		if err != nil {
			return err
		}
		heap.WriteString(source)
	}
	cookies, err := v.session.Cookies(ctx, w.mint.URL()+"/")
	if err != nil {
		return err
	}
	var stored string
	err = v.session.Eval(ctx, &stored, `() => document.cookie + JSON.stringify({...localStorage}) + JSON.stringify({...sessionStorage})`)
	fmt.Fprintf(&heap, "%+v %s %+v", cookies, stored, v.session.Requests())
	return errors.Join(err, w.searchFor("pages", heap.Bytes()))
}

func (w *world) nothingFound(_ context.Context, what secretKind) error {
	for _, secret := range w.search.secrets[what] {
		for _, spelling := range spellings(secret) {
			if bytes.Contains(w.search.heap, []byte(spelling)) {
				return fmt.Errorf("expected no %s in MINT's %s, found one (of %d characters)", what, w.search.where, len(secret))
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
