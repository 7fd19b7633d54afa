// Package page draws the Platform's pages for people: login, consent, error,
// connected applications, developer portal and landing page. A page is a
// struct that holds what is to be shown; Pages turns it into HTML.
//
// Why a package of its own: templates and looks change for other reasons than
// routes do, and a page without HTTP is tested by reading its HTML. It knows no
// OAuth, takes no decisions and sets no headers; it only says which content
// security policy its HTML needs.
//
// Decisions. Every page is one document without any further request: the
// style sheet (one per theme) stands in the head and is admitted by its hash,
// the icon is a data URL. Nothing needs JavaScript, but for the one page that
// sends a message to another window and says so; a script is admitted by its hash. (Rejected: a cached style
// sheet. A fresh browser, which is what a test brings, would fetch it each
// time.)
package page
