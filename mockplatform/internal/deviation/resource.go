package deviation

// resourceEntries are the defects of the API and signed tokens.
var resourceEntries = map[Deviation]Entry{}
