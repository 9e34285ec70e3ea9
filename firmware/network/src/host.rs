//! What the emulator's host gives a program by semihosting (Arm's "Semihosting for AArch32 and
//! AArch64"): the time, the command line, a console.

use daxsign_firmware::board::semihosting;

const WRITEC: usize = 0x03;
const TIME: usize = 0x11;
const GET_CMDLINE: usize = 0x15;

/// Room for the command line: the program's name and a port.
const COMMAND_LINE_LEN: usize = 80;
/// The longest decimal of 16 bits.
const PORT_DIGITS: usize = 5;

/// Seconds since 1970. It stands in for the clock that a real board has.
pub fn time() -> u32 {
    semihosting(TIME, 0) as u32
}

/// Prints bytes.
pub fn say(bytes: &[u8]) {
    for byte in bytes {
        semihosting(WRITEC, core::ptr::from_ref(byte) as usize);
    }
}

/// Prints a message, each line behind a bar.
pub fn quote(message: &[u8]) {
    for line in message.split(|byte| *byte == b'\n') {
        say(b"board:   | ");
        say(line.strip_suffix(b"\r").unwrap_or(line));
        say(b"\n");
    }
}

/// A port, and its decimal.
pub struct Port {
    pub number: u16,
    text: [u8; PORT_DIGITS],
    len: usize,
}

impl Port {
    pub fn text(&self) -> &[u8] {
        self.text.get(..self.len).unwrap_or_default()
    }
}

/// The port of the server: the last word of the command line.
pub fn port() -> Option<Port> {
    let mut line = [0_u8; COMMAND_LINE_LEN];
    // The host writes the text there, and its length.
    let mut block = [line.as_mut_ptr() as usize, COMMAND_LINE_LEN];
    if semihosting(GET_CMDLINE, (&raw mut block) as usize) != 0 {
        return None;
    }
    let word = line
        .split(|byte| matches!(byte, b' ' | 0))
        .rfind(|word| !word.is_empty())?;
    let mut text = [0; PORT_DIGITS];
    text.get_mut(..word.len())?.copy_from_slice(word);
    let number = core::str::from_utf8(word).ok()?.parse().ok()?;
    Some(Port {
        number,
        text,
        len: word.len(),
    })
}
