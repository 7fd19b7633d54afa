package deviation

// documentEntries are the defects of metadata, revocation, introspection, pushed requests and TLS.
var documentEntries = map[Deviation]Entry{}
