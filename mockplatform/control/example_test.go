package control_test

import (
	"context"
	"fmt"
	"time"

	"github.com/mint-conformance/mint/mockplatform"
	"github.com/mint-conformance/mint/mockplatform/control"
)

// A test arms a fault, moves the clock and reads what happened.
func Example() {
	mock, err := mockplatform.New(mockplatform.Config{Listen: "127.0.0.1:0", Control: "127.0.0.1:0"})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer mock.Close()
	ctx := context.Background()
	client := control.NewClient(mock.ControlURL(), "")
	defer client.Close()

	p, err := client.CreatePlatform(ctx, control.CreatePlatform{Profile: "service", Name: "shop"})
	if err != nil {
		fmt.Println(err)
		return
	}
	fault, err := client.ArmFault(ctx, p.Name, control.Fault{
		Match:  control.FaultMatch{Endpoint: "token", GrantType: "refresh_token"},
		Action: control.FaultAction{Kind: "error", Status: 503, Error: "temporarily_unavailable"},
		Count:  2,
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	before, err := client.Clock(ctx, p.Name)
	if err != nil {
		fmt.Println(err)
		return
	}
	after, err := client.Advance(ctx, p.Name, 20*time.Minute)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(p.Title, "fault fires", fault.Count, "times; clock moved", after.Offset-before.Offset)
	// Output: Service Ads fault fires 2 times; clock moved 20m0s
}
