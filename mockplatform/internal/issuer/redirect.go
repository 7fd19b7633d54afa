package issuer

import (
	"net"
	"net/url"
	"path"
	"slices"
	"strings"

	"github.com/mint-conformance/mint/mockplatform/internal/application"
	"github.com/mint-conformance/mint/mockplatform/internal/deviation"
	"github.com/mint-conformance/mint/mockplatform/internal/oauth"
)

// registered reports whether a redirect URI is one of the client's: character
// by character, but for the port on a loopback address of a native application
// (RFC 9700 section 2.1, RFC 8252 section 7.3).
func (i *Issuer) registered(app application.Application, sent string) bool {
	if slices.Contains(app.RedirectURIs, sent) {
		return true
	}
	if app.Public && !i.profile.Breaks(deviation.LoopbackPortExact) &&
		slices.ContainsFunc(app.RedirectURIs, func(one string) bool { return onLoopback(one, sent) }) {
		return true
	}
	return len(i.profile.Break) > 0 && i.laxly(app.RedirectURIs, sent)
}

// onLoopback reports whether two addresses on a loopback IP address by plain
// HTTP, which a native application listens on, differ in the port alone.
func onLoopback(registered, sent string) bool {
	want, native := withoutPort(registered)
	got, alike := withoutPort(sent)
	return native && alike && got == want
}

// withoutPort takes the port out of an address on a loopback IP address by
// plain HTTP, and leaves every other character as it is.
func withoutPort(address string) (bare string, loopback bool) {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "http" || net.ParseIP(u.Hostname()) == nil || !oauth.Loopback(u.Hostname()) {
		return address, false
	}
	return strings.Replace(address, u.Host, strings.TrimSuffix(u.Host, ":"+u.Port()), 1), true
}

// laxly compares redirect URIs by whatever rule the profile breaks.
func (i *Issuer) laxly(registered []string, sent string) bool {
	if i.profile.Breaks(deviation.AcceptAttacker) && oauth.Origin(sent) == deviation.AttackerOrigin {
		return true
	}
	got, err := url.Parse(sent)
	if err != nil {
		return false
	}
	return slices.ContainsFunc(registered, func(one string) bool {
		want, err := url.Parse(one)
		if err != nil || want.Scheme != "https" {
			return false
		}
		same := got.Scheme == want.Scheme && got.User == nil
		switch {
		case i.profile.Breaks(deviation.RedirectPrefix):
			return strings.HasPrefix(sent, one)
		case i.profile.Breaks(deviation.RedirectHostOnly):
			return same && got.Host == want.Host
		case i.profile.Breaks(deviation.RedirectIgnoreCase):
			return strings.EqualFold(sent, one)
		case i.profile.Breaks(deviation.RedirectNormalise):
			return same && got.Host == want.Host && got.RawQuery == want.RawQuery && path.Clean(got.Path) == path.Clean(want.Path)
		case i.profile.Breaks(deviation.RedirectSuffixDomain):
			return same && strings.HasSuffix(got.Host, "."+want.Host) && got.Path == want.Path
		}
		return false
	})
}
