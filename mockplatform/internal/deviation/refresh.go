package deviation

// The defects of refresh tokens.
const (
	RefreshFails           Deviation = "refresh.grant=server_error"
	RefreshAnyClient       Deviation = "refresh.client_auth=off"
	RefreshForeignClient   Deviation = "refresh.client_binding=off"
	RefreshByPrefix        Deviation = "refresh.compare=prefix"
	RefreshWidens          Deviation = "refresh.scope=widen"
	RefreshFirstForEver    Deviation = "refresh.expiry=off_for_first"
	RefreshTouchy          Deviation = "refresh.allowed=refuse_just_after_expiry"
	RefreshPublicClient    Deviation = "client.type=public"
	RotationWithoutNew     Deviation = "rotation.new_token=off"
	RotationOldAlive       Deviation = "rotation.old_token=alive"
	RotationFamilyLives    Deviation = "rotation.family_revocation=off"
	RotationShrinks        Deviation = "rotation.scope=shrink"
	RotationHalvesLife     Deviation = "rotation.lifetime=halved"
	RotationRaces          Deviation = "rotation.atomic=off"
	RotationGraceless      Deviation = "rotation.grace=ignored"
	SlidingAnswersNew      Deviation = "sliding.response_refresh_token=new"
	SlidingFourUses        Deviation = "sliding.uses=4"
	SlidingStands          Deviation = "sliding.extend=off"
	SlidingExtendsFailures Deviation = "sliding.extend_on_failure=on"
	SlidingRevives         Deviation = "sliding.revive_on_attempt=on"
	SlidingEndless         Deviation = "sliding.cap=ignored"
	SlidingSilent          Deviation = "sliding.silent_refresh_token=on"
)

// refreshEntries are the defects of refresh tokens.
var refreshEntries = map[Deviation]Entry{
	RefreshFails:         {Doc: "answers every refresh with 500 server_error"},
	RefreshAnyClient:     {Doc: "refreshes for everybody who knows the client_id, whatever the secret"},
	RefreshForeignClient: {Doc: "refreshes for any client that has authenticated, not only the token's own"},
	RefreshByPrefix:      {Doc: "compares only the first sixteen characters of a refresh token"},
	RefreshWidens:        {Doc: "grants at a refresh whatever scope the client is registered for"},
	RefreshFirstForEver:  {Doc: "lets a rotating refresh token that was never used live for ever"},
	RefreshTouchy:        {Doc: "refuses refreshes in the minute after the access token's end"},
	RefreshPublicClient:  {Doc: "gives refresh tokens to public clients that are not registered for them"},

	RotationWithoutNew:  {Doc: "answers refreshes of confidential clients without a refresh token, and keeps the old one alive"},
	RotationOldAlive:    {Doc: "accepts spent refresh tokens like fresh ones"},
	RotationFamilyLives: {Doc: "refuses a spent refresh token and lets its family live", Settings: "refresh_token: {on_reuse: reject}"},
	RotationShrinks:     {Doc: "gives one scope only from the third rotation on"},
	RotationHalvesLife:  {Doc: "gives successors of a refresh token half the documented life"},
	RotationRaces:       {Doc: "lets refreshes with the same token within a second each have a successor of its own"},
	RotationGraceless: {
		Doc: "forgives no repeated refresh, although a grace is documented", Settings: "refresh_token: {grace: {shape: none, window: 0s}}",
	},

	SlidingAnswersNew:      {Doc: "adds a second refresh token to each answer of a sliding refresh"},
	SlidingFourUses:        {Doc: "refuses the fifth use of a sliding refresh token"},
	SlidingStands:          {Doc: "does not prolong a sliding refresh token when it is used"},
	SlidingExtendsFailures: {Doc: "prolongs a sliding refresh token although the client has not authenticated"},
	SlidingRevives:         {Doc: "refuses an expired sliding refresh token and lets it live anew"},
	SlidingEndless:         {Doc: "prolongs sliding refresh tokens beyond their cap", Settings: "refresh_token: {absolute_lifetime: 0s, max_uses: 0}"},
	SlidingSilent: {
		Doc:      "remembers a consent and gives a refresh token for it, although only a full authorization may",
		Settings: "consent: {remember: same_scope}\nrefresh_token: {issued_by: any_code_grant}",
	},
}
