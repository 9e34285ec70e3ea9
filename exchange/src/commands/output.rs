//! Writing to standard output and standard error. A reader that went away is no failure.

use std::io::{self, ErrorKind, Write};

use crate::commands::failure::Failure;

/// Writes to standard output. A closed pipe (`| head`) means that nobody wants the rest.
pub(crate) fn write(text: &str) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(Failure::Unusable(format!(
            "cannot write to standard output: {error}"
        ))),
        _ => Ok(()),
    }
}

/// Tells people something, on standard error: standard output is for programs.
pub(crate) fn note(text: &str) {
    let _ = write!(io::stderr().lock(), "{}", visible(text));
}

/// Tells standard error why a command did not succeed.
pub(crate) fn failure(failure: &Failure) {
    labelled("error", failure.text());
}

/// `label: text` on standard error. Where that is gone there is nobody left to tell.
pub(crate) fn labelled(label: &str, text: &str) {
    let _ = writeln!(io::stderr().lock(), "{label}: {}", visible(text));
}

/// Controls and direction marks as escapes: names come from outside.
pub(crate) fn visible(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\n' | '\\' | '"' | '\'' => shown.push(character),
            _ => shown.extend(character.escape_debug()),
        }
    }
    shown
}
