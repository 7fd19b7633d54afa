package deviation

// The defects of metadata, revocation, introspection and pushed requests.
const (
	HeadersTokenStored Deviation = "headers.token_no_store=off"
	HeadersUnsafeURL   Deviation = "headers.referrer_policy=unsafe-url"
	CORSAuthorizeEcho  Deviation = "cors.authorize=echo"

	MetadataNowhere    Deviation = "metadata.location=none"
	MetadataSlash      Deviation = "metadata.issuer=trailing_slash"
	MetadataDrop       Deviation = "metadata.drop=response_types_supported"
	MetadataPKCEAbsent Deviation = "metadata.pkce_methods=absent"
	MetadataOverstate  Deviation = "metadata.auth_methods=overstate"

	RevocationRefreshNoop  Deviation = "revocation.refresh=noop"
	RevocationCascadeOff   Deviation = "revocation.cascade=off"
	RevocationAccessNoop   Deviation = "revocation.access=noop"
	RevocationUnknownError Deviation = "revocation.unknown=error"
	RevocationClientOff    Deviation = "revocation.client_check=off"
	RevocationHintTrusted  Deviation = "revocation.hint=trusted"

	IntrospectionAuthOff  Deviation = "introspection.auth=off"
	IntrospectionExpWrong Deviation = "introspection.exp=wrong"
	IntrospectionExplains Deviation = "introspection.inactive=explains"
	IntrospectionStale    Deviation = "introspection.cache=stale"
	IntrospectionCross    Deviation = "introspection.cross_client=on"

	PARStatus200  Deviation = "par.status=200"
	PARBindingOff Deviation = "par.client_binding=off"
	PARAuthOff    Deviation = "par.client_auth=off"
	PARExpiryOff  Deviation = "par.expiry=off"
)

// documentEntries are the defects of metadata, revocation, introspection, pushed requests and TLS.
var documentEntries = map[Deviation]Entry{
	HeadersTokenStored: {Doc: "caches may keep what the token endpoint answers to a code or a refresh token"},
	HeadersUnsafeURL:   {Doc: "pages and redirects tell their whole address to every other host"},
	CORSAuthorizeEcho:  {Doc: "the authorization endpoint lets scripts of every site read its answers"},

	MetadataNowhere:    {Doc: "the metadata document is at none of its addresses"},
	MetadataSlash:      {Doc: "the metadata name the issuer with a slash at its end"},
	MetadataDrop:       {Doc: "the metadata leave out response_types_supported"},
	MetadataPKCEAbsent: {Doc: "the metadata leave out code_challenge_methods_supported"},
	MetadataOverstate:  {Doc: "the metadata name a client authentication method that does not work"},

	RevocationRefreshNoop:  {Doc: "the revocation of a refresh token is confirmed and not done"},
	RevocationCascadeOff:   {Doc: "the revocation of a refresh token leaves its access tokens alive", Settings: "revocation_reach: token"},
	RevocationAccessNoop:   {Doc: "the revocation of an access token is confirmed and not done"},
	RevocationUnknownError: {Doc: "the revocation of an unknown token is an error"},
	RevocationClientOff:    {Doc: "every client may revoke the tokens of every other"},
	RevocationHintTrusted:  {Doc: "a token whose type hint is wrong is not found"},

	IntrospectionAuthOff:  {Doc: "introspection answers callers that have not authenticated"},
	IntrospectionExpWrong: {Doc: "introspection tells an end that is an hour late"},
	IntrospectionExplains: {Doc: "introspection tells whose token a dead one was"},
	IntrospectionStale:    {Doc: "introspection calls a revoked access token active until it expires"},
	IntrospectionCross:    {Doc: "every client may introspect the tokens of every other"},

	PARStatus200:  {Doc: "a pushed request is answered with 200 instead of 201"},
	PARBindingOff: {Doc: "every client may use the request_uri of every other"},
	PARAuthOff:    {Doc: "a client may push requests with a wrong secret"},
	PARExpiryOff:  {Doc: "a request_uri works for a day, whatever its expires_in says"},
}
