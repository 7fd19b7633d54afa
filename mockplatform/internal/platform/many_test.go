package platform

import (
	"strconv"
	"testing"

	"github.com/mint-conformance/mint/mockplatform/control"
)

// Two thousand Platforms live side by side in one process. What one takes to
// create and delete is printed by
//
//	go test -run '^$' -bench Create ./mockplatform/internal/platform
func TestTwoThousandPlatforms(t *testing.T) {
	const many = 2000
	r := plain(t)
	for i := range many {
		create(t, r, control.CreatePlatform{Profile: "mint", Name: "p" + strconv.Itoa(i)})
	}
	for _, i := range []int{0, many / 2, many - 1} {
		if p, known := r.Get("p" + strconv.Itoa(i)); !known || p.Issuer() != "http://127.0.0.1:9400/p"+strconv.Itoa(i) {
			t.Errorf("Platform %d: known %t", i, known)
		}
	}
	if n := len(r.List()); n != many {
		t.Errorf("%d Platforms are listed", n)
	}
	for i := range many {
		if !r.Delete("p" + strconv.Itoa(i)) {
			t.Fatalf("Platform %d is not there", i)
		}
	}
	if n := len(r.List()); n != 0 {
		t.Errorf("%d Platforms are left", n)
	}
}
