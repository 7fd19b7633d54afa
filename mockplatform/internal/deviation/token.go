package deviation

// The defects of the token endpoint, whatever the grant.
const (
	TokenByGet           Deviation = "token.get=allow"
	TokenExactMediaType  Deviation = "token.content_type=exact_string"
	TokenExpiresInText   Deviation = "token.expires_in=string"
	TokenTypeJWT         Deviation = "token.token_type=jwt"
	TokenScopeEchoed     Deviation = "token.scope=echo_request"
	TokenErrorPage       Deviation = "token.error_body=html"
	TokenUnknownGrant    Deviation = "token.unknown_grant=invalid_request"
	TokenAnyGrant        Deviation = "token.grant_policy=off"
	TokenUnknownRejected Deviation = "token.unknown_param=reject"
	TokenFirstOfTwo      Deviation = "token.duplicate_param=first_wins"
	TokenParametersFold  Deviation = "token.param_case=fold"
	TokenShort           Deviation = "token.generator=short"
	AccessDiesEarly      Deviation = "rs.early_death=half_life"

	SecretUnchecked  Deviation = "client_auth.secret_check=off_for_code"
	BasicUnasked     Deviation = "client_auth.basic_challenge=off"
	BasicUndecoded   Deviation = "client_auth.basic_decode=raw"
	SecretInQuery    Deviation = "client_auth.query=allow"
	SecretTwice      Deviation = "client_auth.double=allow"
	SecretsUnguarded Deviation = "client_auth.throttle=off"
)

// tokenEntries are the defects of the token endpoint, whatever the grant.
var tokenEntries = map[Deviation]Entry{
	TokenByGet:           {Doc: "takes token requests by GET, with everything in the query"},
	TokenExactMediaType:  {Doc: "refuses a form whose media type has a charset"},
	TokenExpiresInText:   {Doc: "sends expires_in as a string", Settings: "token: {expires_in: string}"},
	TokenTypeJWT:         {Doc: "calls the token type JWT", Settings: "token: {token_type: JWT}"},
	TokenScopeEchoed:     {Doc: "repeats in the answer the scope that was asked for, whatever the customer left of it"},
	TokenErrorPage:       {Doc: "answers a body that it cannot read with a page"},
	TokenUnknownGrant:    {Doc: "calls an unknown grant type an invalid request"},
	TokenAnyGrant:        {Doc: "lets confidential clients use grants that they are not registered for"},
	TokenUnknownRejected: {Doc: "refuses token requests with a parameter that it does not know"},
	TokenFirstOfTwo:      {Doc: "takes the first of two parameters of the same name"},
	TokenParametersFold:  {Doc: "does not mind the case of parameter names", Settings: "token: {param_case: fold}"},
	AccessDiesEarly:      {Doc: "takes access tokens at the API for half of the life that was stated"},
	TokenShort:           {Doc: "makes opaque tokens of 48 random bits"},

	SecretUnchecked:  {Doc: "does not mind a wrong or missing secret at the exchange of a code"},
	BasicUnasked:     {Doc: "answers a failed Basic attempt at the token endpoint without a challenge"},
	BasicUndecoded:   {Doc: "takes Basic credentials as they are, without decoding the form encoding"},
	SecretInQuery:    {Doc: "takes client credentials from the query of a token request"},
	SecretTwice:      {Doc: "overlooks a secret in the body beside Basic credentials"},
	SecretsUnguarded: {Doc: "lets everybody try as many client secrets as he likes"},
}
