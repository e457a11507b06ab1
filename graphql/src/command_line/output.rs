//! Printing that survives a reader that went away.

use std::io::Write;

/// Prints a text as it is to standard output. Nobody is left to tell when that fails.
pub(super) fn say(text: &str) {
    let mut out = std::io::stdout().lock();
    let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
}

/// Prints a line to standard output.
pub(super) fn say_line(text: &str) {
    say(&format!("{text}\n"));
}

/// Prints a line to standard error.
pub(super) fn note(text: &str) {
    let mut out = std::io::stderr().lock();
    let _ = writeln!(out, "{text}");
}
