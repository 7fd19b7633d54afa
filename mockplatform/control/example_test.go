package control_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
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

// What a client did can be asked afterwards: here, what was refused and why.
func ExampleClient_FilterJournal() {
	mock, err := mockplatform.New(mockplatform.Config{
		Listen: "127.0.0.1:0", Control: "127.0.0.1:0", Platforms: []mockplatform.Hosted{{Profile: "mindbaz"}},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer mock.Close()
	ctx := context.Background()
	client := mock.Control()
	mindbaz, err := client.Platform(ctx, "mindbaz")
	if err != nil {
		fmt.Println(err)
		return
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, mindbaz.Endpoints.Token,
		strings.NewReader("grant_type=refresh_token&refresh_token=made-up&client_id=100"))
	if err != nil {
		fmt.Println(err)
		return
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	answer, err := (&http.Client{}).Do(request)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer answer.Body.Close()

	refused, err := client.FilterJournal(ctx, "mindbaz", control.JournalFilter{Endpoint: "token", Status: "4xx"}, time.Second)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, one := range refused.Exchanges {
		fmt.Println(one.Seq, one.ClientID, one.GrantType, one.Error+":", one.Reason)
	}
	// Output: 1 100 refresh_token invalid_grant: the refresh token is unknown
}

// A clock that stands still shows the last moment of a lifetime.
func ExampleClient_ChangeClock() {
	mock, err := mockplatform.New(mockplatform.Config{
		Listen: "127.0.0.1:0", Control: "127.0.0.1:0", Platforms: []mockplatform.Hosted{{Profile: "mint"}},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer mock.Close()
	freeze := true
	frozen, err := mock.Control().ChangeClock(context.Background(), "mint", control.ChangeClock{Freeze: &freeze})
	if err != nil {
		fmt.Println(err)
		return
	}
	later, err := mock.Control().Advance(context.Background(), "mint", 20*time.Minute)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(later.Frozen, later.Now.Sub(frozen.Now), later.Revision-frozen.Revision)
	// Output: true 20m0s 1
}
