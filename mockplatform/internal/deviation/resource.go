package deviation

// The defects of signed access tokens.
const (
	JWTOpaque     Deviation = "jwt.format=opaque"
	JWTNone       Deviation = "jwt.alg_none=accept"
	JWTUnverified Deviation = "jwt.signature=ignored_for_declared_alg"
	JWTDropCookey Deviation = "jwt.drop_claim=cookey"
	JWTPlainType  Deviation = "jwt.typ=JWT"
	JWTWeakSecret Deviation = "jwt.hs256_key=weak_word"
)

// resourceEntries are the defects of the API and signed tokens.
var resourceEntries = map[Deviation]Entry{
	JWTOpaque:     {Doc: "access tokens are opaque where JWTs were promised", Settings: "access_token: {format: opaque}"},
	JWTNone:       {Doc: "the API takes a token of the algorithm none"},
	JWTUnverified: {Doc: "the API reads a token of the right algorithm without verifying its signature"},
	JWTDropCookey: {Doc: "access tokens lack the documented claim cookey"},
	JWTPlainType:  {Doc: "the header typ of access tokens is JWT instead of at+jwt"},
	JWTWeakSecret: {Doc: "access tokens are signed with a word from a tutorial", Settings: "access_token: {key: a-string-secret-at-least-256-bits-long}"},
}
