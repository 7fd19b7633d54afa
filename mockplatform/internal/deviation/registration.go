package deviation

// The defects of registration and an application's own account.
const (
	PortalNoRedirect    Deviation = "portal.require_redirect_uri=off"
	PortalIDFromName    Deviation = "portal.client_id=from_name"
	PortalAnyRedirect   Deviation = "portal.redirect_rules=off"
	AccountSameText     Deviation = "account.description=ignored"
	AccountAddsRedirect Deviation = "account.redirect_update=adds"
	AccountOpen         Deviation = "account.owner_check=off"
	DCRStatus200        Deviation = "dcr.status=200"
	DCRKeepsClient      Deviation = "dcr.delete=keeps_client"
)

// registrationEntries are the defects of registration and an application's own account.
var registrationEntries = map[Deviation]Entry{
	PortalNoRedirect:    {Doc: "the registration form does not ask for a redirect URI"},
	PortalIDFromName:    {Doc: "the registration form makes the client id of the application's name"},
	PortalAnyRedirect:   {Doc: "the registration form takes every redirect URI"},
	AccountSameText:     {Doc: "an application's new description is confirmed and not taken over"},
	AccountAddsRedirect: {Doc: "an application's new redirect URIs stand beside the old ones"},
	AccountOpen:         {Doc: "an application may read the account of another by its client_id"},
	DCRStatus200:        {Doc: "dynamic registration answers with 200 instead of 201"},
	DCRKeepsClient:      {Doc: "a client that deletes its registration can go on"},
}
