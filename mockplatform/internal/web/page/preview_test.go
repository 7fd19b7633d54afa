package page_test

import (
	"os"
	"testing"

	"github.com/mint-conformance/mint/mockplatform/internal/web/page"
)

func TestPreview(t *testing.T) {
	pages, err := page.New()
	if err != nil {
		t.Fatal(err)
	}
	for profile, title := range map[string]string{"mint": "Adboard", "mailup": "MailUp", "service": "Service API", "mindbaz": "Mindbaz", "other": "Other"} {
		for name, view := range samples(t, pages, profile, title) {
			html, err := pages.Render(view)
			if err != nil {
				t.Fatal(err)
			}
			os.WriteFile("/tmp/shots/"+profile+"-"+name+".html", html, 0o644)
		}
	}
}
