package deviation

// authorizeEntries are the defects of the authorization endpoint.
var authorizeEntries = map[Deviation]Entry{}
