// Package web is the mock Platform on the network: listeners, routes, guards,
// and the story of one request. It is the only importer of gin on this side.
//
// The story (serve.go): find the Platform → read the request, bounded → open
// the journal entry → let the endpoint's handler judge, act and answer → write
// the journal entry → send the answer. Handlers never write to the network.
//
// Where to look for what:
//
//	web/front     pages for people: authorize, login, consent, portal
//	web/protocol  endpoints for clients: token, revoke, introspect, metadata
//	web/resource  the advertising API behind access tokens
//	web/operate   the control API
//	web/page      HTML · web/visit browser sessions · web/wire request and answer
//
// Decisions. A Platform's paths come from its profile, so that gin routes only
// /{platform}/… and a table per Platform does the rest. (Rejected: an engine
// per Platform; building one takes longer than creating the Platform.) The API
// listener of split Platforms is bound at the start, since its address is part
// of what such a Platform publishes.
package web
