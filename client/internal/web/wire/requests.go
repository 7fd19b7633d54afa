package wire

// Connect is the body of POST /api/platforms/{platform}/connect.
type Connect struct {
	// Scopes to ask for; empty means all that the integration lists.
	Scopes []string `json:"scopes,omitempty"`
}

// Password is the body of POST /api/platforms/{platform}/password. The
// credentials are used once and not kept (S004-10 to S004-12).
type Password struct {
	Login    string `json:"login"`
	Password string `json:"password"`
}

// Callback is the body of POST /api/oauth/callback: the query of the
// authorization response exactly as the browser received it, so that one
// parser judges it (RFC 6749 section 4.1.2).
type Callback struct {
	Query string `json:"query"`
}

// ChangeApplication is the body of PATCH /api/applications/{platform}; members
// left out stay as they are.
type ChangeApplication struct {
	Name         *string  `json:"name,omitempty"`
	Website      *string  `json:"website,omitempty"`
	Description  *string  `json:"description,omitempty"`
	RedirectURIs []string `json:"redirect_uris,omitempty"`
}
