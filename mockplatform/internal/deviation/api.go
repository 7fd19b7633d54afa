package deviation

// The defects of the API.
const (
	RefreshTokenAtAPI   Deviation = "rs.accept_refresh_token=on"
	SchemeCaseSensitive Deviation = "rs.scheme=case_sensitive"
	NoChallenge         Deviation = "rs.challenge=off_without_token"
	UnknownToken403     Deviation = "rs.invalid_status=403_for_unknown"
	ExpiredTokenServed  Deviation = "rs.expiry=off"
	ScopeUnchecked      Deviation = "rs.scope_check=off"
	QueryToken          Deviation = "rs.query_token=accept"
	DoubleToken         Deviation = "rs.double_token=accept"
	OwnerUnchecked      Deviation = "rs.owner_check=off"
	AudienceUnchecked   Deviation = "rs.audience_check=off"
	MachineReach        Deviation = "cc.reach=customers"
)

// apiEntries are the defects of the API.
var apiEntries = map[Deviation]Entry{
	RefreshTokenAtAPI:   {Doc: "the API takes a refresh token for an access token"},
	SchemeCaseSensitive: {Doc: "the API knows the scheme Bearer in this spelling only"},
	NoChallenge:         {Doc: "the API answers 401 without a challenge where no token came"},
	UnknownToken403:     {Doc: "the API answers 403 to an opaque token that was never issued"},
	ExpiredTokenServed:  {Doc: "the API serves access tokens that have expired"},
	ScopeUnchecked:      {Doc: "the API lets a token for reading change things"},
	QueryToken:          {Doc: "the API takes an access token from the query"},
	DoubleToken:         {Doc: "the API overlooks a second access token in the query"},
	OwnerUnchecked:      {Doc: "the API shows any customer's campaign to whoever knows its id"},
	AudienceUnchecked:   {Doc: "the server overlooks for which resource a token is asked"},
	MachineReach:        {Doc: "the API takes an application's own token for that of a customer"},
}
