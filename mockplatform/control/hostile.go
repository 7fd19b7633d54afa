package control

// Surprises begins the Fault of an Exchange whose answer was surprising in ways
// that the RFCs allow; their names follow, separated by commas. The answer
// means what it would mean without them.
const Surprises = "hostile:"

// Refusal is the Fault of the Exchange in which a hostile Platform refused a
// good access token.
const Refusal = "hostile-refusal"

// Hostile asks for a Platform that surprises its clients wherever the RFCs let
// it, so that only correct clients pass: unknown members, other order and
// spacing in JSON answers, token_type in another case, scope in another order,
// tokens of odd lengths and characters, header names in other cases, and one
// 401 at the API although the token is good. The seed decides which surprise
// comes when. Requests that are the same, in the same order, on a clock that
// stands still, have the same journal under the same seed; only keys of
// asymmetric algorithms stay random. Never use such a Platform where its tokens
// protect anything: whoever knows the seed knows them.
type Hostile struct {
	// Seed is at most 2^53; 0 or absent chooses one, and the answer tells it.
	Seed int64 `json:"seed,omitempty"`
}
