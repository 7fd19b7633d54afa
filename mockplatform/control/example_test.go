package control_test

import (
	"context"
	"fmt"
	"time"

	"github.com/mint-conformance/mint/mockplatform"
	"github.com/mint-conformance/mint/mockplatform/control"
)

// Faults are data: what they match, what they do, how often. Here the second
// refresh loses its answer although the token was rotated, and the API answers
// a gateway's page once.
func ExampleClient_ArmFaults() {
	mock, err := mockplatform.New(mockplatform.Config{Listen: "127.0.0.1:0", Control: "127.0.0.1:0"})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer mock.Close()
	ctx := context.Background()
	p, err := mock.Control().CreatePlatform(ctx, control.CreatePlatform{Profile: "mailup", Name: "shop"})
	if err != nil {
		fmt.Println(err)
		return
	}
	armed, err := mock.Control().ArmFaults(ctx, p.Name, control.FaultPlan{Faults: []control.Fault{
		{
			Match:  control.FaultMatch{Endpoint: "token", GrantType: "refresh_token", Customer: "maya", Nth: 2},
			Action: control.FaultAction{Kind: "drop_after"},
			Count:  1,
		},
		{
			Match:  control.FaultMatch{Endpoint: "api", MinAge: "10m"},
			Action: control.FaultAction{Kind: "gateway", Status: 503, RetryAfter: "30s", RetryAfterForm: "date"},
			Count:  1, MayNotFire: true,
		},
	}})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, fault := range armed {
		fmt.Println(fault.ID, fault.Action.Kind, "at", fault.Match.Endpoint, "fired", fault.Fired, "of", fault.Count)
	}
	// Output:
	// fault-1 drop_after at token fired 0 of 1
	// fault-2 gateway at api fired 0 of 1
}

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
