package foreign

import (
	"slices"
	"testing"

	"github.com/mint-conformance/mint/steps/report"
)

// defect is something that is known to be wrong or missing in go-oauth2's stock
// manager and server; the numbers are those that the table of verdicts uses.
type defect struct {
	number int
	what   string
	found  []string // by these checks
	// unseen says why no check can or need find it.
	unseen string
}

var defects = []defect{
	{1, "its time is the machine's", nil, "a client sees none of it"},
	{2, "a code can be redeemed by several at once", []string{"CG-08"}, ""},
	{3, "a refresh token can be used by several at once", []string{"RR-06"}, ""},
	{4, "a replayed code leaves its tokens alive", []string{"CG-03"}, ""},
	{5, "a refresh authenticates no client", []string{"RF-02", "RF-03"}, ""},
	{6, "a refresh may widen the scope", []string{"RF-05"}, ""},
	{7, "rotation is two switches", nil, "it is on, and right but for 3, 5 and 6"},
	{8, "a reuse of a spent refresh token is not noticed", []string{"RR-03"}, ""},
	{9, "sliding is two switches", nil, "it is off"},
	{10, "refresh tokens have no cap", nil, "lawful, and the successor inherits its end here"},
	{11, "redirect URIs are compared by the end of their host", []string{"AZ-03"}, ""},
	{12, "an open redirect", []string{"AZ-01", "AZ-02"}, ""},
	{13, "a redirect URI that is left out is taken from the domain", nil, "lawful with one registered; the library cannot be given two, for AZ-05"},
	{14, "errors of the authorization request are not redirected", []string{"AZ-06"}, ""},
	{15, "no PKCE is needed, and plain is allowed", []string{"PK-05", "PK-06"}, ""},
	{16, "missing verifiers and challenges are failures of the server", []string{"PK-03", "PK-04"}, ""},
	{17, "errors have the wrong status, or are failures of the server", []string{"TK-07", "TK-08", "CG-05", "CG-06"}, ""},
	{18, "no WWW-Authenticate", []string{"TK-10"}, ""},
	{19, "answers may be cached", nil, "they may not: the library is right"},
	{20, "the fragment of the implicit grant is not escaped", []string{"AZ-07"}, ""},
	{21, "no iss in answers", nil, "lawful, since nothing announces it"},
	{22, "query and form are one", []string{"TK-12"}, ""},
	{23, "the first of several values wins", []string{"AZ-10", "TK-15"}, ""},
	{24, "JSON, multipart and broken encodings are taken or misread", nil, "no rule is broken: JSON gives no tokens here, of which TK-02 would warn; RFC 6749 asks servers to take forms and forbids neither multipart nor to overlook a broken escape beside good parameters"},
	{25, "Basic credentials are not decoded", nil, "the README takes the handler for the body; TestBasicOfTheStockServer has the other"},
	{26, "one way of client authentication, and the other is not seen", []string{"TK-11", "TK-13"}, ""},
	{27, "secrets are not compared in constant time", nil, "cannot be told from outside in an afternoon"},
	{28, "no grants of later RFCs", nil, "lawful"},
	{29, "no scope is compared with anything", []string{"AZ-11"}, ""},
	{30, "a life of 0 means none", nil, "a question of configuration; the default has lives"},
	{31, "refresh tokens with client credentials are a switch", nil, "it is off"},
	{32, "the token type is a setting", nil, "it is Bearer"},
	{33, "the API takes one spelling of Bearer, and tokens in the query, and has no challenge", []string{"PR-01"}, ""},
	{34, "an access token ends with its refresh token", nil, "the lives are days apart"},
	{35, "signed tokens without an id of their own", nil, "they are opaque by default"},
	{36, "what a revocation ends depends on the store", nil, "there is no endpoint for it"},
	{37, "no introspection, revocation, metadata, registration and keys", nil, "lawful: each is an offer"},
	{38, "an access token in the place of a code is a failure of the server", nil, "no rule has a client send it: RFC 6749 section 5.2 asks for invalid_grant, and TK-07, which fails here, judges that by a made-up code, without needing a login"},
}

func TestEveryDefectIsFound(t *testing.T) {
	e := expectations(t, "stock.yaml")
	for i, d := range defects {
		if i > 0 && defects[i-1].number >= d.number {
			t.Errorf("defect %d comes twice or too late", d.number)
		}
		if (len(d.found) == 0) == (d.unseen == "") {
			t.Errorf("defect %d has to be found by checks, or to say why it is not", d.number)
		}
		for _, id := range d.found {
			if is := e.Other[id].Is; !slices.Contains([]report.Status{report.Fail, report.Warn}, is) {
				t.Errorf("defect %d (%s): %s is to find it, and is %q", d.number, d.what, id, is)
			}
		}
	}
}
