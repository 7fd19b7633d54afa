package steps

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
)

var pageSteps = []definition{
	when(`{who} opens the login page of {the platform}`, (*world).triesToReachConsent),
	when(`{who} follows a link of an unknown application`, (*world).followsUnknown),
	when(`{who} opens the form for the API account`, (*world).opensAPIAccountForm),

	then(`the page names MINT with its website`, (*world).pageNamesMINT),
	then(`the page tells what MINT may read and what it may change`, (*world).pageTellsWishes),
	then(`{who} may allow or deny`, (*world).mayDecide),
	then(`the platform describes MINT as {text}`, (*world).describesMINT),
	then(`every field of the page has a label`, (*world).fieldsLabelled),
	then(`a password manager recognises the fields`, (*world).fieldsRecognised),
	then(`the keyboard leads from the username to the password to the button`, (*world).keyboardLeads),
	then(`the platform shows an error page`, (*world).showsErrorPage),
	then(`the page has a heading, a sentence and a way back`, (*world).pageLeadsOn),
	then(`MINT says why entering a password is less safe`, (*world).saysLessSafe),
}

func (w *world) followsUnknown(ctx context.Context, who person) error {
	v, p, err := w.visiting(ctx, who, "")
	if err != nil {
		return err
	}
	query := url.Values{
		"response_type": {"code"}, "client_id": {"nobody"}, "state": {"s"},
		"redirect_uri": {w.mint.URL() + "/oauth/callback"},
	}
	return v.session.Goto(ctx, p.Endpoints.Authorize+"?"+query.Encode())
}

func (w *world) opensAPIAccountForm(ctx context.Context, who person) error {
	v, p, err := w.visiting(ctx, who, "")
	if err != nil {
		return err
	}
	mint := w.mintPages(v)
	if err := mint.open(ctx); err != nil {
		return err
	}
	return v.session.FollowIn(ctx, article(p), "Connect "+p.Title)
}

// pageSays reads the page's main part and looks for words.
func (w *world) pageSays(ctx context.Context, words ...string) error {
	v, err := w.her()
	if err != nil {
		return err
	}
	got, err := v.session.Text(ctx, "main")
	return expectWords("the page", got, err, words...)
}

func (w *world) pageNamesMINT(ctx context.Context) error {
	return w.pageSays(ctx, "MINT asks for access", "https://mint.example")
}

func (w *world) pageTellsWishes(ctx context.Context) error {
	return w.pageSays(ctx, "It may read", "your campaigns, their budgets and daily figures", "It may change", changesScope)
}

func (w *world) mayDecide(ctx context.Context, _ person) error {
	return w.pageSays(ctx, "Allow", "Deny")
}

func (w *world) describesMINT(ctx context.Context, text string) error {
	return w.pageSays(ctx, text)
}

// onPage asks the page a question that a script answers with true or with what
// is wrong.
func (w *world) onPage(ctx context.Context, question string) error {
	v, err := w.her()
	if err != nil {
		return err
	}
	if err := v.session.WaitFor(ctx, "form"); err != nil {
		return err
	}
	if err := v.session.Show(ctx); err != nil { // or nothing has the focus
		return err
	}
	var wrong string
	if err := v.session.Eval(ctx, &wrong, question); err != nil {
		return err
	}
	if wrong != "" {
		return fmt.Errorf("expected a form that anyone can use, got: %s", wrong)
	}
	return nil
}

func (w *world) fieldsLabelled(ctx context.Context) error {
	return w.onPage(ctx, `() => {
		const fields = [...document.querySelectorAll('input:not([type=hidden]), select, textarea')];
		if (fields.length === 0) return 'no field at all';
		return fields.filter(f => !f.labels.length || !f.labels[0].textContent.trim()).map(f => f.name + ' has no label').join(', ');
	}`)
}

func (w *world) fieldsRecognised(ctx context.Context) error {
	return w.onPage(ctx, `() => ['username', 'current-password']
		.filter(kind => !document.querySelector('input[autocomplete=' + kind + ']'))
		.map(kind => 'no field is marked ' + kind).join(', ')`)
}

func (w *world) keyboardLeads(ctx context.Context) error {
	return w.onPage(ctx, `() => {
		const order = [...document.querySelectorAll('main input:not([type=hidden]), main button, main a[href]')]
			.filter(e => !e.disabled && e.tabIndex === 0).map(e => e.name || e.textContent.trim());
		if (order.slice(0, 3).join() !== 'username,password,Log in') return 'the order is ' + order;
		if (document.querySelector('[tabindex]:not([tabindex="0"]):not([tabindex="-1"])')) return 'a positive tabindex';
		return document.activeElement?.name === 'username' ? '' : 'the username does not have the focus';
	}`)
}

// lastDocument is the last page that the browser loaded.
func (v *visitor) lastDocument() (address string, status int) {
	for _, r := range v.session.Requests() {
		if r.Type == "Document" {
			address, status = r.URL, r.Status
		}
	}
	return address, status
}

func (w *world) showsErrorPage(ctx context.Context) error {
	v, p, err := w.visiting(ctx, w.acting.who, "")
	if err != nil {
		return err
	}
	got, err := v.session.Text(ctx, anAlert)
	if err := expectWords("the alert", got, err); err != nil {
		return err
	}
	address, status := v.lastDocument()
	if !strings.HasPrefix(address, p.Issuer+"/") {
		return fmt.Errorf("expected a page of the Platform, got %s", address)
	}
	return expectEqual("the status of the page", status, http.StatusBadRequest)
}

func (w *world) pageLeadsOn(ctx context.Context) error {
	v, err := w.her()
	if err != nil {
		return err
	}
	heading, err := v.session.Text(ctx, "h1")
	if err := expectWords("the heading", heading, err); err != nil {
		return err
	}
	sentence, err := v.session.Text(ctx, anAlert)
	if err := expectWords("the alert", sentence, err, " "); err != nil {
		return err
	}
	way, err := v.session.Text(ctx, "main a[href], header a[href]")
	return expectWords("the way back", way, err)
}

func (w *world) saysLessSafe(ctx context.Context) error {
	return w.pageSays(ctx, "less safe", "password")
}
