package partner

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/mint-conformance/mint/steps/target"
)

// maxSkew is how far the server's clock may be off before verdicts on
// lifetimes say nothing. HTTP tells whole seconds, and caches may hold an
// answer for a while.
const maxSkew = 2 * time.Minute

// Options are how to connect.
type Options struct {
	Now   func() time.Time
	Sleep func(ctx context.Context, d time.Duration) error
	// GoOn keeps a bad certificate fast and goes on with it; TL-02 tells of it.
	// Otherwise it is a Trouble like others.
	GoOn bool
	// Tell is told each step that went well; may be nil.
	Tell func(step string)
}

// Partner is a server that was reached and described.
type Partner struct {
	Document *Document
	Metadata *Metadata // nil if it has none
	Target   *target.Target
	// Notes are remarks for the person: a bad certificate that is held fast,
	// features on which file and metadata differ.
	Notes []string

	contact *contact
}

// Connect reaches the server, reads its metadata and describes it as a target.
// A *Trouble says what to mend first.
func Connect(ctx context.Context, d *Document, o Options) (*Partner, error) {
	if o.Tell == nil {
		o.Tell = func(string) {}
	}
	c, err := d.contact(o.Now)
	if err != nil {
		return nil, err
	}
	p := &Partner{Document: d, contact: c}
	reached := []string{}
	reachAll := func(addresses []string) error {
		for _, address := range addresses {
			if at := origin(address); !slices.Contains(reached, at) {
				if err := p.reach(ctx, at, o); err != nil {
					return err
				}
				reached = append(reached, at)
			}
		}
		return nil
	}
	if err := reachAll(d.addresses()); err != nil {
		return nil, err
	}
	if err := p.describe(ctx, o); err != nil {
		return nil, err
	}
	e := p.Target.Endpoints
	if err := reachAll(slices.DeleteFunc([]string{e.Token, e.Authorize, e.Revoke, e.Introspect, e.PAR, e.JWKS}, func(a string) bool { return a == "" })); err != nil {
		return nil, err
	}
	p.Target.HTTP, p.Target.Roots, p.Target.OwnAuthority = c.http, c.roots, d.CAFile != "" || len(c.bad) > 0
	rate := defaultRate
	if d.Rate != nil {
		rate = *d.Rate
	}
	polite := &pace{gap: time.Duration(float64(time.Second) / rate), now: o.Now, sleep: o.Sleep}
	p.Target.Before = polite.wait
	p.Know(nil)
	return p, nil
}

// reach asks one host for anything: name, network, certificate and clock.
func (p *Partner) reach(ctx context.Context, at string, o Options) error {
	response, err := p.contact.get(ctx, http.MethodHead, at)
	if err != nil && ctx.Err() == nil && o.GoOn && certificateTrouble("", err) != nil {
		bad := troubleOf(at, err)
		p.Notes = append(p.Notes, bad.Cause+"; the run goes on with this very certificate, and TL-02 judges it")
		p.contact.pin(at, err)
		response, err = p.contact.get(ctx, http.MethodHead, at)
	}
	if err != nil {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		return troubleOf(at, err)
	}
	_ = response.Body.Close() // a HEAD answer has none
	o.Tell(fmt.Sprintf("%s answers%s", strings.TrimSuffix(at, "/"), protocol(response)))
	date, err := http.ParseTime(response.Header.Get("Date"))
	if err != nil {
		return nil // nothing is said about the clock
	}
	ahead := date.Sub(o.Now()).Round(time.Second)
	if ahead > maxSkew || ahead < -maxSkew {
		return &Trouble{
			fmt.Sprintf("the clock of %s is %s", strings.TrimSuffix(at, "/"), apart(ahead)),
			"set the clocks of the server and of this machine by NTP: verdicts on lifetimes would say nothing", Surroundings,
		}
	}
	return nil
}

func protocol(r *http.Response) string {
	if r.TLS == nil {
		return " over plain HTTP"
	}
	return " over TLS with a certificate that holds until " + r.TLS.PeerCertificates[0].NotAfter.UTC().Format("2006-01-02")
}

func apart(ahead time.Duration) string {
	if ahead < 0 {
		return fmt.Sprintf("%s behind that of this machine", -ahead)
	}
	return fmt.Sprintf("%s ahead of that of this machine", ahead)
}

// describe reads the metadata and makes the target.
func (p *Partner) describe(ctx context.Context, o Options) error {
	d := p.Document
	places := []string{}
	switch {
	case d.Endpoints.Metadata != "":
		places = []string{d.Endpoints.Metadata}
	case d.Issuer != "":
		places = metadataURLs(d.Issuer)
	}
	var err error
	if p.Metadata, err = p.contact.metadata(ctx, places); err != nil {
		return err
	}
	if p.Metadata != nil {
		o.Tell("metadata at " + p.Metadata.URL)
		if d.Issuer != "" && p.Metadata.Issuer != d.Issuer {
			p.Notes = append(p.Notes, fmt.Sprintf("the metadata names the issuer %q, and the file %q: clients that compare them will refuse this server; MD-02 judges it", p.Metadata.Issuer, d.Issuer))
		}
	}
	p.Target = d.describe(p.Metadata)
	e := p.Target.Endpoints
	missing := ""
	switch {
	case e.Token == "":
		missing = "token"
	case e.Authorize == "" && d.Clients.Main != nil && !d.says("authorization_code", false):
		missing = "authorize"
	}
	if missing == "" {
		return nil
	}
	if p.Metadata != nil {
		return &Trouble{fmt.Sprintf("the metadata at %s names no %s endpoint", p.Metadata.URL, endpointWords[missing]), "add it there, or write endpoints." + missing + " into the file", Configuration}
	}
	cause := "the file names no " + endpointWords[missing] + " endpoint"
	if len(places) > 0 {
		cause = fmt.Sprintf("there is no metadata document at any of %s, and %s", strings.Join(places, ", "), cause)
	}
	return &Trouble{cause, "write endpoints." + missing + " into the file", Configuration}
}

var endpointWords = map[string]string{"token": "token", "authorize": "authorization"}

// Know takes what the server was seen to have or not to have, and settles the
// features of the target anew.
func (p *Partner) Know(probed map[string]bool) {
	t := p.Target
	t.Claims = p.Document.claims(p.Metadata, t, probed)
	t.Features = map[string]bool{}
	for feature, claim := range t.Claims {
		t.Features[feature] = claim.Holds()
	}
}

// Contradictions tells of features on which the file and the server differ.
func (p *Partner) Contradictions() []string { return contradictions(p.Target.Claims) }
