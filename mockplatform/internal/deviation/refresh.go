package deviation

// refreshEntries are the defects of refresh tokens.
var refreshEntries = map[Deviation]Entry{}
