package checks

import "github.com/cucumber/godog"

// sentence is one line of the feature files: the keyword it stands under, its
// pattern, and the method of a trial that does it. The method takes a
// context.Context, one string or int per capture group and, if the line has
// one, a *godog.Table; it returns an error.
type sentence struct {
	keyword string
	pattern string
	method  any
}

func given(pattern string, method any) sentence {
	return sentence{"Given", "^" + pattern + "$", method}
}
func when(pattern string, method any) sentence { return sentence{"When", "^" + pattern + "$", method} }
func then(pattern string, method any) sentence { return sentence{"Then", "^" + pattern + "$", method} }

// nouns list the sentences, noun by noun.
var nouns = []func(*trial) []sentence{
	(*trial).commonSteps,
	(*trial).codeSteps,
	(*trial).revocationSteps,
	(*trial).introspectionSteps,
	(*trial).pushedSteps,
	(*trial).authorizeSteps,
	(*trial).redirectSteps,
	(*trial).responseSteps,
	(*trial).refreshSteps,
	(*trial).refreshScopeSteps,
	(*trial).publicRefreshSteps,
	(*trial).loginSteps,
	(*trial).consentSteps,
	(*trial).metadataSteps,
	(*trial).customerSteps,
	(*trial).jwtSteps,
	(*trial).transportSteps,
	(*trial).replaySteps,
	(*trial).guessSteps,
	(*trial).pkceSteps,
	(*trial).tokenAnswerSteps,
	(*trial).tokenErrorSteps,
	(*trial).tokenRequestSteps,
	(*trial).rotationSteps,
	(*trial).rotationTimeSteps,
	(*trial).slidingSteps,
	(*trial).browserSteps,
	(*trial).portalSteps,
	(*trial).accountSteps,
	(*trial).enrollSteps,
	(*trial).apiSteps,
	(*trial).apiRightSteps,
	(*trial).clearSteps,
	(*trial).tlsSteps,
	(*trial).machineSteps,
	(*trial).passwordSteps,
}

// register hands the sentence to godog.
func (s sentence) register(sc *godog.ScenarioContext) {
	switch s.keyword {
	case "Given":
		sc.Given(s.pattern, s.method)
	case "When":
		sc.When(s.pattern, s.method)
	default:
		sc.Then(s.pattern, s.method)
	}
}
