package deviation

// The defects of authorization codes.
const (
	CodeGrantFails           Deviation = "token.code_grant=server_error"
	CodeReusable             Deviation = "code.reuse=allow_after_1s"
	CodeReplayForgiven       Deviation = "code.replay_revokes=off"
	CodeInvalidReplayRevokes Deviation = "code.invalid_replay_revokes=on"
	CodeForEver              Deviation = "code.lifetime=forever"
	CodeForeignClient        Deviation = "code.client_binding=off"
	CodeRedirectUnchecked    Deviation = "code.redirect_binding=off"
	CodeCounted              Deviation = "code.generator=counter"
	CodeRaces                Deviation = "code.atomic=off"
	CodeWithoutRefresh       Deviation = "token.code_refresh=absent"
)

// codeEntries are the defects of authorization codes.
var codeEntries = map[Deviation]Entry{
	CodeGrantFails:           {Doc: "answers every exchange of a good code with 500 server_error"},
	CodeReusable:             {Doc: "gives tokens for a spent code again, from a second after its use on"},
	CodeReplayForgiven:       {Doc: "refuses a spent code and lets the tokens that it gave live"},
	CodeInvalidReplayRevokes: {Doc: "ends the tokens of a spent code for a replay without the right secret or verifier, too"},
	CodeForEver:              {Doc: "lets codes live for ten years, whatever the documentation says", Settings: "code: {lifetime: 3650d}"},
	CodeForeignClient:        {Doc: "gives tokens for a code to any client that has authenticated"},
	CodeRedirectUnchecked:    {Doc: "does not look at redirect_uri in the exchange of a code", Settings: "code: {redirect_uri_at_token: ignored}"},
	CodeCounted:              {Doc: "numbers codes instead of drawing them"},
	CodeRaces:                {Doc: "gives tokens to all who present the same code within a second"},
	CodeWithoutRefresh:       {Doc: "gives no refresh token for a code"},
}
