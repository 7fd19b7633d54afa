package front

import (
	"bytes"
	"regexp"
	"strings"

	"github.com/mint-conformance/mint/mockplatform/internal/deviation"
	"github.com/mint-conformance/mint/mockplatform/internal/profile"
	"github.com/mint-conformance/mint/mockplatform/internal/web/page"
	"github.com/mint-conformance/mint/mockplatform/internal/web/wire"
)

// pixel is what a Platform with the defect loads from somebody else.
const pixel = "https://counter.example/pixel.gif"

// framingRule is the part of a page's policy that says who may frame it.
var framingRule = regexp.MustCompile(`frame-ancestors [^;]*; `)

// spoilPage changes a page as the deviations of the profile have it.
func (s *Site) spoilPage(answer *wire.Answer, view page.View) {
	breaks := s.platform.Profile().Breaks
	policy := answer.Header.Get("Content-Security-Policy")
	if breaks(deviation.Framable) {
		answer.Header.Del("X-Frame-Options")
		policy = framingRule.ReplaceAllString(policy, "")
	}
	if _, is := view.(*page.Consent); is && breaks(deviation.ThirdPartyPixel) {
		policy = strings.Replace(policy, "img-src data:", "img-src data: https://counter.example", 1)
		answer.Body = bytes.Replace(answer.Body, []byte("</main>"), []byte(`<img src="`+pixel+`" alt=""></main>`), 1)
	}
	if login, is := view.(*page.Login); is && login.Username != "" && breaks(deviation.Unescaped) {
		policy = strings.Replace(policy, "default-src 'none'", "default-src 'none'; script-src 'unsafe-inline'", 1)
		shown := []byte(`<p class="hint">` + login.Username + `</p></main>`)
		answer.Body = bytes.Replace(answer.Body, []byte("</main>"), shown, 1)
	}
	answer.Header.Set("Content-Security-Policy", policy)
}

// spoilConsent hides what the deviations of the profile have it hide.
func (s *Site) spoilConsent(view *page.Consent) {
	if s.platform.Profile().Breaks(deviation.ConsentHidesScopes) {
		for n := range view.Scopes {
			view.Scopes[n].Text, view.Scopes[n].Changes = "Access", false
		}
	}
	if s.platform.Profile().Breaks(deviation.ConsentHidesClient) {
		view.Client = page.Application{ClientID: view.Client.ClientID, Name: "An application"}
		view.Heading = "Access to your " + s.look.Title + " account"
	}
}

// forgeable reports whether the form of this address is taken from anywhere.
func (s *Site) forgeable(e *wire.Exchange) bool {
	switch e.URL.Path {
	case s.path + "/consent":
		return s.platform.Profile().Breaks(deviation.ConsentForgeable)
	case s.path + "/login":
		return s.platform.Profile().Breaks(deviation.LoginForgeable)
	}
	return false
}

// named is the customer with a username.
func (s *Site) named(username string) (profile.Customer, bool) {
	for key, one := range s.platform.Profile().Customers {
		if one.Username == username {
			return s.platform.Customer(key)
		}
	}
	return profile.Customer{}, false
}
