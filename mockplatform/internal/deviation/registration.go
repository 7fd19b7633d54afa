package deviation

// registrationEntries are the defects of registration and an application's own account.
var registrationEntries = map[Deviation]Entry{}
