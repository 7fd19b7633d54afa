package issuer

import (
	"encoding/json"
	"testing"
)

func TestExpiresInForms(t *testing.T) {
	for _, row := range []struct {
		form   string
		life   int64
		number int64
		sent   string
	}{
		{"exact", 1200, 1200, "1200"},
		{"exact", 0, 0, "0"},
		{"minus_one", 1200, 1199, "1199"},
		{"minus_one", 0, 0, "0"},
		{"string", 1200, 1200, `"1200"`},
		{"float", 1200, 1200, "1199.5"},
		{"float", 1, 1, "0.5"},
		{"float", 0, 0, "0.0"},
		{"lying", 1200, 2400, "2400"},
		{"absent", 1200, 1200, ""},
	} {
		number, sent := expiresIn(row.form, row.life)
		if number != row.number {
			t.Errorf("%s of %d: %d, want %d", row.form, row.life, number, row.number)
		}
		doc, err := json.Marshal(TokenResponse{AccessToken: "a", TokenType: "T", Expiry: sent})
		want := `{"access_token":"a","token_type":"T","expires_in":` + row.sent + `}`
		if row.sent == "" {
			want = `{"access_token":"a","token_type":"T"}`
		}
		if err != nil || string(doc) != want {
			t.Errorf("%s: %s, %v", row.form, doc, err)
		}
	}
}
