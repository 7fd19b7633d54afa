package partner

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/mint-conformance/mint/steps/document"
	"github.com/mint-conformance/mint/steps/pages"
	"github.com/mint-conformance/mint/steps/verdict"
)

// Document is a partner's file as it is written.
type Document struct {
	Name      string    `yaml:"name" doc:"what reports call the server; the file's name if it is left out"`
	Issuer    string    `yaml:"issuer" doc:"the issuer; its metadata document (RFC 8414) then names the endpoints"`
	Endpoints Endpoints `yaml:"endpoints" doc:"addresses that no metadata document names; they win over it"`
	Clients   Clients   `yaml:"clients" doc:"applications that are registered on the server for these checks"`
	Redirect  Redirect  `yaml:"redirect" doc:"how answers to authorization requests reach the client"`
	Customers Customers `yaml:"customers" doc:"test accounts"`
	Scopes    []string  `yaml:"scopes" doc:"what the main client asks for; the first alone has to make sense too"`
	Resource  string    `yaml:"resource" doc:"the address of something that the first customer's token may GET"`
	Writable  *Writable `yaml:"writable" doc:"a change that does no harm"`
	Refresh   Refresh   `yaml:"refresh" doc:"how refresh tokens are documented to behave"`
	Lifetimes Lifetimes `yaml:"lifetimes" doc:"documented lives"`
	Expect    Expect    `yaml:"expect" doc:"documented behaviour that differs from the RFCs' usual form"`
	// Features says what the server has where neither the file nor the metadata
	// show it, and what it does not have.
	Features map[string]bool `yaml:"features" doc:"what the server has or has not, by the names of the catalogue"`
	// Pages is browser unless written.
	Pages string       `yaml:"pages" enum:"browser,plain" doc:"how login and consent pages are visited: in a real browser, or in plain HTTP, which takes pages that work without scripts; browser if left out"`
	Login []pages.Step `yaml:"login" doc:"what a person does on login pages that cannot be guessed"`
	// Allow is nil if the file does not speak of it.
	Allow   []string        `yaml:"allow" enum:"noisy,ends_grants" doc:"what checks may do: noisy (leave traces, many errors), ends_grants (end the test customer's grants); ends_grants alone if left out"`
	CAFile  string          `yaml:"ca_file" doc:"certificates in PEM that the server's own one is signed by"`
	Rate    *float64        `yaml:"rate" doc:"requests per second, at most; 5 if left out"`
	Waivers []verdict.Entry `yaml:"waivers" doc:"checks that are known to fail because the server is documented so"`

	// File is where it was read from, and Title what reports call it.
	File  string `yaml:"-"`
	Title string `yaml:"-"`
}

// Endpoints are absolute addresses.
type Endpoints struct {
	Authorize   string `yaml:"authorize" doc:"authorization endpoint"`
	Token       string `yaml:"token" doc:"token endpoint"`
	Revoke      string `yaml:"revoke" doc:"revocation endpoint, RFC 7009"`
	Introspect  string `yaml:"introspect" doc:"introspection endpoint, RFC 7662"`
	Register    string `yaml:"register" doc:"registration endpoint, RFC 7591"`
	PAR         string `yaml:"par" doc:"pushed authorization requests, RFC 9126"`
	JWKS        string `yaml:"jwks" doc:"public keys of access tokens"`
	Metadata    string `yaml:"metadata" doc:"metadata document, if it is not where RFC 8414 says"`
	Portal      string `yaml:"portal" doc:"form on which developers register applications"`
	Connected   string `yaml:"connected" doc:"page that lists the applications a customer has connected"`
	Application string `yaml:"application" doc:"an application's own account"`
}

// Clients are registered applications; Main alone is needed.
type Clients struct {
	Main    *Client `yaml:"main" doc:"the application that customers connect"`
	Second  *Client `yaml:"second" doc:"another one with a secret of its own, to show that codes and tokens are bound"`
	Public  *Client `yaml:"public" doc:"one without a secret"`
	Native  *Client `yaml:"native" doc:"a native one with a loopback redirect URI, RFC 8252"`
	Two     *Client `yaml:"two" doc:"one with two redirect URIs"`
	Query   *Client `yaml:"query" doc:"one whose redirect URI has a query"`
	Machine *Client `yaml:"machine" doc:"one for the client credentials grant; may be the main one again"`
}

// Client is one registered application.
type Client struct {
	ID           string   `yaml:"id" doc:"client_id"`
	Secret       string   `yaml:"secret" doc:"client_secret; better in secret_env"`
	SecretEnv    string   `yaml:"secret_env" doc:"environment variable that holds the secret"`
	Auth         string   `yaml:"auth" enum:"basic,body,query,none" doc:"how it authenticates; by the metadata, or basic, if left out"`
	RedirectURIs []string `yaml:"redirect_uris" doc:"exactly as registered"`
	Name         string   `yaml:"name" doc:"the name that customers see"`
}

// Customers are test accounts.
type Customers struct {
	First        *Customer `yaml:"first" doc:"the one that grants access"`
	Second       *Customer `yaml:"second" doc:"another one with data of his own"`
	WithoutRight *Customer `yaml:"without_right" doc:"one who may not grant access to the account"`
}

// Customer is one test account.
type Customer struct {
	Username    string `yaml:"username" doc:"what is typed into the login form"`
	Password    string `yaml:"password" doc:"better in password_env"`
	PasswordEnv string `yaml:"password_env" doc:"environment variable that holds the password"`
	Name        string `yaml:"name" doc:"the name that the server shows"`
}

// Writable is a change that does no harm.
type Writable struct {
	Method string `yaml:"method" enum:"POST,PUT,PATCH" doc:"PUT if left out"`
	URL    string `yaml:"url" doc:"address"`
	Body   string `yaml:"body" doc:"JSON"`
}

// Refresh is how refresh tokens are documented.
type Refresh struct {
	Mode     string   `yaml:"mode" enum:"rotating,sliding" doc:"rotating: replaced at each use; sliding: stays and is prolonged"`
	Idle     Duration `yaml:"idle" doc:"life without use"`
	Absolute Duration `yaml:"absolute" doc:"life at most"`
	MaxUses  int      `yaml:"max_uses" doc:"how often it may be used"`
	Grace    Duration `yaml:"grace" doc:"how long a spent one still answers"`
	Renewed  string   `yaml:"renewed" enum:"fresh,inherited" doc:"whether a rotation starts the life anew or the successor inherits its end"`
	Family   bool     `yaml:"family" doc:"whether the reuse of a spent one ends the whole grant"`
}

// Lifetimes are documented lives.
type Lifetimes struct {
	Code   Duration `yaml:"code" doc:"of authorization codes"`
	Access Duration `yaml:"access" doc:"of access tokens"`
}

// Expect is documented behaviour.
type Expect struct {
	InvalidGrantStatus int `yaml:"invalid_grant_status" enum:"400,401" doc:"HTTP status of the error invalid_grant; 400 if left out"`
}

// Duration is a time span as files write it: 90s, 20m, 12h, 30d.
type Duration time.Duration

// UnmarshalYAML reads one.
func (d *Duration) UnmarshalYAML(n *yaml.Node) error {
	parsed, err := parseDuration(n.Value)
	if err != nil || n.Kind != yaml.ScalarNode {
		return &yaml.TypeError{Errors: []string{fmt.Sprintf("line %d: %q is no time span; write a number and s, m, h or d, such as 20m or 30d", n.Line, n.Value)}}
	}
	*d = Duration(parsed)
	return nil
}

func parseDuration(text string) (time.Duration, error) {
	var days time.Duration
	if before, rest, ok := strings.Cut(text, "d"); ok {
		n, err := strconv.Atoi(before)
		if err != nil || n < 0 || n > 36500 {
			return 0, fmt.Errorf("days %q", before)
		}
		days, text = time.Duration(n)*24*time.Hour, rest
		if text == "" {
			return days, nil
		}
	}
	rest, err := time.ParseDuration(text)
	if err == nil && rest < 0 {
		err = fmt.Errorf("%s is negative", text)
	}
	return days + rest, err
}

// Schema implements document.Schemed.
func (Duration) Schema() map[string]any {
	return map[string]any{"type": "string", "pattern": `^([0-9]+d)?([0-9.]+(h|ms|m|s))*$`}
}

// Schema is the JSON Schema of a partner's file.
func Schema() []byte { return document.Schema("Partner's server for conformance checks", Document{}) }
