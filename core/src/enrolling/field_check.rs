//! Whether what is given for a field of a request can stand there (C-CSR, C-TYPES).

use crate::enrolling::error::FieldProblem;

/// Characters of a GUID.
pub(super) const GUID_LEN: usize = 36;
/// A label of a DNS name, and a name (RFC 1035 2.3.4: 255 with the lengths of its labels).
const MAX_LABEL_LEN: usize = 63;
const MAX_DNS_LEN: usize = 253;

type Checked = Result<(), FieldProblem>;

/// 32 hexadecimal digits, in groups.
pub(super) fn guid(text: &str) -> Checked {
    let fits = |(index, byte): (usize, u8)| match index {
        // Where it has its hyphens.
        8 | 13 | 18 | 23 => byte == b'-',
        _ => byte.is_ascii_hexdigit(),
    };
    let bytes = text.bytes().enumerate().take(GUID_LEN);
    let good = bytes.take_while(|byte| fits(*byte)).count();
    if good < GUID_LEN || text.len() > GUID_LEN {
        return Err(FieldProblem::NotAGuid { offset: good });
    }
    Ok(())
}

/// A code of ISO 3166-1: which of them exist changes, so any two letters are taken, as capitals.
pub(super) fn country(text: &str) -> Checked {
    match text.as_bytes() {
        [b'A'..=b'Z', b'A'..=b'Z'] => Ok(()),
        _ => Err(FieldProblem::NotACountry),
    }
}

/// At least one character and at most `max` of them, none of which is a control character.
pub(super) fn text(text: &str, max: usize) -> Checked {
    if text.is_empty() {
        return Err(FieldProblem::Empty);
    }
    let (mut len, mut before) = (0_usize, 0);
    for (offset, byte) in text.bytes().enumerate() {
        // The second byte of U+0080 to U+009F.
        let second = before == 0xC2 && byte < 0xA0;
        if byte < b' ' || byte == 0x7F || second {
            let offset = offset.saturating_sub(usize::from(second));
            return Err(FieldProblem::ControlCharacter { offset });
        }
        // Whatever continues a character.
        let more = byte & 0xC0 == 0x80;
        len = len.saturating_add(usize::from(!more));
        before = byte;
    }
    length(len, max)
}

/// No more than `max` characters.
pub(super) fn length(len: usize, max: usize) -> Checked {
    if len > max {
        return Err(FieldProblem::TooLong { len, max });
    }
    Ok(())
}

/// What a PrintableString holds (X.680 41.4).
pub(super) fn printable(text: &str) -> Checked {
    let fits = |byte: u8| {
        byte.is_ascii_alphanumeric()
            || matches!(byte, b' ' | b'\'' | b'('..=b')' | b'+'..=b'/' | b':' | b'=' | b'?')
    };
    match text.bytes().position(|byte| !fits(byte)) {
        Some(offset) => Err(FieldProblem::NotPrintable { offset }),
        None => Ok(()),
    }
}

/// What an IA5String holds: ASCII.
pub(super) fn ascii(text: &str) -> Checked {
    match text.bytes().position(|byte| !byte.is_ascii()) {
        Some(offset) => Err(FieldProblem::NotAscii { offset }),
        None => Ok(()),
    }
}

/// Labels with points between (RFC 1123 2.1). The first may be `*`, for any.
pub(super) fn dns_name(text: &str) -> Checked {
    let mut offset = 0_usize;
    for part in text.as_bytes().split(|byte| *byte == b'.') {
        if offset > 0 || part != b"*" {
            label(part).map_err(|at| FieldProblem::NotADnsName {
                offset: offset.saturating_add(at),
            })?;
        }
        offset = offset.saturating_add(part.len()).saturating_add(1);
    }
    if text == "*" {
        return Err(FieldProblem::NotADnsName { offset: 1 });
    }
    length(text.len(), MAX_DNS_LEN)
}

/// One label.
pub(super) fn dns_label(text: &str) -> Checked {
    label(text.as_bytes()).map_err(|offset| FieldProblem::NotADnsName { offset })
}

/// Where a label has what does not belong into it, its end if it is empty.
fn label(label: &[u8]) -> Result<(), usize> {
    let mut edge = true;
    for (index, byte) in label.iter().copied().enumerate() {
        let last = index.saturating_add(1) == label.len();
        let fits = byte.is_ascii_alphanumeric() || byte == b'-' && !edge && !last;
        if !fits || index >= MAX_LABEL_LEN {
            return Err(index);
        }
        edge = false;
    }
    if edge { Err(0) } else { Ok(()) }
}
