package resource

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"github.com/mint-conformance/mint/mockplatform/internal/oauth"
	"github.com/mint-conformance/mint/mockplatform/internal/web/wire"
)

// query reads the query and refuses names that the operation does not know
// and names sent twice, since a misspelt filter would silently show too much.
func query(e *wire.Exchange, known ...string) (url.Values, *oauth.Error) {
	values, err := url.ParseQuery(e.URL.RawQuery)
	if err != nil {
		return nil, oauth.NewError(oauth.InvalidRequest, "the query is not well formed")
	}
	for name, all := range values {
		if !slices.Contains(known, name) {
			return nil, oauth.NewError(oauth.InvalidRequest, "the query parameter "+oauth.Echo(name)+" is unknown here")
		}
		if len(all) > 1 {
			return nil, oauth.NewError(oauth.InvalidRequest, "the query parameter "+name+" was sent more than once")
		}
	}
	return values, nil
}

// number reads a whole number, 0 when it is absent.
func number(values url.Values, name string) (int, *oauth.Error) {
	text := values.Get(name)
	if text == "" {
		return 0, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 {
		return 0, oauth.NewError(oauth.InvalidRequest, name+" must be a whole number from 1 on")
	}
	return n, nil
}

// decode reads a JSON body strictly.
func decode(e *wire.Exchange, into any) *oauth.Error {
	if !e.Has("application/json") {
		return oauth.NewError(oauth.InvalidRequest, "send the body as application/json").WithStatus(http.StatusUnsupportedMediaType)
	}
	decoder := json.NewDecoder(bytes.NewReader(e.Payload))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(into); err != nil {
		return oauth.NewError(oauth.InvalidRequest, "the body is not the expected JSON document: "+oauth.Echo(err.Error()))
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return oauth.NewError(oauth.InvalidRequest, "the body holds more than one JSON document")
	}
	return nil
}

// refused turns a domain error about a field into a 400.
func refused(err error) *oauth.Error {
	return oauth.NewError(oauth.InvalidRequest, oauth.Echo(err.Error()))
}
