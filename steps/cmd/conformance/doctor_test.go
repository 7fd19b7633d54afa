package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestDoctorExplainsTheFirstThingThatIsWrong(t *testing.T) {
	s := newStranger(t, `{}`)
	tests := []struct {
		name, from, to string // what is changed in the short file
		code           int
		want           string
	}{
		{"nothing", "", "", 0, ""},
		{"a password that is wrong", "password_env: MAYA_PASSWORD", "password: guessed", 2, "conformance: the login page does not take the username and password of customers.first; correct them in the file"},
		{"a redirect URI that is not registered", "client.example/callback", "client.example/other", 2, "conformance: the server does not know the redirect URI https://client.example/other for the client app; register it exactly so"},
		{"a client that is not known", "id: app", "id: ape", 2, "conformance: the server does not know the client ape; correct clients.main.id"},
		{"a secret that is wrong", "secret_env: APP_SECRET", "secret: guessed", 2, "correct id, secret or auth (basic) of clients.main in the file"},
		{"a scope that is not known", "[ads.read, ads.write]", "[ads.reed]", 2, "conformance: the authorization endpoint answers with the error invalid_scope; correct scopes in the file (ads.reed)"},
		{"an API that is elsewhere", "resource: API", "resource: API/nowhere", 2, "conformance: the API answers the new token with 404 Not Found"},
		{"no certificate authority", "ca_file: ca.pem", "", 2, "name that authority's certificate in ca_file"},
		{"a customer who may not", "maya@example.test, password_env: MAYA_PASSWORD", "nora@example.test, password: nora-password-1", 2, "conformance: "},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			file := s.file(strings.Replace(short, tt.from, tt.to, 1))
			code, stdout, stderr := invoke(t, s.env, "doctor", "--target", file)
			if code != tt.code || !strings.Contains(stderr, tt.want) || strings.Count(stderr, "\n") > 1 {
				t.Errorf("exit code %d, error %q; want %d, %q\n%s", code, stderr, tt.code, tt.want, stdout)
			}
			for _, secret := range []string{"strict-app-secret", "maya-password", "guessed"} {
				if strings.Contains(stdout+stderr, secret) {
					t.Errorf("%q is told in\n%s%s", secret, stdout, stderr)
				}
			}
			if tt.code == 0 && (!strings.Contains(stdout, "ok    a refresh gives an access token") ||
				!strings.Contains(stdout, "a second client with a secret of its own (clients.second): ") ||
				!strings.Contains(stdout, "has to be exactly https://client.example/callback")) {
				t.Errorf("told\n%s", stdout)
			}
		})
	}
}

func TestInitWritesWhatDoctorReads(t *testing.T) {
	s := newStranger(t, `{}`)
	out := filepath.Join(s.dir, "new.yaml")
	args := []string{"init", "--issuer", s.platform.Issuer, "--ca-file", filepath.Join(s.dir, "ca.pem"), "--out", out}
	if code, _, stderr := invoke(t, nil, args...); code != 0 {
		t.Fatalf("exit code %d: %s", code, stderr)
	}
	text, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	filled := strings.NewReplacer("CLIENT_ID", "app", "MINT_CLIENT_SECRET", "APP_SECRET", "http://127.0.0.1:9600/callback", "https://client.example/callback",
		"TEST_ACCOUNT", "maya@example.test", "MINT_CUSTOMER_PASSWORD", "MAYA_PASSWORD").Replace(string(text))
	if code, stdout, stderr := invoke(t, s.env, "doctor", "--target", s.write("filled.yaml", filled)); code != 0 {
		t.Errorf("exit code %d: %s%s", code, stdout, stderr)
	}
	if code, _, stderr := invoke(t, nil, args...); code != 2 || !strings.Contains(stderr, "name a file that does not exist yet") {
		t.Errorf("a second time: exit code %d, %s", code, stderr)
	}
	if code, stdout, _ := invoke(t, nil, "init", "--schema"); code != 0 || !strings.Contains(stdout, `"secret_env"`) {
		t.Errorf("schema: exit code %d, %s", code, stdout)
	}
	for _, wrong := range [][]string{{"init"}, {"init", "--issuer", "auth"}, {"doctor"}, {"doctor", "--target", "mock:mint"}} {
		if code, _, stderr := invoke(t, nil, wrong...); code != 2 || strings.Count(stderr, "\n") != 1 {
			t.Errorf("%v: exit code %d, %s", wrong, code, stderr)
		}
	}
	if code, _, stderr := invoke(t, nil, "init", "--issuer", "http://127.0.0.1:1"); code != 3 || !strings.Contains(stderr, "nothing listens at 127.0.0.1:1; start the server") {
		t.Errorf("an unreachable server: exit code %d, %s", code, stderr)
	}
}
