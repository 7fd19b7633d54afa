// Package suggestion proposes changes to campaigns from their figures. It is a
// pure function: no clock, no storage, no network, and nothing here changes a
// campaign (S000-11 to S000-13). What a customer does with a proposal is kept
// by the connection package.
package suggestion
