//! Whether bytes are UTF-8 (RFC 3629 4).

/// Where the bytes stop being UTF-8: `Err` with the first byte that does not belong.
///
/// On microcontrollers in a third of the flash that the standard library's check and its table take;
/// elsewhere that one, which is faster.
pub(crate) fn check_utf8(bytes: &[u8]) -> Result<(), usize> {
    if cfg!(all(target_os = "none", target_pointer_width = "32")) {
        return check_by_character(bytes);
    }
    match core::str::from_utf8(bytes) {
        Ok(_) => Ok(()),
        Err(error) => Err(error.valid_up_to()),
    }
}

/// The same, one character after the other. `tests/signing/utf8.rs` compares the two.
pub(crate) fn check_by_character(bytes: &[u8]) -> Result<(), usize> {
    let mut rest = bytes;
    while let [first, after @ ..] = rest {
        // How many bytes follow, and the range of the first of them.
        let (more, low, high) = match first {
            0x00..=0x7F => (0, 0x00, 0xFF),
            0xC2..=0xDF => (1, 0x80, 0xBF),
            0xE0 => (2, 0xA0, 0xBF),
            0xED => (2, 0x80, 0x9F),
            0xE1..=0xEF => (2, 0x80, 0xBF),
            0xF0 => (3, 0x90, 0xBF),
            0xF1..=0xF3 => (3, 0x80, 0xBF),
            0xF4 => (3, 0x80, 0x8F),
            _ => (usize::MAX, 0, 0),
        };
        let character = after.split_at_checked(more).filter(|(tail, _)| match tail {
            [] => true,
            [second, others @ ..] => {
                (low..=high).contains(second) && others.iter().all(|byte| byte & 0xC0 == 0x80)
            }
        });
        let Some((_, next)) = character else {
            return Err(bytes.len().saturating_sub(rest.len()));
        };
        rest = next;
    }
    Ok(())
}
