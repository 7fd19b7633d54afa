package deviation

// The defects of a whole server.
const (
	TLSPlainHTTP  Deviation = "tls.plain_http=serve"
	TLSExpired    Deviation = "tls.cert=expired"
	TLSSelfSigned Deviation = "tls.cert=self_signed"
	TLSWrongHost  Deviation = "tls.cert=wrong_host"
	TLSOld        Deviation = "tls.min=1.0"
)

// serverEntries are the defects of a whole server, which no profile can ask for.
var serverEntries = map[Deviation]Entry{
	TLSPlainHTTP:  {Doc: "the server answers plain HTTP at the ports of its TLS (of a whole server: --tls-fault plain_http)", Server: "plain_http"},
	TLSExpired:    {Doc: "the certificate has expired (of a whole server: --tls-fault expired)", Server: "expired"},
	TLSSelfSigned: {Doc: "the certificate is signed by nobody but itself (of a whole server: --tls-fault self_signed)", Server: "self_signed"},
	TLSWrongHost:  {Doc: "the certificate is made out to another host (of a whole server: --tls-fault wrong_host)", Server: "wrong_host"},
	TLSOld:        {Doc: "the server takes TLS 1.0 and 1.1 as well (of a whole server: --tls-fault old_versions)", Server: "old_versions"},
}
