// Package chart draws the one chart of MINT's pages: spend and clicks of a
// connection, day by day, as an SVG document fragment.
//
// It is a pure function from figures to markup, so that the page needs no
// script and the drawing can be tested by its numbers. Colours come from the
// style sheet through classes: the page's Content-Security-Policy admits no
// inline style. It knows nothing of connections or of HTTP.
package chart
