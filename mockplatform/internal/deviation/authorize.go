package deviation

// Defects of the authorization endpoint that code makes.
const (
	UnknownClientRedirect    Deviation = "authorize.unknown_client=redirect"
	AcceptAttacker           Deviation = "authorize.accept_origin=" + AttackerOrigin
	RedirectPrefix           Deviation = "authorize.redirect_match=prefix"
	RedirectHostOnly         Deviation = "authorize.redirect_match=host_only"
	RedirectIgnoreCase       Deviation = "authorize.redirect_match=ignore_case"
	RedirectNormalise        Deviation = "authorize.redirect_match=normalise"
	RedirectSuffixDomain     Deviation = "authorize.redirect_match=suffix_domain"
	LoopbackPortExact        Deviation = "authorize.loopback_port=exact"
	MissingRedirectFirst     Deviation = "authorize.missing_redirect=first"
	MissingRedirectNowhere   Deviation = "authorize.missing_redirect=nowhere"
	ResponseTypeAssumed      Deviation = "authorize.response_type=assume_code"
	StateDroppedOnError      Deviation = "authorize.state=drop_on_error"
	StateCut                 Deviation = "authorize.state=cut_255"
	StateDoubleDecoded       Deviation = "authorize.state=double_decode"
	UnknownParameterRejected Deviation = "authorize.unknown_param=reject"
	LastParameterWins        Deviation = "authorize.duplicate_param=last_wins"
	UnknownScopeGranted      Deviation = "authorize.unknown_scope=granted"
	ErrorCharacters          Deviation = "authorize.error_chars=utf8_and_quotes"
	DenyGrants               Deviation = "consent.deny=code"
	IssAbsentOnError         Deviation = "authorize.iss=absent_on_error"
	IssWrong                 Deviation = "authorize.iss=wrong"
	IssUnannounced           Deviation = "authorize.iss=unannounced"
	Redirect307              Deviation = "authorize.redirect_status=307"
	RedirectQueryDropped     Deviation = "authorize.redirect_query=drop"
	ContinueAnywhere         Deviation = "login.continue=any_url"
)

// AttackerOrigin is the one foreign origin that AcceptAttacker lets in.
const AttackerOrigin = "https://attacker.example"

// authorizeEntries are the defects of the authorization endpoint.
var authorizeEntries = map[Deviation]Entry{
	UnknownClientRedirect: {Doc: "a request with an unknown client_id is sent to whatever redirect_uri it names"},
	AcceptAttacker:        {Doc: "redirect URIs at " + AttackerOrigin + " are accepted for every client"},
	RedirectPrefix:        {Doc: "a redirect URI may go on after the registered https one"},
	RedirectHostOnly:      {Doc: "of a registered https redirect URI only the host is compared"},
	RedirectIgnoreCase:    {Doc: "https redirect URIs are compared without regard to upper and lower case"},
	RedirectNormalise:     {Doc: "https redirect URIs are compared after decoding and tidying their paths"},
	RedirectSuffixDomain:  {Doc: "any host below that of a registered https redirect URI is accepted"},
	LoopbackPortExact:     {Doc: "the port of a native application's loopback address must be the registered one"},
	MissingRedirectFirst:  {Doc: "without redirect_uri the first of several registered ones is taken"},
	MissingRedirectNowhere: {
		Doc: "without redirect_uri a client that has registered one is never answered: the customer stays at the Platform",
	},
	ResponseTypeAssumed: {Doc: "a missing or unknown response_type is taken for code"},
	"authorize.implicit=on": {
		Doc:      "response_type=token puts an access token into the redirect's fragment",
		Settings: "authorize: {response_types: [code, token]}",
	},
	StateDroppedOnError:      {Doc: "error answers come without state"},
	StateCut:                 {Doc: "a state is cut after 255 characters"},
	StateDoubleDecoded:       {Doc: "a state is decoded once more than it was encoded"},
	UnknownParameterRejected: {Doc: "authorization requests with an unknown parameter are refused"},
	LastParameterWins:        {Doc: "of a repeated authorization parameter the last value counts"},
	UnknownScopeGranted:      {Doc: "scopes that do not exist can be asked for and are granted"},
	ErrorCharacters:          {Doc: "error_description of authorization answers holds quotation marks and letters outside ASCII"},
	"consent.deny=dead_end": {
		Doc:      "Deny leads to a page of the Platform, and the client never hears of it",
		Settings: "consent: {deny: page}",
	},
	DenyGrants:           {Doc: "Deny gives the client a code as Allow does"},
	IssAbsentOnError:     {Doc: "error answers come without iss"},
	IssWrong:             {Doc: "iss in authorization answers is not the issuer"},
	IssUnannounced:       {Doc: "the metadata does not say that authorization answers carry iss"},
	Redirect307:          {Doc: "the redirect to the client is a 307, by which browsers post the consent form on"},
	RedirectQueryDropped: {Doc: "the query of a registered redirect URI is lost in the redirect"},
	ContinueAnywhere:     {Doc: "a parameter called continue sends the customer anywhere after the login"},
	"authorize.error_before_login=on": {
		Doc:      "errors of an authorization request are redirected before anybody has logged in",
		Settings: "authorize: {errors: at_once}",
	},
}
