package report

import (
	"net/http"
	"time"

	"github.com/mint-conformance/mint/steps/catalogue"
	"github.com/mint-conformance/mint/steps/exchange"
)

// jsonCheck is one check and what it came to.
type jsonCheck struct {
	ID        string               `json:"id"`
	Title     string               `json:"title"`
	Level     catalogue.Level      `json:"level"`
	Status    Status               `json:"status"`
	Reason    string               `json:"reason,omitempty"`
	Expected  string               `json:"expected,omitempty"`
	Got       string               `json:"got,omitempty"`
	Warnings  []string             `json:"warnings,omitempty"`
	Citations []catalogue.Citation `json:"citations"`
	Why       string               `json:"why"`
	Mend      string               `json:"mend"`
	Scenario  string               `json:"scenario"`
	Exchanges []jsonExchange       `json:"exchanges"`
}

type jsonExchange struct {
	Number   int               `json:"number"`
	About    string            `json:"about"`
	Control  bool              `json:"positive_control"`
	Browser  bool              `json:"browser"`
	At       time.Time         `json:"at"`
	TookMS   float64           `json:"took_ms"`
	Request  jsonMessage       `json:"request"`
	Response *jsonMessage      `json:"response,omitempty"`
	Error    string            `json:"error,omitempty"`
	Claims   map[string]string `json:"claims,omitempty"`
	Curl     string            `json:"curl"`
}

type jsonMessage struct {
	Method string      `json:"method,omitempty"`
	URL    string      `json:"url,omitempty"`
	Status int         `json:"status,omitempty"`
	Header http.Header `json:"headers"`
	Body   string      `json:"body,omitempty"`
}

func jsonOfCheck(sc Scenario) jsonCheck {
	c := jsonCheck{
		ID: sc.Judged.ID, Title: sc.Judged.Title, Level: sc.Judged.Level, Status: sc.Status, Reason: sc.Reason,
		Expected: sc.Expected, Got: sc.Got, Warnings: sc.Warnings, Citations: sc.Judged.Citations,
		Why: sc.Judged.Why, Mend: sc.Judged.Mend, Scenario: sc.ID, Exchanges: []jsonExchange{},
	}
	for _, e := range sc.Exchanges {
		c.Exchanges = append(c.Exchanges, jsonOfExchange(e))
	}
	return c
}

func jsonOfExchange(e exchange.Exchange) jsonExchange {
	j := jsonExchange{
		Number: e.Number, About: e.About, Control: e.Control, Browser: e.Browser, At: e.At.UTC(), TookMS: milliseconds(e.Took),
		Request: jsonMessage{Method: e.Method, URL: e.URL, Header: orNoHeader(e.RequestHeader), Body: e.RequestBody},
		Error:   e.Err, Claims: e.Claims, Curl: e.Curl(),
	}
	if e.Status != 0 {
		j.Response = &jsonMessage{Status: e.Status, Header: orNoHeader(e.Header), Body: excerpt(e.Body)}
	}
	return j
}

func orNoHeader(h http.Header) http.Header {
	if h == nil {
		return http.Header{}
	}
	return h
}

// maxShown is how much of a body a report shows.
const maxShown = 4 << 10

// excerpt is the beginning of a body.
func excerpt(body string) string {
	if len(body) <= maxShown {
		return printable(body)
	}
	return printable(body[:maxShown]) + "\n… (" + Bytes(len(body)) + " in all)"
}
