package web_test

import (
	"net/http"
	"net/url"
	"testing"

	"github.com/mint-conformance/mint/mockplatform"
	"github.com/mint-conformance/mint/mockplatform/control"
)

// Creating a Platform by the control API, over a socket: to stay under 2 ms.
func BenchmarkCreatePlatform(b *testing.B) {
	mock := mockplatform.Start(b, "mint")
	client := mock.Control()
	for _, profile := range []string{"mint", "mindbaz"} {
		b.Run(profile, func(b *testing.B) {
			for b.Loop() {
				made, err := client.CreatePlatform(b.Context(), control.CreatePlatform{Profile: profile, Settings: []byte(`{"code":{"lifetime":"45s"}}`)})
				if err != nil {
					b.Fatal(err)
				}
				b.StopTimer()
				if err := client.DeletePlatform(b.Context(), made.Name); err != nil {
					b.Fatal(err)
				}
				b.StartTimer()
			}
		})
	}
}

// The token endpoint over a socket, journal included.
func BenchmarkTokenEndpoint(b *testing.B) {
	mock := mockplatform.Start(b, "service", "mindbaz")
	for name, values := range map[string]url.Values{
		"service": {"grant_type": {"client_credentials"}, "client_id": {"service-mint"}, "client_secret": {"service-mint-secret-for-tests-only"}},
		"mindbaz": {"grant_type": {"password"}, "username": {"maya@example.test"}, "password": {"maya-password-1"}, "client_id": {"100"}},
	} {
		target := mock.Platform(name).Endpoints.Token
		b.Run(name, func(b *testing.B) {
			b.RunParallel(func(pb *testing.PB) {
				client := newWireClient(b)
				for pb.Next() {
					if got := client.form(target, values); got.status != http.StatusOK {
						b.Errorf("answered %d %s", got.status, got.body)
						return
					}
				}
			})
		})
	}
}

// The login page, the heaviest thing that an authorization asks for first.
func BenchmarkAuthorize(b *testing.B) {
	mock := mockplatform.Start(b, "mint")
	target := authorization(mock.Platform("mint"), nil)
	client := newWireClient(b)
	for b.Loop() {
		if got := client.send(http.MethodGet, target, ""); got.status != http.StatusOK {
			b.Fatalf("answered %d", got.status)
		}
	}
}
