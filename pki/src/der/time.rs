//! Times (RFC 5280 4.1.2.5): UTCTime until 2049, GeneralizedTime from 2050 on, both in whole seconds of UTC.

use daxsign_core::Timestamp;

use crate::der::reader::{Malformed, Reader};
use crate::der::writer::DerWriter;
use crate::der::{GENERALIZED_TIME, UTC_TIME};
use crate::error::PkiError;

/// `2026-11-29T02:48:19Z`: how times stand in the files of an authority.
pub(crate) fn text(time: Timestamp) -> Result<String, PkiError> {
    let text = time.format()?.to_string();
    let (seconds, _) = text.split_once('.').unwrap_or((&text, ""));
    Ok(format!("{seconds}Z"))
}

/// Tag and contents of a time's element.
pub(crate) fn encoded(time: Timestamp) -> Result<(u8, Vec<u8>), PkiError> {
    let text = text(time)?;
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let years = ("1950", "2049");
    let short = digits
        .get(..4)
        .is_some_and(|year| years.0 <= year && year <= years.1);
    let (tag, digits) = if short {
        (UTC_TIME, digits.get(2..).unwrap_or_default())
    } else {
        (GENERALIZED_TIME, digits.as_str())
    };
    Ok((tag, format!("{digits}Z").into_bytes()))
}

/// Writes what [`encoded`] gave.
pub(crate) fn write((tag, contents): &(u8, Vec<u8>), der: &mut DerWriter) {
    der.bytes(*tag, contents);
}

/// Whether a time comes next.
pub(crate) fn is_next(reader: &Reader<'_>) -> bool {
    matches!(reader.peek(), Some(UTC_TIME | GENERALIZED_TIME))
}

/// Reads a time of either kind.
pub(crate) fn read(reader: &mut Reader<'_>) -> Result<Timestamp, Malformed> {
    let malformed = reader.malformed();
    let element = reader.any()?;
    let digits = std::str::from_utf8(element.contents).map_err(|_| malformed)?;
    let digits = digits.strip_suffix('Z').ok_or(malformed)?;
    let full = match (element.tag, digits.len()) {
        // RFC 5280 4.1.2.5.1: years of 50 and above are of the century before.
        (UTC_TIME, 12) if digits < "5" => format!("20{digits}"),
        (UTC_TIME, 12) => format!("19{digits}"),
        (GENERALIZED_TIME, 14) => digits.to_owned(),
        _ => return Err(malformed),
    };
    let part = |from: usize, to: usize| full.get(from..to).unwrap_or_default();
    let text = format!(
        "{}-{}-{}T{}:{}:{}Z",
        part(0, 4),
        part(4, 6),
        part(6, 8),
        part(8, 10),
        part(10, 12),
        part(12, 14)
    );
    Timestamp::parse(&text).map_err(|_| malformed)
}
