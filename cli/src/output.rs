//! Writing to standard output and standard error, where a reader that went away is no failure.

use std::io::{self, ErrorKind, Write};

use serde_json::Value;

use crate::failure::Failure;
use crate::terminal::Paint;

/// Writes to standard output. A closed pipe (`| head`) means that nobody wants the rest.
pub(crate) fn write(bytes: &[u8]) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    match out.write_all(bytes).and_then(|()| out.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(Failure::Unusable(format!(
            "cannot write to standard output: {error}"
        ))),
        _ => Ok(()),
    }
}

/// Writes one JSON object on a line of its own.
pub(crate) fn json(object: &Value) -> Result<(), Failure> {
    write(format!("{object}\n").as_bytes())
}

/// Tells standard error why a command did not succeed: `error[name]: message` for a refusal,
/// `error: message` else, then what may help.
pub(crate) fn failure(failure: &Failure) {
    let paint = Paint::for_stderr();
    match failure {
        Failure::Refused(refusal) => {
            let label = paint.bad(&format!("error[{}]", refusal.name));
            line(&format!("{label}: {}", refusal.message));
            for hint in &refusal.hints {
                labelled("hint", hint);
            }
        }
        Failure::Unusable(message) => line(&format!("{}: {message}", paint.bad("error"))),
    }
}

/// `label: text` on standard error, for what is no error.
pub(crate) fn labelled(label: &str, text: &str) {
    line(&format!("{}: {text}", Paint::for_stderr().strong(label)));
}

/// Where standard error is gone there is nobody left to tell.
fn line(text: &str) {
    let _ = writeln!(io::stderr().lock(), "{text}");
}
