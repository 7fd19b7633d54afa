package deviation

// Defects of login, consent and customer pages.
const (
	ConsentWithoutLogin   Deviation = "login.required=off_on_direct_consent"
	PasswordUnchecked     Deviation = "login.password_check=off"
	LoginUnlimited        Deviation = "login.throttle=off"
	PermissionUnchecked   Deviation = "login.permission_check=off"
	ConsentHidesScopes    Deviation = "consent.show_scopes=off"
	ConsentHidesClient    Deviation = "consent.show_client=off"
	ConsentForgeable      Deviation = "consent.csrf=off"
	LoginForgeable        Deviation = "login.csrf=off"
	Framable              Deviation = "headers.framing=off"
	ThirdPartyPixel       Deviation = "consent.third_party_pixel=on"
	Unescaped             Deviation = "ui.escape=off"
	CookieFlagsOff        Deviation = "login.cookie_flags=off"
	SessionFixation       Deviation = "login.session_fixation=on"
	ConsentCoversAnything Deviation = "consent.remember=any_scope"
	WidgetTellsAnybody    Deviation = "widget.target_origin=any"
	WithdrawalWithoutEnd  Deviation = "grants.withdraw=noop"
	ErrorPageJSON         Deviation = "ui.error_page=json"
)

// pageEntries are the defects of login, consent and customer pages.
var pageEntries = map[Deviation]Entry{
	ConsentWithoutLogin:   {Doc: "a decision that is posted without a login counts as that of the first customer"},
	PasswordUnchecked:     {Doc: "any password is right on the login page"},
	LoginUnlimited:        {Doc: "the login page lets passwords be tried without any pause"},
	PermissionUnchecked:   {Doc: "a customer without permission on an account can grant access to it"},
	ConsentHidesScopes:    {Doc: "the consent page does not say what is asked for"},
	ConsentHidesClient:    {Doc: "the consent page does not say who asks"},
	ConsentForgeable:      {Doc: "the consent form is taken without its CSRF token"},
	LoginForgeable:        {Doc: "the login form of an authorization is taken without its CSRF token"},
	Framable:              {Doc: "pages carry neither frame-ancestors nor X-Frame-Options"},
	ThirdPartyPixel:       {Doc: "the consent page loads a picture from another host"},
	Unescaped:             {Doc: "the login page repeats the username as markup"},
	CookieFlagsOff:        {Doc: "the session cookie is neither Secure nor HttpOnly and has no SameSite"},
	SessionFixation:       {Doc: "a login keeps the session id from before it"},
	ConsentCoversAnything: {Doc: "a consent that was given once covers every later request of the application"},
	WidgetTellsAnybody:    {Doc: "a popup or widget posts its message to any origin"},
	WithdrawalWithoutEnd:  {Doc: "withdrawing access on the page of connected applications ends nothing"},
	ErrorPageJSON:         {Doc: "the error page of the authorization endpoint is a JSON document"},
}
