package deviation

// The defects of PKCE.
const (
	PKCELongRefused     Deviation = "pkce.s256=rejected"
	PKCEUncompared      Deviation = "pkce.compare=skip"
	PKCEMissingAccepted Deviation = "pkce.missing_verifier=accept"
	PKCEDowngrade       Deviation = "pkce.downgrade=accept"
	PKCEPublicWithout   Deviation = "pkce.require_public=off"
	PKCEPlain           Deviation = "pkce.plain=on"
	PKCEUnknownIgnored  Deviation = "pkce.unknown_method=ignore"
	PKCELastSeen        Deviation = "pkce.bind=last_seen"
)

// pkceEntries are the defects of PKCE.
var pkceEntries = map[Deviation]Entry{
	PKCELongRefused:     {Doc: "refuses S256 for the longest verifiers, as a column too short for them would"},
	PKCEUncompared:      {Doc: "asks for a verifier and does not compare it with the challenge"},
	PKCEMissingAccepted: {Doc: "does without the verifier of a flow that began with a challenge"},
	PKCEDowngrade:       {Doc: "accepts a verifier for which there was no challenge"},
	PKCEPublicWithout:   {Doc: "gives public clients a code without a challenge"},
	PKCEPlain:           {Doc: "accepts the challenge method plain, also where none is named"},
	PKCEUnknownIgnored:  {Doc: "takes a request with an unknown challenge method as one without a challenge"},
	PKCELastSeen:        {Doc: "accepts for every code of a client the verifier of its newest flow"},
}
