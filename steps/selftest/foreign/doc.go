// Package foreign holds servers that are not ours, for the tests beside it: one
// on ory/fosite, which does nearly all that the RFCs ask, and the stock manager
// and server of go-oauth2, whose defects are known. Both stand behind the same
// small login and consent pages. The whole catalogue judges them as it judges
// any partner's server; expected.yaml says of each what has to come out, and
// why.
//
// # Decisions
//
//   - 2026-11-22: A module of its own. fosite needs 850 lines of go.sum, and the
//     stock manager a store of its own; the programs need neither, nor should
//     whoever imports the mock Platform get them into the module graph. Rejected:
//     test files in the main module, since go.mod makes no difference between
//     what tests need and what programs do.
//   - 2026-11-22: Time passes by ageing what the servers hold. Both libraries ask
//     the machine for the time in dozens of places, but every end that they
//     compare with it comes from a session or a store, which are ours to write.
//     Rejected: short lives and real waits, which are slow and, on a busy machine,
//     late.
package foreign
