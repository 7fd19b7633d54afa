package page

import (
	"crypto/sha256"
	"encoding/base64"
	"html/template"
)

// Deliver carries an authorization response to the application: with Action by
// a posted form, with Origin by a message to the window that asked, with
// neither by the customer's own hands.
type Deliver struct {
	Frame
	Asking  string // name of the application
	Members []Member
	// Action is the redirect URI that the form is posted to. It carries no CSRF
	// token, since it leaves the Platform.
	Action string
	// Origin is the only one that the message is told to; Message is its data
	// as JSON.
	Origin, Message string
}

// Member is one name and value, with a label where people read it.
type Member struct{ Name, Value, Label string }

func (*Deliver) template() string { return "deliver" }

// Script is what the page does by itself. A form can be sent without it.
func (d *Deliver) Script() template.HTML {
	switch {
	case d.Action != "":
		return postScript.element
	case d.Origin != "":
		return messageScript.element
	}
	return ""
}

func (d *Deliver) scriptSource() string {
	switch {
	case d.Action != "":
		return postScript.source
	case d.Origin != "":
		return messageScript.source
	}
	return ""
}

// script is a script of a page, and what admits it in the page's policy. The
// text is the same on every page, so that its hash is; what varies stands in
// attributes.
type script struct {
	element template.HTML
	source  string
}

func newScript(text string) script {
	sum := sha256.Sum256([]byte(text))
	return script{
		element: template.HTML("<script>" + text + "</script>"), //nolint:gosec // made of this file's constants
		source:  "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'",
	}
}

var (
	postScript = newScript(`document.getElementById("response").submit();`)

	// messageScript tells the opener, or else the page around this one. The
	// browser drops the message unless that window shows the target origin.
	messageScript = newScript(`(function () {
"use strict";
var box = document.getElementById("response");
var asking = window.opener || (window.parent !== window ? window.parent : null);
document.getElementById(asking ? "sent" : "lost").hidden = false;
if (!asking) { return; }
asking.postMessage(JSON.parse(box.getAttribute("data-answer")), box.getAttribute("data-target"));
if (window.opener) { window.close(); }
})();`)
)
