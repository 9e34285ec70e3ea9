//! Questions on a terminal.

use std::io::{self, BufRead, IsTerminal, Write};

use daxsign_client::Secret;

use crate::failure::Failure;
use crate::terminal::{Paint, visible};

/// Whether somebody can be asked.
pub(crate) fn somebody_is_there() -> bool {
    io::stdin().is_terminal() && io::stderr().is_terminal()
}

/// Asks for a line.
pub(crate) fn line(question: &str) -> Result<String, Failure> {
    let paint = Paint::for_stderr();
    prompt(&paint.strong(&visible(question.as_bytes())));
    let mut line = String::new();
    let read = io::stdin().lock().read_line(&mut line);
    match read {
        Ok(1..) => Ok(line.trim().to_owned()),
        Ok(0) => Err(Failure::Unusable("nothing was answered".to_owned())),
        Err(error) => Err(Failure::Unusable(format!("standard input: {error}"))),
    }
}

/// Asks for a line until `read` takes it.
pub(crate) fn until<T>(
    question: &str,
    read: impl Fn(&str) -> Result<T, String>,
) -> Result<T, Failure> {
    loop {
        match read(&line(question)?) {
            Ok(value) => return Ok(value),
            Err(why) => prompt(&format!("{}\n", visible(why.as_bytes()))),
        }
    }
}

/// Asks for a text that the terminal does not show.
pub(crate) fn secret(question: &str) -> Result<Secret, Failure> {
    prompt(&Paint::for_stderr().strong(&visible(question.as_bytes())));
    rpassword::read_password()
        .map(Secret::new)
        .map_err(|error| Failure::Unusable(format!("the terminal: {error}")))
}

/// Asks a question that only `yes` says yes to.
pub(crate) fn yes(question: &str) -> Result<bool, Failure> {
    Ok(line(&format!("{question} Type yes: "))?.eq_ignore_ascii_case("yes"))
}

/// Where standard error is gone there is nobody to ask.
fn prompt(text: &str) {
    let mut out = io::stderr().lock();
    let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
}
