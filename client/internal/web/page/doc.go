// Package page turns what the domain tells into MINT's HTML pages: view
// models, the words for every state, embedded templates and assets.
//
// A view is built by a pure function from domain values, so the words and
// choices of a page are tested without a server; Render only fills a template.
// Pages work without script (the callback relay has a button for that case),
// use no asset of another host and no inline style or script, as the
// Content-Security-Policy of the web package demands.
//
// The attributes data-platform, data-state, data-connection, data-campaign,
// data-suggestion, data-status and data-reason are a contract: browser tests
// find things by them. Times are UTC and written out.
package page
