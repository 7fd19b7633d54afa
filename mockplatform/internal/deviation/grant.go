package deviation

// The defects of the client credentials grant and the password grant.
const (
	MachineFails        Deviation = "cc.grant=server_error"
	MachinePublic       Deviation = "cc.public=allow"
	MachineRefreshToken Deviation = "cc.refresh_token=issue"
	MachineQueryRefused Deviation = "cc.query=refuse"
	MachineAnyScope     Deviation = "cc.scope=any"

	PasswordFails      Deviation = "password.grant=server_error"
	PasswordAnything   Deviation = "password.check=off"
	PasswordAnyClient  Deviation = "password.client_id=any"
	PasswordUnlimited  Deviation = "password.throttle=off"
	PasswordUndeclared Deviation = "password.offer=undeclared"
	PasswordInQuery    Deviation = "password.query=allow"
)

// grantEntries are the defects of grants without a browser.
var grantEntries = map[Deviation]Entry{
	MachineFails:        {Doc: "answers every client credentials request with 500 server_error"},
	MachinePublic:       {Doc: "gives public clients tokens of their own"},
	MachineRefreshToken: {Doc: "gives a refresh token with client credentials"},
	MachineQueryRefused: {Doc: "refuses client credentials in the query although they are documented to go there"},
	MachineAnyScope:     {Doc: "gives applications whatever scope they ask for"},

	PasswordFails:      {Doc: "answers every password request with 500 server_error"},
	PasswordAnything:   {Doc: "gives tokens for a known user name, whatever the password"},
	PasswordAnyClient:  {Doc: "takes a password request of an unknown client for one of its public client"},
	PasswordUnlimited:  {Doc: "the token endpoint lets passwords be tried without any pause"},
	PasswordUndeclared: {Doc: "serves the password grant although it does not offer it"},
	PasswordInQuery:    {Doc: "takes user name and password from the query"},
}
