// Package web is MINT's face to browsers: the pages, the JSON API under /api/
// and the rules that hold for every request (own session per browser, forms
// that only MINT's own pages can send, security headers, bounded bodies).
//
// Handlers are thin: they read a request, ask the domain (connection.Service,
// seen here through small interfaces), and give the answer to page or wire to
// be put into words. Nothing here decides about tokens, and no token reaches
// this package at all.
//
// All routes stand in routes.go. gin is used for routing and nothing else.
//
// # Decisions
//
// 2026-11: the browser receives the authorization response on a page of MINT
// and a script of its own hands it to the back end (S000-23), which leaves no
// code in the address bar or the history. Rejected: exchanging on the GET
// itself, since a reload would then send a code twice.
//
// 2026-11: a form may be sent by MINT's own pages only. Three nets: SameSite
// cookies, the Sec-Fetch-Site or Origin header where a browser sends it, and
// a token in every form. The token alone decides; the headers only refuse
// earlier. Origin "null" is no reason to refuse, since Referrer-Policy
// no-referrer makes browsers send just that with our own forms.
//
// 2026-11: the form-action directive names the origins of the authorization
// endpoints, because browsers hold the redirect that answers a form to it
// (Content Security Policy Level 3, section 6.4.1). A platform that sends the
// browser on to a login page at yet another origin will need a setting for it.
//
// 2026-11: a request for localhost is sent on to 127.0.0.1 (or the other way
// round) when the public address is the other of the two: a cookie belongs to
// one name, and the callback would arrive at a browser session that never
// began the flow.
package web
