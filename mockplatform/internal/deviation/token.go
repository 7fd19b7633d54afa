package deviation

// tokenEntries are the defects of the token endpoint, whatever the grant.
var tokenEntries = map[Deviation]Entry{}
