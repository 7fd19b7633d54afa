// Package platform puts one hosted Platform together (profile, clock, issuer,
// faults, journal, advertising book) and keeps the registry of all Platforms
// of a process. Platforms share nothing but their profile documents.
//
// How the web layer uses it, per request:
//
//	p, ok := registry.Get(name)             // path segment
//	now := p.Clock().Now()                  // once per request
//	p.Auth().ParseAuthorize(now, query)     // *AuthorizeRequest or *oauth.Error with its channel
//	p.Login(username, password)             // customer, constant time
//	p.Auth().Grantable / Approve / Deny     // consent
//	out := p.Auth().Token(now, issuer.Request{…}, p.Faults().Fire)
//	p.Auth().Bearer(now, token)             // resource server
//	p.Ads().Campaigns(customer.Account, …)  // business data
//	p.Journal().Add(exchange)               // after answering; out.Exchange is half filled in
//
// Endpoint paths come from p.Endpoints() (absolute) and p.Profile().Paths
// (below the issuer or the API base). Faults at the authorization endpoint and
// the API are fired by the web layer itself, after its own validation.
package platform
