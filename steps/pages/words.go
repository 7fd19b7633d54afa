package pages

// The words by which pages, fields and buttons are known, in the languages that
// advertising platforms speak most: English, German, French, Spanish, Italian,
// Portuguese, Dutch, Polish, Swedish, Japanese. All are in lower case. Of words
// for buttons, "^" marks those that count at the beginning only, and "$" those
// that have to be all of it.
var (
	allowWords = []string{
		"allow", "authorize", "authorise", "approve", "grant", "accept", "agree", "give access", "give permission",
		"erlauben", "zulassen", "zustimmen", "genehmigen", "autorisieren", "gestatten", "gewähren", "akzeptieren",
		"autoriser", "permettre", "j'accepte", "accepter", "approuver", "donner accès", "accorder",
		"permitir", "autorizar", "conceder", "aceptar", "acepto", "aceitar", "aceito",
		"consenti", "acconsent", "autorizza", "concedi", "accetta", "permetti", "approva",
		"toestaan", "goedkeuren", "autoriseren", "accepteren", "akkoord",
		"zezwól", "zezwalam", "zezwalaj", "autoryzuj", "udziel", "akceptuj", "zgadzam",
		"tillåt", "godkänn", "auktorisera", "ge åtkomst", "acceptera",
		"許可", "承認", "同意", "許諾", "認可", "連携する",
	}
	// onWords go on with whatever the page is about.
	onWords = []string{
		"^continue", "^confirm", "^next", "^proceed", "^yes", "^ok$", "^got it", "^submit",
		"^weiter", "^fortfahren", "^bestätigen", "^ja$", "^ja,", "^continuer", "^confirmer", "^suivant", "^oui",
		"^continuar", "^confirmar", "^siguiente", "^seguinte", "^avançar", "^sí", "^sim",
		"^continua", "^conferma", "^avanti", "^doorgaan", "^verder", "^volgende", "^bevestig",
		"^kontynuuj", "^dalej", "^potwierdź", "^tak", "^fortsätt", "^nästa", "^bekräfta", "続行", "続ける", "次へ", "確認", "^はい",
	}
	denyWords = []string{
		"deny", "cancel", "reject", "decline", "refuse", "don't allow", "do not allow", "disagree", "disallow", "^no,", "^no$", "^not now", "^no thanks",
		"ablehnen", "abbrechen", "nicht erlauben", "nicht zulassen", "verweigern", "nicht zustimmen", "^nein",
		"refuser", "annuler", "ne pas autoriser", "je refuse", "^non$", "^non,", "denegar", "rechazar", "cancelar", "no permitir", "no autorizar",
		"recusar", "negar", "não permitir", "não autorizar", "^não", "nega", "rifiuta", "annulla", "non consentire", "non autorizzare",
		"weigeren", "annuleren", "niet toestaan", "^nee", "odmów", "odrzuć", "anuluj", "nie zezwalaj", "^nie$", "^nie,",
		"neka", "avbryt", "avvisa", "tillåt inte", "^nej", "拒否", "キャンセル", "許可しない", "同意しない", "^いいえ",
	}
	loginWords = []string{
		"log in", "login", "log on", "sign in", "signin", "einloggen", "anmelden", "anmeldung",
		"se connecter", "connexion", "s'identifier", "me connecter", "iniciar sesión", "inicia sesión", "ingresar", "acceder", "entrar",
		"accedi", "entra", "iniciar sessão", "fazer login", "inloggen", "aanmelden", "meld je aan",
		"zaloguj", "logowanie", "logga in", "ログイン", "サインイン",
	}
	nameWords = []string{
		"user", "email", "e-mail", "login", "account", "identifier", "phone", "benutzer", "nutzer", "konto", "anmeldename",
		"identifiant", "courriel", "utilisateur", "usuario", "correo", "utente", "usuário", "utilizador", "gebruiker",
		"użytkownik", "adres e-mail", "användar", "e-post", "メール", "ユーザー", "アカウント", //nolint:misspell // Polish
	}
	codeWords = []string{
		"one-time", "otp", "verification code", "security code", "mfa", "2fa", "totp", "authenticator", "bestätigungscode", "einmalcode",
		"code de vérification", "código de verificación", "código de verificação", "codice di verifica", "verificatiecode",
		"kod weryfikacyjny", "verifieringskod", "認証コード", "確認コード",
	}
	searchWords = []string{"search", "suche", "recherche", "buscar", "cerca", "zoek", "szukaj", "sök", "検索", "newsletter", "coupon"}
	// astrayWords are in buttons that lead elsewhere.
	astrayWords = []string{
		"google", "facebook", "apple", "microsoft", "linkedin", "github", "amazon", "single sign", "sso", "passkey", "security key", "qr",
		"another account", "other account", "different account", "switch account", "anderes konto", "autre compte", "otra cuenta", "altro account", "outra conta",
		"ander account", "inne konto", "annat konto", "別のアカウント", "sign up", "register", "create", "registrieren", "s'inscrire", "créer", "registr", "crear", "crea ", "criar",
		"zarejestruj", "skapa konto", "新規登録", "forgot", "reset", "vergessen", "oublié", "olvid", "dimenticat", "esquec", "vergeten", "nie pamiętasz", "glömt", "忘れた",
		"show password", "hide password", "passwort anzeigen", "afficher le mot", "mostrar", "mostra", "toon", "pokaż", "visa lösen", "表示",
		"log out", "sign out", "abmelden", "déconnexion", "cookie", "language", "sprache", "langue",
	}
	bannerWords  = []string{"cookie", "クッキー", "ciasteczk"}
	rejectCookie = []string{
		"reject", "decline", "refuse", "only necessary", "necessary only", "essential", "ablehnen", "nur notwendige", "nur erforderliche", "refuser",
		"rechazar", "rifiuta", "rejeitar", "recusar", "weigeren", "odrzuć", "avvisa", "neka", "拒否",
	}
	closeCookie = []string{
		"accept", "agree", "allow", "got it", "ok", "close", "understood", "akzeptieren", "zustimmen", "verstanden", "accepter", "aceptar", "accetta",
		"aceitar", "accepteren", "akkoord", "akceptuj", "zgadzam", "acceptera", "godkänn", "同意", "閉じる",
	}
	noticeWords = []string{
		"stay signed in", "stay logged in", "keep me signed in?", "angemeldet bleiben?", "rester connecté ?", "mantener la sesión iniciada?", "rimanere connesso?",
		"updated our terms", "terms of service have changed", "nutzungsbedingungen geändert", "add a recovery", "protect your account", "turn on notifications",
	}
	chooserWords = []string{
		"choose an account", "pick an account", "select an account", "choose account", "konto auswählen", "wähle ein konto", "choisissez un compte", "choisir un compte",
		"elige una cuenta", "selecciona una cuenta", "scegli un account", "escolha uma conta", "kies een account", "wybierz konto", "välj ett konto", "アカウントを選択", "アカウントの選択",
	}
	anotherWords = []string{
		"another account", "other account", "different account", "not you", "switch account", "anderes konto", "konto wechseln", "autre compte", "otra cuenta",
		"altro account", "outra conta", "ander account", "inne konto", "annat konto", "別のアカウント",
	}
	// accessWords are in what a page says where one button goes on with a consent.
	accessWords = []string{
		"access", "permission", "authoriz", "authoris", "on your behalf", "zugriff", "zugreifen", "berechtigung", "accès", "accéder", "autoris", "acceso", "permiso",
		"accesso", "autorizz", "acesso", "permiss", "toegang", "dostęp", "uprawnie", "åtkomst", "behörighet", "アクセス", "許可", "権限",
	}
	captchaWords = []string{
		"captcha", "are you a robot", "not a robot", "verify you are human", "are you human", "unusual traffic", "kein roboter", "pas un robot", "no eres un robot",
		"no soy un robot", "non sono un robot", "não sou um robô", "geen robot", "nie jestem robotem", "inte en robot", "ロボットではありません", "checking your browser",
	}
	captchaFrames = []string{"/recaptcha/", "recaptcha.net", "hcaptcha.com", "challenges.cloudflare.com", "arkoselabs.com", "funcaptcha.com", "geetest.com", "captcha-delivery.com"}
	passkeyWords  = []string{"passkey", "security key", "windows hello", "touch id", "sicherheitsschlüssel", "clé d'accès", "clé de sécurité", "llave de acceso", "chiave di accesso", "chave de acesso", "klucz dostępu", "パスキー"}
	// the other way round a passkey, the more telling words first
	passwordWayWords = []string{"password", "passwort", "mot de passe", "contraseña", "senha", "palavra-passe", "wachtwoord", "hasł", "lösenord", "パスワード"}
	otherWayWords    = []string{"another way", "other way", "other options", "andere möglichkeit", "andere option", "autre méthode", "otra forma", "otra manera", "altro modo", "outra forma", "andere manier", "inny sposób", "annat sätt", "別の方法"}
	lockedWords      = []string{
		"account is locked", "account has been locked", "account locked", "temporarily locked", "locked out", "account is disabled", "account has been disabled", "account suspended", "too many attempts", "too many failed", "too many login",
		"konto gesperrt", "konto ist gesperrt", "konto wurde gesperrt", "vorübergehend gesperrt", "zu viele versuche", "zu viele fehl", "compte est bloqué", "compte bloqué", "compte verrouillé", "compte a été bloqué", "trop de tentatives",
		"cuenta bloqueada", "cuenta está bloqueada", "cuenta ha sido bloqueada", "demasiados intentos", "account bloccato", "account è bloccato", "troppi tentativi", "conta bloqueada", "conta foi bloqueada", "muitas tentativas", "demasiadas tentativas",
		"account is geblokkeerd", "account geblokkeerd", "te veel pogingen", "konto zablokowane", "konto zostało zablokowane", "zbyt wiele prób", "kontot är låst", "kontot har låsts", "för många försök", "ロックされ", "試行回数",
	}
	wrongWords = []string{
		"incorrect", "wrong", "invalid", "not match", "doesn't match", "couldn't find", "not recogni", "try again", "falsch", "ungültig", "stimmt nicht", "nicht korrekt",
		"incorrecte", "erroné", "invalide", "incorrect", "no es correct", "inválid", "errat", "non valid", "non corrett", "onjuist", "ongeldig", "nieprawidłow", "błędn", "fel ", "felaktig", "間違", "正しくありません",
	}
)
