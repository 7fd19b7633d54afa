package pages

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/mint-conformance/mint/steps/report"
)

// Manual has a person do in the window what neither guesses nor the steps of a
// login can. One of them serves all visitors of a run.
type Manual struct {
	Wait time.Duration // for each task, at most
	// Tell says to the person what to do.
	Tell func(sentence string)
	// Answers are the lines that the person types: an empty one for "here it is",
	// x for "it goes no further". May be nil.
	Answers <-chan string
	// Who says in words as whom a name and a password log in, without telling
	// the password; wrong is true if it is one that has to be refused.
	Who func(username, password string) (who string, wrong bool)

	nobody atomic.Bool // a task was left undone
}

// AbsentError is a task that nobody did.
type AbsentError struct {
	Task string        // "log in as …"
	At   string        // address of the page, without its query
	Wait time.Duration // 0 if nobody did an earlier one
}

// Error names the task and the mend.
func (e *AbsentError) Error() string {
	if e.Wait == 0 {
		return fmt.Sprintf("nobody was asked to %s on the page at %s, since an earlier task was left undone; run it again with a person at the window", e.Task, e.At)
	}
	return fmt.Sprintf("nobody did in %s what was asked: %s on the page at %s; run it again with a person at the window, or give a longer --manual-wait", e.Wait, e.Task, e.At)
}

// task is what a person is asked to do.
type task struct {
	do, end string // "log in as …", "press Enter here when …"
	wrong   bool
}

func (m *Manual) task(w Walk) task {
	who, wrong := m.Who(w.Username, w.Password)
	t := task{do: "log in as " + who, wrong: wrong}
	switch {
	case wrong:
		t.end = "press Enter here once that is refused, or x and Enter if something else comes"
	case w.Decision == Abandon:
		t.do += ", and decide nothing on the page that asks whether the application may have access"
		t.end = "press Enter here once that page is shown, or x and Enter if it does not come"
	case w.Decision == Deny:
		t.do += ", and deny the application access"
		t.end = "press Enter here if the pages lead no further"
	default:
		t.do += ", and allow the application what it asks for"
		t.end = "press Enter here if the pages lead no further"
	}
	return t
}

// baffled says whether a plan ends at a page on which a person might know how to
// go on. An error page is an end for her as well.
func (plan Plan) baffled(p Page, w Walk) bool {
	switch {
	case w.Username == "", !plan.Done && plan.Err == nil, p.Status >= 400:
		return false
	case plan.Err != nil, plan.Kind == Captcha:
		return true
	case plan.Refused:
		return false
	case plan.Kind == Consent:
		return w.Decision != Abandon
	}
	return slices.Contains([]Kind{Other, Blank, Chooser, Notice, Passkey, Code}, plan.Kind)
}

// handOver has a person go on from a page until the client has its answer, or
// the consent page is shown as one that can be read, or nothing is left to do. end
// says that the way ended on a page.
func (b *Browser) handOver(ctx context.Context, w Walk, way *Landing, first Page, cause error) (end bool, err error) {
	m, t := b.Manual, b.Manual.task(w)
	if m.nobody.Load() {
		return false, report.Unable(&AbsentError{t.do, bare(first.URL), 0})
	}
	if err := b.session.Front(ctx); err != nil {
		return false, err
	}
	answers := m.fresh()
	m.Tell(t.sentence(first, cause, m.Wait))
	way.ByHand, way.Refused = true, false
	patience := time.NewTimer(m.Wait)
	defer patience.Stop()
	page, key, since, moved := first, "", instant(), false
	for {
		now, nowKey, ok, err := b.readUnlessArrived(ctx)
		switch {
		case b.session.Caught() != nil:
			return false, nil
		case err != nil:
			return false, err
		case ok && nowKey != key:
			moved = moved || key != ""
			page, key, since = now, nowKey, instant()
		}
		if plan, over := t.over(page); ok && moved && over && instant().Sub(since) >= calm && !b.busy() {
			way.follow(plan, page)
			return plan.Done, nil
		}
		select {
		case <-ctx.Done():
			return false, context.Cause(ctx)
		case <-b.session.Arrived():
			return false, nil
		case <-patience.C:
			m.nobody.Store(true)
			return false, report.Unable(&AbsentError{t.do, bare(page.URL), m.Wait})
		case line, open := <-answers:
			if !open {
				answers = nil
				continue
			}
			if now, _, ok, err := b.readUnlessArrived(ctx); ok && err == nil { // what she saw when she typed it
				page = now
			}
			if b.session.Caught() != nil {
				return false, nil
			}
			way.follow(t.answered(strings.TrimSpace(line), page, w), page)
			return true, nil
		case <-time.After(handsLook):
		}
	}
}

const (
	// handsLook is the pause between two looks while a person works.
	handsLook = 100 * time.Millisecond
	// calm is how long a page stays before the harness takes it from the person.
	calm = 500 * time.Millisecond
)

func (t task) sentence(p Page, cause error, wait time.Duration) string {
	why := "nothing is known of the page at " + bare(p.URL)
	var stuck *StepError
	if errors.As(cause, &stuck) {
		why = fmt.Sprintf("login.%d cannot be done: %s", stuck.Index, stuck.Cause)
	}
	return fmt.Sprintf("please do by hand, in the browser window, within %s: %s; %s (%s)", wait, t.do, t.end, why)
}

// over says whether the person's part is over on a page, and how: at a consent
// page that can be read, at the refusal that was asked for, or at an error.
func (t task) over(p Page) (plan Plan, over bool) {
	kind, _ := Recognise(p)
	switch {
	case kind == Consent:
		return Plan{Kind: kind}, true
	case t.wrong && mentions(p.Text, wrongWords), kind == Locked:
		return Plan{Kind: kind, Done: true, Refused: true}, true
	case p.Status >= 400 && (kind == Other || kind == Blank) && !p.asks():
		return Plan{Kind: kind, Done: true}, true
	}
	return Plan{}, false
}

// asks says whether there is something to fill in.
func (p Page) asks() bool {
	return slices.ContainsFunc(p.Forms, func(f Form) bool {
		return slices.ContainsFunc(f.Fields, func(one Field) bool { return !one.Unseen && !one.Disabled && !one.Fixed })
	})
}

// answered is where the way ends by the person's word.
func (t task) answered(line string, p Page, w Walk) Plan {
	kind, _ := Recognise(p)
	switch {
	case line != "":
		return Plan{Kind: kind, Done: true}
	case t.wrong:
		return Plan{Kind: kind, Done: true, Refused: true}
	case w.Decision == Abandon:
		return Plan{Kind: Consent, Done: true}
	}
	return Plan{Kind: kind, Done: true}
}

// fresh are the answers from now on: a line that was typed earlier says nothing
// of this task.
func (m *Manual) fresh() <-chan string {
	for {
		select {
		case _, open := <-m.Answers:
			if !open {
				return nil
			}
		default:
			return m.Answers
		}
	}
}

// loggedIn is the progress after somebody else has done the login.
func (done Progress) loggedIn(w Walk) Progress {
	done.Named, done.LoggedIn, done.step, done.waited = true, true, len(w.login), true
	return done
}

// byHand is a landing that a person led to. That a consent was asked for is known
// where one was denied; where nothing was to be decided, nobody can tell.
func (l Landing) byHand(w Walk) (Landing, error) {
	switch {
	case !l.ByHand || l.SawConsent:
	case w.Decision == Abandon && l.Code() != "":
		return l, report.Unable(errors.New("the client got a code while a person was at the window, and nobody can tell whether a consent was asked for"))
	case w.Decision == Deny && l.Code() == "":
		l.SawConsent, l.ConsentPage = true, l.Page
	}
	return l, nil
}
