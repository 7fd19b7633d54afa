package partner

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/mint-conformance/mint/steps/redirection"
)

// Redirect is how answers reach the client.
type Redirect struct {
	Mode   string `yaml:"mode" enum:"intercept,loopback,public" doc:"intercept: the browser is kept from going to redirect URIs, where nothing has to listen; loopback: redirect URIs such as http://127.0.0.1:9600/callback (RFC 8252 section 7.3) are served during the run; public: a tunnel or proxy brings what is sent to them to listen; intercept if left out"`
	Listen string `yaml:"listen" doc:"host:port of this machine to which the tunnel of mode public leads, such as 127.0.0.1:9600"`
}

// example is what mends ask for.
const example = "http://127.0.0.1:9600/callback"

func (v *validation) redirect() {
	d, r := v.document, v.document.Redirect
	v.word(at("redirect", "mode"), r.Mode, "intercept", "loopback", "public")
	switch _, port, err := net.SplitHostPort(r.Listen); {
	case r.Mode == "public" && r.Listen == "":
		v.bad(at("redirect", "listen"), "it is missing; write the host:port of this machine to which the tunnel leads, such as 127.0.0.1:9600")
	case r.Listen != "" && r.Mode != "public":
		v.bad(at("redirect", "listen"), "it goes with mode: public only; loopback listens where the redirect URIs say, and intercept nowhere")
	case r.Listen != "" && (err != nil || port == ""):
		v.bad(at("redirect", "listen"), "%q is no host:port; write one such as 127.0.0.1:9600", r.Listen)
	}
	served := r.Mode == "loopback" || r.Mode == "public"
	switch {
	case !served:
	case d.Pages == "plain":
		v.bad(at("redirect", "mode"), "%s is for a browser that goes to redirect URIs, and pages: plain reads them only; leave one of them out", r.Mode)
	case d.Clients.Main == nil || len(d.Clients.Main.RedirectURIs) == 0:
		v.bad(at("redirect", "mode"), "%s needs a redirect URI of clients.main", r.Mode)
	case len(d.served()) == 0 || !slices.Contains(d.served(), d.Clients.Main.RedirectURIs[0]):
		v.bad(at("redirect", "mode"), "%s cannot serve %s; register one such as %s for clients.main, or leave redirect out", r.Mode, d.Clients.Main.RedirectURIs[0], map[string]string{"loopback": example, "public": "https://TUNNEL/callback"}[r.Mode])
	}
}

// served are the redirect URIs that the file has the harness serve: those on
// loopback with a port, or those on the host of the main client's first one.
func (d *Document) served() (all []string) {
	if d.Clients.Main == nil || len(d.Clients.Main.RedirectURIs) == 0 {
		return nil
	}
	first, err := url.Parse(d.Clients.Main.RedirectURIs[0])
	if err != nil {
		return nil
	}
	for _, c := range d.Clients.named() {
		for _, uri := range c.RedirectURIs {
			u, err := url.Parse(uri)
			if err != nil || slices.Contains(all, uri) {
				continue
			}
			switch d.Redirect.Mode {
			case "loopback":
				if u.Scheme == "http" && u.Port() != "" && u.Port() != "0" && loopback(uri) {
					all = append(all, uri)
				}
			case "public":
				if (u.Scheme == "http" || u.Scheme == "https") && u.Scheme == first.Scheme && u.Host == first.Host {
					all = append(all, uri)
				}
			}
		}
	}
	return all
}

// ServeRedirects has the target's redirect URIs served until end is called, as
// the file says; where the browser intercepts answers, it does nothing. A *Trouble
// says that a port is taken, or that a public address leads elsewhere.
func (p *Partner) ServeRedirects(ctx context.Context) (end func() error, err error) {
	site, err := p.Document.serve(ctx, p.Target.HTTP)
	if err != nil || site == nil {
		return func() error { return nil }, err
	}
	p.Target.Redirection = site
	return site.Close, nil
}

func (d *Document) serve(ctx context.Context, web *http.Client) (*redirection.Site, error) {
	uris := d.served()
	var places []string
	switch d.Redirect.Mode {
	case "loopback":
		for _, uri := range uris {
			places = append(places, loopbackPlaces(uri)...)
		}
		slices.Sort(places)
		places = slices.Compact(places)
	case "public":
		places = []string{d.Redirect.Listen}
	default:
		return nil, nil //nolint:nilnil // nothing is to be served, which is no fault
	}
	listeners, err := d.listen(ctx, places)
	if err != nil {
		return nil, err
	}
	site := redirection.Serve(uris, listeners...)
	if d.Redirect.Mode == "public" {
		for _, uri := range uris {
			if err := leadsTo(ctx, web, uri, d.Redirect.Listen, site); err != nil {
				return nil, errors.Join(err, site.Close())
			}
		}
	}
	return site, nil
}

// loopbackPlaces are where a browser looks for a loopback address: localhost
// may be either of two.
func loopbackPlaces(uri string) []string {
	u, err := url.Parse(uri)
	switch {
	case err != nil:
		return nil // validated
	case u.Hostname() == "localhost":
		return []string{"127.0.0.1:" + u.Port(), "[::1]:" + u.Port()}
	}
	return []string{u.Host}
}

func (d *Document) listen(ctx context.Context, places []string) (all []net.Listener, err error) {
	defer func() {
		if err != nil {
			for _, l := range all {
				_ = l.Close()
			}
		}
	}()
	for _, place := range places {
		l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", place)
		switch {
		case err == nil:
			all = append(all, l)
		case strings.HasPrefix(place, "[::1]") && slices.Contains(places, "127.0.0.1"+strings.TrimPrefix(place, "[::1]")) &&
			(errors.Is(err, syscall.EADDRNOTAVAIL) || errors.Is(err, syscall.EAFNOSUPPORT)):
			continue // this machine has no IPv6, and localhost is the other one
		case errors.Is(err, syscall.EADDRINUSE):
			return all, &Trouble{fmt.Sprintf("%s, where answers are to come in, is taken by another program", place), "end that program, or register and write a redirect URI with another port, or leave redirect out of " + d.File, Configuration}
		default:
			var op *net.OpError
			if errors.As(err, &op) {
				err = op.Err // the address is told
			}
			return all, &Trouble{fmt.Sprintf("nothing can listen at %s, where answers are to come in (%v)", place, err), "correct redirect in " + d.File, Configuration}
		}
	}
	return all, nil
}

// probeWait is how long a tunnel may take to bring one request.
const probeWait = 10 * time.Second

// leadsTo asks a public address for a mark and looks whether it comes in.
func leadsTo(ctx context.Context, web *http.Client, uri, listen string, site *redirection.Site) error {
	ctx, cancel := context.WithTimeout(ctx, probeWait)
	defer cancel()
	u, err := url.Parse(uri)
	if err != nil {
		return err
	}
	q := u.Query()
	q.Set("conformance", rand.Text())
	u.RawQuery = q.Encode()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return err
	}
	elsewhere := &Trouble{fmt.Sprintf("%s does not lead to %s", uri, listen), "start the tunnel or proxy that brings it there, or correct redirect.listen", Configuration}
	response, err := web.Do(request)
	if err != nil {
		why := troubleOf(uri, err)
		elsewhere.Cause += ": " + why.Cause
		return elsewhere
	}
	_ = response.Body.Close() // what it says does not count
	came, stop := context.WithTimeout(ctx, time.Second)
	defer stop()
	if err := site.Await(came, redirection.Answer{Method: http.MethodGet, Query: u.RawQuery}); err != nil {
		elsewhere.Cause += fmt.Sprintf(", but is answered (%s) by somebody else", response.Status)
		return elsewhere
	}
	return nil
}
