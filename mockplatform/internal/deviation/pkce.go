package deviation

// pkceEntries are the defects of PKCE.
var pkceEntries = map[Deviation]Entry{}
