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
// no continuation parameter that could point anywhere else. A pushed request
// (RFC 9126) is the exception: its request_uri is spent when the customer comes,
// and another one, good until the answer, stands in the query from then on.
//
// A web_message is the object {code, state, iss} or {error, error_description,
// state, iss} itself, sent to the opener or else to the parent window, and to
// the redirect URI's origin only. A widget may be framed by the origins that its
// client has registered; any other page by nobody.
//
// With resource_owner operator the customer logs in and no consent page
// follows: the operator's staff has approved every registered client beforehand
// (S000-01). What the customer's role forbids stays forbidden.
//
// Where sign_in.methods lacks session, a login counts for the one authorization
// it was made in and ends with its answer.
package front
