package deviation

// pageEntries are the defects of login, consent and customer pages.
var pageEntries = map[Deviation]Entry{}
