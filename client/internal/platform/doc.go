// Package platform is what MINT knows of an advertising platform's wire: how
// it is configured (Integration), how an authorization request is built, how
// the token, revocation and resource endpoints are called, and what their
// answers mean.
//
// It holds no state and takes no decisions: a call goes out at most once, its
// answer is parsed tolerantly (RFC 6749 section 5.1 demands that unknown
// members are ignored) and put into one Class, and the connection package
// decides what follows. It shares no code with the mock Platform on purpose,
// since a shared bug would agree with itself.
package platform
