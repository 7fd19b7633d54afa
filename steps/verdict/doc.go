// Package verdict excuses what is known: waivers of a target's file or of a
// mock Platform's profile, and a baseline of failures that somebody owns. An
// excused check still runs; an excuse that has ended counts no more, and one
// that nobody needs fails the run.
package verdict
