//! Questions on a terminal.

use std::io::{self, BufRead, IsTerminal, Write};

use zeroize::Zeroizing;

use crate::failure::Failure;
use crate::terminal::{Paint, visible};
#[cfg(unix)]
use crate::unshown::Unshown;

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

/// Asks for a secret, which the terminal does not show.
pub(crate) fn unseen(question: &str) -> Result<Zeroizing<String>, Failure> {
    // Before the question: who answers at once is not shown, either.
    #[cfg(unix)]
    let _unshown = Unshown::begin();
    prompt(&Paint::for_stderr().strong(&visible(question.as_bytes())));
    rpassword::read_password()
        .map(Zeroizing::new)
        .map_err(|error| Failure::Unusable(format!("the terminal: {error}")))
}

/// The same where nobody may be there; `option` is what says it then.
pub(crate) fn secret(question: &str, option: &str) -> Result<Zeroizing<String>, Failure> {
    if somebody_is_there() {
        return unseen(question);
    }
    Err(Failure::Unusable(format!(
        "{option} is missing, and nobody can be asked here"
    )))
}

/// Asks a question that only `yes` says yes to.
pub(crate) fn yes(question: &str) -> Result<bool, Failure> {
    Ok(line(&format!("{question} Type yes: "))?.eq_ignore_ascii_case("yes"))
}

/// Where standard error is gone there is nobody to ask.
pub(crate) fn prompt(text: &str) {
    let mut out = io::stderr().lock();
    let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
}

/// The value of an option, or else an answer. `command` is whose help tells all options.
pub(crate) fn given<T>(
    option: Option<T>,
    name: &str,
    question: &str,
    command: &str,
    read: impl Fn(&str) -> Result<T, String>,
) -> Result<T, Failure> {
    match option {
        Some(value) => Ok(value),
        None if somebody_is_there() => until(question, read),
        None => Err(Failure::Unusable(format!(
            "{name} is missing, and nobody can be asked here: `daxsign help {command}` tells all options"
        ))),
    }
}

/// An answer that must not be empty.
pub(crate) fn not_empty(text: &str) -> Result<String, String> {
    match text {
        "" => Err("this is needed".to_owned()),
        text => Ok(text.to_owned()),
    }
}
