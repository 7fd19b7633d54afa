package deviation

// codeEntries are the defects of authorization codes.
var codeEntries = map[Deviation]Entry{}
