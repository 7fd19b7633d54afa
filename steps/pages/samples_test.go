package pages_test

import (
	"strings"

	"github.com/mint-conformance/mint/steps/pages"
)

// sample is a page as servers show them, and what a person does on it.
type sample struct {
	name string
	html string
	walk pages.Walk // besides name and password; allows if it says nothing
	done string     // what she has done: "named", "logged in"
	// want is "kind: actions": field=value for what is typed, +field and -field
	// for boxes, [button] for what is pressed, [] for Enter, or "end".
	want    string
	message string
}

const password = `<input type=password name=pw autocomplete=current-password>`

var samples = []sample{
	{name: "en, plain login", html: `<h1>Log in</h1><form method=post><label for=u>Username</label><input id=u name=u>` + password + `<button>Log in</button></form>`,
		want: "login: u=maya pw=secret [Log in]"},
	{name: "en, login beside search, registration and other providers", html: `
		<form action=/search role=search><input name=q placeholder="Search"><button>Go</button></form>
		<form method=post action=/signup><input type=email name=new><input type=password name=p1 autocomplete=new-password><button>Sign up</button></form>
		<form method=post action=/login><button type=submit name=idp value=g>Sign in with Google</button><input type=email name=mail>` + password + `
		<input type=checkbox name=remember> <a href=/forgot>Forgot password?</a><button type=button>Show password</button><button>Sign in</button></form>`,
		want: "login: mail=maya pw=secret [Sign in]"},
	{name: "en, first of two steps", html: `<h1>Sign in</h1><form method=post><input type=email name=identifier autocomplete="username webauthn" aria-label="Email or phone"><button type=button>Create account</button><button>Next</button></form>`,
		want: "username: identifier=maya [Next]"},
	{name: "en, second of two steps", html: `<h1>Welcome</h1><form method=post><input type=email name=identifier value=maya style="display:none"><div>maya</div>` + password + `<button>Next</button></form>`,
		done: "named", want: "login: pw=secret [Next]"},
	{name: "en, unknown name", html: `<form method=post><input type=email name=identifier autocomplete=username><p role=alert>Couldn't find your account</p><button>Next</button></form>`,
		done: "named", want: "username: end refused", message: "Couldn't find your account"},
	{name: "en, wrong password", html: `<form method=post><div role=alert>Incorrect username or password.</div><input name=u>` + password + `<button>Log in</button></form>`,
		done: "logged in", want: "login: end refused", message: "Incorrect username or password."},
	{name: "en, locked", html: `<h1>Account locked</h1><p>Your account has been locked after too many attempts.</p><form method=post><input name=u>` + password + `<button>Log in</button></form>`,
		done: "logged in", want: "locked: end refused", message: "Account locked Your account has been locked after too many attempts"},
	{name: "en, locked without a form", html: `<p>This account is temporarily locked. Call us.</p>`, want: "locked: end", message: "This account is temporarily locked"},
	{name: "en, consent", html: `<h1>Acme wants to access your account</h1><form method=post><ul><li>Read campaigns</ul><button name=d value=no>Deny</button><button name=d value=yes>Allow</button></form><form method=post action=/switch><button>Use another account</button></form>`,
		want: "consent: [Allow]"},
	{name: "en, consent denied", html: `<form method=post><button name=d value=no>Don’t allow</button><button name=d value=yes>Allow</button></form>`, walk: pages.Walk{Decision: pages.Deny},
		want: "consent: [Don’t allow]"},
	{name: "en, consent looked at", html: `<form method=post><button>Cancel</button><button>Authorize Acme</button></form>`, walk: pages.Walk{Decision: pages.Abandon}, want: "consent: end"},
	{name: "en, consent as somebody else", html: `<form method=post><button>Cancel</button><button>Authorize</button></form><form method=post action=/switch><button>Not you? Use another account</button></form>`,
		walk: pages.Walk{Switch: true}, want: "consent: [Not you? Use another account]"},
	{name: "en, consent with boxes and a choice", html: `<form method=post><label><input type=checkbox name=s value=read checked> Read</label><label><input type=checkbox name=s value=write checked> Change</label>
		<label><input type=radio name=acc value=1> Account 1</label><label><input type=radio name=acc value=2> Account 2</label><input type=checkbox name=terms required><button>Cancel</button><button>Continue</button></form>`,
		walk: pages.Walk{Untick: []string{"write"}}, want: "consent: -s +acc +terms [Continue]"},
	{name: "en, single Continue", html: `<h2>Acme will have access to your ads</h2><form method=post><button>Continue</button><button type=button>Continue with another account</button></form>`,
		want: "consent: [Continue]"},
	{name: "en, cookie banner over a login", html: `<div id=cookie-banner>We use cookies. <button>Accept all</button><button>Reject all</button></div><form method=post><input name=user>` + password + `<button>Log in</button></form>`,
		want: "notice: [Reject all]"},
	{name: "en, dialog about cookies without a no", html: `<div role=dialog>This site uses cookies <button>Got it</button></div><form><button>Allow</button><button>Deny</button></form>`, want: "notice: [Got it]"},
	{name: "en, stay signed in", html: `<form method=post><h1>Stay signed in?</h1><button>Yes</button><button>No</button></form>`, want: "notice: [No]"},
	{name: "en, account chooser with hers", html: `<h1>Choose an account</h1><form method=post><button name=a value=1>Oskar oskar@example.test</button><button name=a value=2>Maya maya</button><button name=a value=0>Use another account</button></form>`,
		want: "chooser: [Maya maya]"},
	{name: "en, account chooser without hers", html: `<h1>Pick an account</h1><div role=button>oskar@example.test</div><div role=button tabindex=0>Use another account</div>`, want: "chooser: [Use another account]"},
	{name: "en, passkey with another way", html: `<h1>Use your passkey</h1><form method=post><button type=button>Continue with passkey</button><a role=button href=#>Try another way</a></form>`, want: "passkey: [Try another way]"},
	{name: "en, passkey only", html: `<h1>Insert your security key</h1><p>Touch it.</p>`, want: "passkey: end"},
	{name: "en, code from a message", html: `<h1>Check your phone</h1><form method=post><input name=otp autocomplete=one-time-code inputmode=numeric><button>Verify</button></form>`, want: "code: end"},
	{name: "en, captcha words", html: `<h1>Unusual traffic</h1><p>Please verify you are human.</p>`, want: "captcha: end"},
	{name: "reCAPTCHA", html: `<p>One moment</p><iframe src="https://www.google.com/recaptcha/api2/anchor?k=1&size=normal"></iframe>`, want: "captcha: end"},
	{name: "hCaptcha", html: `<p>One moment</p><iframe src="https://newassets.hcaptcha.com/captcha/v1/x"></iframe>`, want: "captcha: end"},
	{name: "Turnstile", html: `<p>One moment</p><iframe src="https://challenges.cloudflare.com/cdn-cgi/x"></iframe>`, want: "captcha: end"},
	{name: "captcha in the background beside a login", html: `<form method=post><input name=user>` + password + `<button>Log in</button></form><iframe src="https://www.google.com/recaptcha/api2/anchor?size=invisible"></iframe>`,
		want: "login: user=maya pw=secret [Log in]"},
	{name: "captcha after a login", html: `<form method=post><input name=user>` + password + `<button>Log in</button></form><iframe src="https://newassets.hcaptcha.com/captcha/v1/x"></iframe>`,
		done: "logged in", want: "captcha: end"},
	{name: "no form elements", html: `<div><input placeholder="Email address" type=email>` + `<input type=password placeholder=Password><div role=button>Continue</div></div>`, want: "login: Email address=maya Password=secret [Continue]"},
	{name: "no button", html: `<form method=post><input name=user>` + password + `</form>`, want: "login: user=maya pw=secret []"},
	{name: "de, login", html: `<form method=post><label>Benutzername <input name=n></label>` + password + `<a href=/v>Passwort vergessen?</a><input type=submit value=Anmelden></form>`, want: "login: n=maya pw=secret [Anmelden]"},
	{name: "de, consent", html: `<h1>Acme möchte auf Ihr Konto zugreifen</h1><form method=post><button>Zugriff nicht erlauben</button><button>Zugriff erlauben</button></form>`, want: "consent: [Zugriff erlauben]"},
	{name: "de, consent denied", html: `<form method=post><button>Erlauben</button><button>Abbrechen</button></form>`, walk: pages.Walk{Decision: pages.Deny}, want: "consent: [Abbrechen]"},
	{name: "de, wrong password", html: `<form method=post><p>Das Passwort ist falsch.</p><input name=n>` + password + `<button>Anmelden</button></form>`, done: "logged in", want: "login: end refused", message: "Das Passwort ist falsch"},
	{name: "fr, two steps", html: `<form method=post><label>Identifiant ou courriel <input name=x type=text></label><button>Suivant</button></form>`, want: "username: x=maya [Suivant]"},
	{name: "fr, consent", html: `<form method=post><button>Refuser</button><button>Autoriser l’application</button></form>`, want: "consent: [Autoriser l’application]"},
	{name: "fr, locked", html: `<form method=post><p>Votre compte est bloqué.</p><input name=n>` + password + `<button>Se connecter</button></form>`, done: "logged in", want: "locked: end refused", message: "Votre compte est bloqué"},
	{name: "es, login", html: `<form method=post><label>Correo electrónico <input name=c></label>` + password + `<button>¿Olvidó su contraseña?</button><button>Iniciar sesión</button></form>`, want: "login: c=maya pw=secret [Iniciar sesión]"},
	{name: "es, consent denied", html: `<form method=post><button>Rechazar</button><button>Permitir</button></form>`, walk: pages.Walk{Decision: pages.Deny}, want: "consent: [Rechazar]"},
	{name: "it, consent", html: `<form method=post><button>Annulla</button><button>Consenti</button></form>`, want: "consent: [Consenti]"},
	{name: "pt, consent", html: `<form method=post><button>Não permitir</button><button>Permitir</button></form>`, want: "consent: [Permitir]"},
	{name: "pt, login", html: `<form method=post><input name=u placeholder="Usuário">` + password + `<button>Entrar</button></form>`, want: "login: u=maya pw=secret [Entrar]"},
	{name: "nl, consent", html: `<form method=post><button>Niet toestaan</button><button>Toestaan</button></form>`, want: "consent: [Toestaan]"},
	{name: "pl, login and consent words", html: `<form method=post><input name=u>` + password + `<button>Zaloguj się</button></form>`, want: "login: u=maya pw=secret [Zaloguj się]"},
	{name: "pl, consent", html: `<form method=post><button>Nie zezwalaj</button><button>Zezwól</button></form>`, want: "consent: [Zezwól]"},
	{name: "sv, consent denied", html: `<form method=post><button>Tillåt</button><button>Tillåt inte</button></form>`, walk: pages.Walk{Decision: pages.Deny}, want: "consent: [Tillåt inte]"},
	{name: "ja, login", html: `<form method=post><label>メールアドレス <input name=m type=email></label>` + password + `<button>新規登録</button><button>ログイン</button></form>`, want: "login: m=maya pw=secret [ログイン]"},
	{name: "ja, consent", html: `<form method=post><button>許可しない</button><button>アクセスを許可</button></form>`, want: "consent: [アクセスを許可]"},
	{name: "error page", html: `<h1>Invalid request</h1><p>redirect_uri is not registered.</p><a href=/>Home</a>`, want: "other: end", message: "Invalid request redirect_uri is not registered"},
	{name: "blank", html: ``, want: "blank: end"},
}

// described is a plan in the words of the samples.
func described(plan pages.Plan) string {
	words := []string{string(plan.Kind) + ":"}
	named := func(f *pages.Field) string {
		if f.Name == "" {
			return f.Label
		}
		return f.Name
	}
	if plan.Done {
		words = append(words, "end")
		if plan.Refused {
			words = append(words, "refused")
		}
		return strings.Join(words, " ")
	}
	for _, one := range plan.Fill {
		words = append(words, named(one.Field)+"="+one.Value)
	}
	for _, one := range plan.Untick {
		words = append(words, "-"+named(one))
	}
	for _, one := range plan.Tick {
		words = append(words, "+"+named(one))
	}
	if plan.Press == nil {
		return strings.Join(append(words, "[]"), " ")
	}
	return strings.Join(append(words, "["+plan.Press.Text+"]"), " ")
}

// decided is what the person of a sample does on the page as it was read.
func (s sample) decided(p pages.Page) pages.Plan {
	w := s.walk
	w.Username, w.Password = "maya", "secret"
	if w.Decision == "" {
		w.Decision = pages.Allow
	}
	plan, _ := pages.Decide(p, w, pages.Progress{Named: s.done != "", LoggedIn: s.done == "logged in"})
	return plan
}
