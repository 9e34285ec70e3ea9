//! Whether everybody on the way reads the same request out of the bytes: the same fields, and the
//! same body (S-FRAMING, RFC 9112 5.1, 5.2 and 6.3).
//!
//! Signing and verifying see the fields one by one and only those that are listed; here the whole head
//! counts, since a field that one reader sees and another does not can change what the body is.

use crate::request::field_name::CONTENT_LENGTH;

use super::ambiguity::Ambiguity;
use super::field::MessageField;

const TRANSFER_ENCODING: &str = "transfer-encoding";
/// The fields of which a request has one: they say where it goes and where it ends.
const SINGLE: [&str; 2] = ["host", CONTENT_LENGTH];

/// What was seen of a head so far.
#[derive(Clone, Debug, Default)]
pub struct MessageFraming {
    /// The lines of the fields of [`SINGLE`]; 0 for none.
    lines: [usize; SINGLE.len()],
}

impl MessageFraming {
    /// Takes the next field of the head, as it stands there with all its lines.
    ///
    /// # Errors
    /// What others read otherwise in it.
    pub fn check(&mut self, field: &MessageField<'_>) -> Result<(), Ambiguity> {
        if field.spaced_colon {
            return Err(Ambiguity::SpacedColon);
        }
        if field.is(TRANSFER_ENCODING) {
            return Err(Ambiguity::TransferEncoding);
        }
        check_value(field.value)?;
        for (name, line) in SINGLE.iter().zip(&mut self.lines) {
            if !field.is(name) {
                continue;
            }
            if *line > 0 {
                return Err(Ambiguity::Repeated { first: *line });
            }
            *line = field.line;
        }
        Ok(())
    }
}

/// S-FOLD of every field, listed or not. What else a value may be counts for those that are listed.
fn check_value(value: &[u8]) -> Result<(), Ambiguity> {
    let mut before = 0;
    for (offset, &byte) in value.iter().enumerate() {
        // A value has no other LF than one that white space follows, since it ends where its lines do.
        if before == b'\r' && byte != b'\n' {
            let offset = offset.saturating_sub(1);
            return Err(Ambiguity::LineBreak { offset });
        }
        if byte.is_ascii_control() && !matches!(byte, b'\t' | b'\r' | b'\n') {
            return Err(Ambiguity::ControlCharacter { offset });
        }
        before = byte;
    }
    if before == b'\r' {
        let offset = value.len().saturating_sub(1);
        return Err(Ambiguity::LineBreak { offset });
    }
    Ok(())
}
