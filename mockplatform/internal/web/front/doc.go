// Package front is what people see and do at a Platform: the authorization
// endpoint with login and consent, connected applications, the developer
// portal and the landing page.
//
// It turns requests into questions to the issuer and answers into pages or
// redirects. It issues nothing itself and holds no authorization request
// between two steps.
//
// Decisions. The authorization request stays in the query of every step
// (login, consent) and is judged anew at each, as if it had just arrived.
// (Rejected: a transaction kept on the server. It would break Back, reload and
// two tabs, and a step reached directly would need rules of its own.) There is
// no continuation parameter that could point anywhere else.
package front
