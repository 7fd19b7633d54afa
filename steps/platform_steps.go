package steps

import (
	"context"
	"fmt"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/mint-conformance/mint/mockplatform/control"
)

var platformSteps = []definition{
	given(`a {profile} platform`, (*world).aPlatform),
	given(`a {profile} platform and a {profile} platform`, (*world).twoPlatforms),
	given(`a {profile} platform with {options}`, (*world).aPlatformWithOptions),
	given(`a {profile} platform that (tells the end of access (?:in quotation marks|not at all|twice too late)|writes in capitals|never renews access|takes the same renewal again and again)`, (*world).anOddPlatform),
	given(`a {profile} platform that behaves like ([a-z0-9-]+)`, (*world).aPlatformLike),
	given(`a {profile} platform full of lawful surprises, number {number}`, (*world).aSurprisingPlatform),
	given(`a {profile} platform whose token answers are overheard`, (*world).anOverheardPlatform),
	given(`a {profile} platform whose grants end after {number} days`, (*world).aPlatformWithCap),
	given(`a {profile} platform whose portal is down`, (*world).aPlatformWithoutPortal),
	given(`a {profile} platform with a second client(?: and {options})?`, (*world).aPlatformWithSecondClient),
	given(`the operator of {the platform} has ended {who}'s grant`, (*world).operatorEndedGrant),
}

func (w *world) aPlatform(_ context.Context, of profile) error {
	w.plan(of)
	return nil
}

func (w *world) twoPlatforms(_ context.Context, of, other profile) error {
	w.plan(of)
	w.plan(other)
	return nil
}

// options are keys of a profile with their values: "access_token.alg=ES256 and
// consent.deny=page".
type options string

func (w *world) aPlatformWithOptions(_ context.Context, of profile, given options) error {
	return w.plan(of).obey(given)
}

// obey lays options over the profile.
func (p *platform) obey(given options) error {
	for option := range strings.SplitSeq(string(given), " and ") {
		key, text, _ := strings.Cut(option, "=")
		var value any
		if err := yaml.Unmarshal([]byte(text), &value); err != nil {
			return fmt.Errorf("the value of %s: %w", key, err)
		}
		p.set(value, strings.Split(key, ".")...)
	}
	return nil
}

// oddity is what a customer might say of a platform's own ways.
type oddity string

var optionsOf = map[oddity]options{
	"tells the end of access in quotation marks": "token.expires_in=string",
	"tells the end of access not at all":         "token.expires_in=absent",
	"tells the end of access twice too late":     "token.expires_in=lying",
	"writes in capitals":                         "token.token_type=BEARER",
	"takes the same renewal again and again":     "refresh_token.rotates=false and refresh_token.returned=false",
	"never renews access":                        "refresh_token.issued=false and refresh_token.rotates=false and refresh_token.returned=false",
}

func (w *world) anOddPlatform(_ context.Context, of profile, o oddity) error {
	return w.plan(of).obey(optionsOf[o])
}

// dialect is a known server family that the mock Platform can behave like.
type dialect string

func (w *world) aPlatformLike(_ context.Context, of profile, d dialect) error {
	w.plan(of).dialect = string(d)
	return nil
}

func (w *world) aSurprisingPlatform(_ context.Context, of profile, seed int) error {
	w.plan(of).hostile = &control.Hostile{Seed: int64(seed)}
	return nil
}

func (w *world) anOverheardPlatform(_ context.Context, of profile) error {
	w.plan(of).ear = &eavesdropper{}
	return nil
}

func (w *world) aPlatformWithCap(_ context.Context, of profile, days int) error {
	w.plan(of).set(fmt.Sprintf("%dd", days), "refresh_token", "absolute_lifetime")
	return nil
}

func (w *world) aPlatformWithoutPortal(_ context.Context, of profile) error {
	w.plan(of).set("down", "registration", "portal")
	return nil
}

func (w *world) aPlatformWithSecondClient(_ context.Context, of profile, also options) error {
	p := w.plan(of)
	p.set(map[string]any{
		"name": "Second", "website": "https://second.example", "description": "Another client",
		"secret": secondSecret, "type": "confidential",
		"redirect_uris": []string{"https://second.example/callback"},
		"grants":        []string{"authorization_code", "refresh_token"}, "auth_methods": []string{"basic"},
	}, "clients", secondClient)
	if also == "" {
		return nil
	}
	return p.obey(also)
}

func (w *world) operatorEndedGrant(ctx context.Context, of profile, who person) error {
	p, err := w.platform(ctx, of)
	if err != nil {
		return err
	}
	_, err = p.control.RevokeTokens(ctx, p.Name, control.TokenSelector{Customer: who.key()})
	return err
}
