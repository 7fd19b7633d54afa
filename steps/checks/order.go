package checks

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"

	"github.com/mint-conformance/mint/steps/exchange"
	"github.com/mint-conformance/mint/steps/target"
)

// order is one token request before it is sent: right, until changes are made
// to it. The places of credentials are those of RFC 6749 section 2.3.1.
type order struct {
	t           *trial
	form        url.Values // what the grant asks for, without credentials
	id, secret  string
	places      []string // where the credentials go: basic, body, query; none for the client_id alone
	method      string   // POST unless changed
	inQuery     bool     // the form goes into the query
	asJSON      bool     // the form goes into a JSON body
	contentType string   // instead of that of a form
}

// order is a right token request of a client; form is what its grant needs.
func (t *trial) order(client *target.Client, form url.Values) *order {
	copied := url.Values{}
	for name, values := range form {
		copied[name] = append([]string{}, values...)
	}
	return &order{t: t, form: copied, id: client.ID, secret: client.Secret, places: []string{client.Method}}
}

// request puts credentials and form in their places.
func (o *order) request(about string) exchange.Request {
	r := exchange.Request{About: about, URL: o.t.target.Endpoints.Token, Method: o.method, ContentType: o.contentType}
	form, query := maps.Clone(o.form), url.Values{}
	put := func(where url.Values, name, value string) {
		if value != "" && !where.Has(name) {
			where.Set(name, value)
		}
	}
	for _, place := range o.places {
		switch place {
		case "basic":
			r.BasicID, r.BasicSecret = o.id, o.secret
		case "query":
			put(query, "client_id", o.id)
			put(query, "client_secret", o.secret)
		case "none":
			put(form, "client_id", o.id)
		default:
			put(form, "client_id", o.id)
			put(form, "client_secret", o.secret)
		}
	}
	switch {
	case o.inQuery:
		maps.Copy(query, form)
	case o.asJSON:
		flat := map[string]string{}
		for name := range form {
			flat[name] = form.Get(name)
		}
		body, _ := json.Marshal(flat) // strings always work
		r.Body, r.ContentType = string(body), "application/json"
	default:
		r.Form = form
	}
	r.Query = query
	if r.Method == "" {
		r.Method = http.MethodPost
	}
	return r
}

// try sends a token request with changes (see changes.go), and keeps the
// answer to be judged. What is tried is told in the words of the changes.
func (t *trial) try(ctx context.Context, o *order, change string) error {
	if err := o.change(change); err != nil {
		return err
	}
	e, err := t.send.Do(ctx, o.request(change))
	t.tried(change, e)
	return err
}

// control sends a token request as it should be, changes apart that the server
// has to accept. No tokens means that the refusals beside it prove nothing.
func (t *trial) control(ctx context.Context, o *order, change string) error {
	if err := o.change(change); err != nil {
		return err
	}
	r := o.request("control: " + change)
	r.Control = true
	e, err := t.send.Do(ctx, r)
	if err != nil {
		return err
	}
	return t.controlled(change, e.Tokens(), e)
}

// change makes the changes that words tell, joined by ", ".
func (o *order) change(words string) error {
	for _, one := range changesIn(words) {
		if err := o.one(one); err != nil {
			return fmt.Errorf("%q: %w", words, err)
		}
	}
	return nil
}
