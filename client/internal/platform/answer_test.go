package platform

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

// CL-32 to CL-37, CL-39, TX-08, TX-16: what counts as a token answer, and how
// long a token lives.
func TestParseTokenAnswer(t *testing.T) {
	const good = `"access_token":"a","token_type":"Bearer"`
	for name, row := range map[string]struct {
		body     string
		class    Class // of the failure; empty: success
		lifetime time.Duration
		stated   bool
	}{
		"seconds":               {`{` + good + `,"expires_in":1199}`, "", 1199 * time.Second, true},
		"text":                  {`{` + good + `,"expires_in":"1199"}`, "", 1199 * time.Second, true},
		"float":                 {`{` + good + `,"expires_in":1199.0}`, "", 1199 * time.Second, true},
		"text float":            {`{` + good + `,"expires_in":"3599.5"}`, "", 3600 * time.Second, true},
		"exponent":              {`{` + good + `,"expires_in":1.2e3}`, "", 1200 * time.Second, true},
		"below a second":        {`{` + good + `,"expires_in":0.2}`, "", time.Second, true},
		"missing":               {`{` + good + `}`, "", DefaultLifetime, false},
		"null":                  {`{` + good + `,"expires_in":null}`, "", DefaultLifetime, false},
		"zero":                  {`{` + good + `,"expires_in":0}`, "", DefaultLifetime, false},
		"negative":              {`{` + good + `,"expires_in":-1}`, "", DefaultLifetime, false},
		"empty":                 {`{` + good + `,"expires_in":""}`, "", DefaultLifetime, false},
		"date":                  {`{` + good + `,"expires_in":"tomorrow"}`, "", DefaultLifetime, false},
		"list":                  {`{` + good + `,"expires_in":[20]}`, "", DefaultLifetime, false},
		"not a number":          {`{` + good + `,"expires_in":"NaN"}`, "", DefaultLifetime, false},
		"huge":                  {`{` + good + `,"expires_in":1000000000000}`, "", maxLifetime, true},
		"beyond float":          {`{` + good + `,"expires_in":1e999}`, "", maxLifetime, true},
		"infinite":              {`{` + good + `,"expires_in":"Inf"}`, "", maxLifetime, true},
		"lower-case type":       {`{"access_token":"a","token_type":"bearer"}`, "", DefaultLifetime, false},
		"upper-case type":       {`{"access_token":"a","token_type":"BEARER"}`, "", DefaultLifetime, false},
		"extra members":         {`{` + good + `,"x":{"y":[1,null]},"id_token":null,"error":null,"error_description":"x"}`, "", DefaultLifetime, false},
		"mac":                   {`{"access_token":"a","token_type":"mac"}`, ClassUnparseable, 0, false},
		"no type":               {`{"access_token":"a"}`, ClassUnparseable, 0, false},
		"type is a number":      {`{"access_token":"a","token_type":1}`, ClassUnparseable, 0, false},
		"no access token":       {`{"token_type":"Bearer","refresh_token":"r"}`, ClassUnparseable, 0, false},
		"empty access token":    {`{"access_token":"","token_type":"Bearer"}`, ClassUnparseable, 0, false},
		"invalid_grant in 200":  {`{` + good + `,"error":"invalid_grant"}`, ClassGrant, 0, false},
		"bad_refresh_token":     {`{"error":"bad_refresh_token"}`, ClassGrant, 0, false},
		"invalid_client in 200": {`{"error":"invalid_client"}`, ClassConfiguration, 0, false},
		"unknown error in 200":  {`{"error":"out_to_lunch"}`, ClassUnparseable, 0, false},
		"HTML":                  {`<html>`, ClassUnparseable, 0, false},
		"nothing":               {``, ClassUnparseable, 0, false},
		"null document":         {`null`, ClassUnparseable, 0, false},
		"list document":         {`[]`, ClassUnparseable, 0, false},
		"truncated":             {`{"access_token":"a","tok`, ClassUnparseable, 0, false},
		"oversized token":       {`{"token_type":"Bearer","access_token":"` + strings.Repeat("a", maxToken+1) + `"}`, ClassUnparseable, 0, false},
	} {
		t.Run(name, func(t *testing.T) {
			answer, err := ParseTokenAnswer("refresh", []byte(row.body))
			failure := FailureOf(err)
			if row.class == "" {
				if err != nil || answer.AccessToken != "a" || answer.Lifetime != row.lifetime || answer.LifetimeStated != row.stated {
					t.Errorf("got %v for %s (stated %t), error %v; want %v (stated %t)",
						answer.AccessToken.Reveal(), answer.Lifetime, answer.LifetimeStated, err, row.lifetime, row.stated)
				}
				return
			}
			if failure == nil || failure.Class != row.class {
				t.Errorf("error = %v, want class %s", err, row.class)
			}
		})
	}
}

func TestTokenAnswerMembers(t *testing.T) {
	long := strings.Repeat("x", 8<<10)
	for name, row := range map[string]struct {
		member string
		stated bool
		scopes []string
	}{
		"none":           {``, false, nil},
		"null":           {`,"scope":null`, false, nil},
		"one":            {`,"scope":"ads.read"`, true, []string{"ads.read"}},
		"two":            {`,"scope":"ads.read  ads.write"`, true, []string{"ads.read", "ads.write"}},
		"empty":          {`,"scope":""`, true, []string{}},
		"a list":         {`,"scope":["ads.read"]`, true, []string{"ads.read"}},
		"a number":       {`,"scope":7`, false, nil},
		"a list of null": {`,"scope":{}`, false, nil},
	} {
		t.Run(name, func(t *testing.T) {
			answer, err := ParseTokenAnswer("exchange", fmt.Appendf(nil,
				`{"access_token":%q,"refresh_token":%q,"token_type":"bearer"%s}`, long, long+"r", row.member))
			if err != nil || answer.AccessToken.Reveal() != long || answer.RefreshToken.Reveal() != long+"r" {
				t.Fatalf("tokens of 8 kB were not kept unchanged: %v", err)
			}
			if answer.ScopeStated != row.stated || !slices.Equal(answer.Scopes, row.scopes) {
				t.Errorf("scopes = %v (stated %t), want %v (stated %t)", answer.Scopes, answer.ScopeStated, row.scopes, row.stated)
			}
		})
	}
}

// The refresh token of a success that is of no other use is handed on.
func TestUnusableAnswerKeepsItsRefreshToken(t *testing.T) {
	for _, body := range []string{
		`{"access_token":"a","token_type":"mac","refresh_token":"r2"}`,
		`{"token_type":"bearer","refresh_token":"r2"}`,
	} {
		_, err := ParseTokenAnswer("refresh", []byte(body))
		if failure := FailureOf(err); failure == nil || failure.RefreshToken != "r2" {
			t.Errorf("%s: failure %v without its refresh token", body, err)
		}
	}
}

func FuzzParseTokenAnswer(f *testing.F) {
	f.Add([]byte(`{"access_token":"a","token_type":"Bearer","expires_in":"1e3","scope":["x"]}`))
	f.Add([]byte(`{"error":"invalid_grant"}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		answer, err := ParseTokenAnswer("refresh", body)
		if err == nil && (answer.AccessToken == "" || answer.Lifetime <= 0 || answer.Lifetime > maxLifetime) {
			t.Errorf("accepted %q: lifetime %s", body, answer.Lifetime)
		}
		if err != nil && FailureOf(err) == nil {
			t.Errorf("error %v is no Failure", err)
		}
	})
}
