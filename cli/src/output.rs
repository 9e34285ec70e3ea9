//! Writing to standard output, standard error and files. A reader that went away is no failure; what
//! comes from outside is made visible for eyes.

use std::fmt;
use std::io::{self, ErrorKind, IsTerminal, Write};
use std::path::Path;

use serde_json::Value;

use crate::failure::Failure;
use crate::input::is_stdin;
use crate::new_file::{self, Readers};
use crate::terminal::{Paint, is_plain, shown, visible, visible_lines};

/// Writes to standard output. A closed pipe (`| head`) means that nobody wants the rest.
pub(crate) fn write(bytes: &[u8]) -> Result<(), Failure> {
    write_on(bytes).map(drop)
}

/// The same, for what goes on: whether somebody still wants the rest.
pub(crate) fn write_on(bytes: &[u8]) -> Result<bool, Failure> {
    let mut out = io::stdout().lock();
    match out.write_all(bytes).and_then(|()| out.flush()) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(false),
        Err(error) => Err(Failure::Unusable(format!(
            "cannot write to standard output: {error}"
        ))),
    }
}

/// The file of `--out`, if one was named: `-` is standard output. It must be a new one, which is
/// told before anything is done.
pub(crate) fn new_file(out: Option<&Path>) -> Result<Option<&Path>, Failure> {
    let file = out.filter(|path| !is_stdin(path));
    file.map_or(Ok(()), new_file::check)?;
    Ok(file)
}

/// Gives out what a command makes, byte for byte: to a new file, or else to standard output. On a
/// terminal what would not show, or would steer it, is made visible.
pub(crate) fn product(bytes: &[u8], file: Option<&Path>) -> Result<(), Failure> {
    if let Some(path) = file {
        new_file::write(path, bytes, Readers::All)?;
        labelled("made", &format!("{}, {} bytes", shown(path), bytes.len()));
        return Ok(());
    }
    if is_plain(bytes) || !io::stdout().is_terminal() {
        return write(bytes);
    }
    labelled(
        "note",
        "some bytes would steer the terminal, so they are shown as escapes: --out FILE writes them \
         as they are",
    );
    let lines = visible_lines(bytes).join("\n");
    write(format!("{lines}\n").as_bytes())
}

/// Writes one JSON object on a line of its own.
pub(crate) fn json(object: &Value) -> Result<(), Failure> {
    json_on(object).map(drop)
}

/// The same, for what goes on: whether somebody still wants the rest.
pub(crate) fn json_on(object: &Value) -> Result<bool, Failure> {
    write_on(format!("{}\n", ascii_escapes(&object.to_string())).as_bytes())
}

/// JSON's own escapes (RFC 8259 7) for what `serde_json` leaves as it is and a terminal would not:
/// controls beyond ASCII and direction marks. They stand in strings only.
fn ascii_escapes(json: &str) -> String {
    let mut text = String::with_capacity(json.len());
    for character in json.chars() {
        let plain = character.is_ascii() && !character.is_ascii_control();
        if plain || is_plain(character.to_string().as_bytes()) {
            text.push(character);
            continue;
        }
        for unit in character.encode_utf16(&mut [0; 2]) {
            // Writing to a string cannot fail.
            let _ = fmt::Write::write_fmt(&mut text, format_args!("\\u{unit:04x}"));
        }
    }
    text
}

/// Tells standard error why a command did not succeed: `error[name]: message` for a refusal,
/// `error: message` else, then what may help.
pub(crate) fn failure(failure: &Failure) {
    let paint = Paint::for_stderr();
    match failure {
        Failure::Refused(refusal) => {
            let label = paint.bad(&format!("error[{}]", refusal.name));
            line(&label, &refusal.message);
            for hint in &refusal.hints {
                labelled("hint", hint);
            }
        }
        Failure::Unusable(message) => line(&paint.bad("error"), message),
        Failure::Expiring(message) => line(&paint.bad("warning"), message),
    }
}

/// `label: text` on standard error, for what is no error.
pub(crate) fn labelled(label: &str, text: &str) {
    line(&Paint::for_stderr().strong(label), text);
}

/// The text on one line, whatever stands in it. Where standard error is gone there is nobody left to
/// tell.
fn line(label: &str, text: &str) {
    let text = visible(text.as_bytes());
    let _ = writeln!(io::stderr().lock(), "{label}: {text}");
}
