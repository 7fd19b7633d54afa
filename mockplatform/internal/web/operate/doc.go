// Package operate is the control API: everything that tests do to Platforms
// outside the protocol. It creates and deletes them, moves their clocks, arms
// faults, ends tokens and reads journals.
//
// Handlers take a request and return an answer; which listener they stand
// behind, and who may call, is decided in package web. Every error is a
// control.Problem with one sentence: 400 for a request that cannot be read,
// 404 for what is not there, 409 for a name in use, 422 for a value that is
// refused, 504 when followers of a clock did not keep up. The wire types and
// the description (openapi.json) live in package control.
package operate
