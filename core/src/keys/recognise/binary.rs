//! Files that are no text, and DER out of either.

use crate::bytes::sink::length;
use crate::keys::format::Format;
use crate::keys::pem::{Blocks, PemBytes, contains};

/// The first bytes of a file or block that are looked at: enough for the headers in front of what
/// tells a format, and before the secret numbers of any key.
const PREFIX: usize = 128;

/// What files start with.
const STARTS: [(&[u8], Format); 5] = [
    (b"\xFE\xED\xFE\xED", Format::JavaKeyStore),
    // PRIVATEKEYBLOB and PUBLICKEYBLOB of an RSA key, version 2.
    (b"\x07\x02\0\0", Format::MsBlob),
    (b"\x06\x02\0\0", Format::MsBlob),
    (b"\x1E\xF1\xB5\xB0", Format::Pvk),
    // The public key of a strong name: algorithms, a length, then the BLOB.
    (b"\0\x24\0\0\x04\x80\0\0", Format::MsBlob),
];

/// Whether a file starts like DER of some length, and like no text.
pub(super) fn is_der(file: &[u8]) -> bool {
    matches!(file, [0x30, 0x80..=0x84, ..])
}

/// What a file is that is no text.
pub(super) fn format(file: &[u8]) -> Option<Format> {
    if let Some((_, format)) = STARTS.iter().find(|(start, _)| file.starts_with(start)) {
        return Some(*format);
    }
    if let Some(charset) = utf16(file) {
        return Some(Format::Utf16 { charset });
    }
    if is_der(file) {
        return shape(file, length(file), true);
    }
    None
}

/// UTF-16 by its byte order mark, or by every other byte being zero.
fn utf16(file: &[u8]) -> Option<&'static str> {
    if file.starts_with(b"\xFF\xFE") || file.starts_with(b"\xFE\xFF") {
        return Some("UTF-16");
    }
    let (pairs, _) = file.get(..PREFIX).unwrap_or(file).as_chunks::<2>();
    let text = |byte: u8| byte.is_ascii_graphic() || byte.is_ascii_whitespace();
    match pairs {
        [] | [_] => None,
        pairs if pairs.iter().all(|[low, high]| text(*low) && *high == 0) => Some("UTF-16LE"),
        pairs if pairs.iter().all(|[high, low]| text(*low) && *high == 0) => Some("UTF-16BE"),
        _ => None,
    }
}

/// What a DER structure is, of which `start` is the start and `total` the length: none of ours, or
/// one of another length than its header says.
fn shape(start: &[u8], total: u64, der: bool) -> Option<Format> {
    let (header, contents) = header(start)?;
    if contents.starts_with(b"\x02\x01\x03\x30") {
        return Some(Format::Pkcs12);
    }
    // 1.2.840.113549.1.7, of which signedData is 2.
    if contents.starts_with(b"\x06\x09\x2A\x86\x48\x86\xF7\x0D\x01\x07") {
        return Some(Format::Pkcs7 { der });
    }
    if is_request(contents) {
        return Some(Format::Request { der });
    }
    let end = header?;
    if total < end {
        let missing = end.saturating_sub(total);
        return Some(Format::CutOff { missing });
    }
    let count = total.saturating_sub(end);
    (count > 0).then_some(Format::Behind { count, end, der })
}

/// Where the SEQUENCE at the start ends, if its length is definite, and its contents.
fn header(start: &[u8]) -> Option<(Option<u64>, &[u8])> {
    let (first, rest) = start.strip_prefix(&[0x30])?.split_first()?;
    let short = u64::from(*first);
    let count = match first {
        0x80 => return Some((None, rest)),
        0x81..=0x84 => usize::from(first & 0x7F),
        _ => return Some((Some(short.saturating_add(2)), rest)),
    };
    let (digits, contents) = rest.split_at_checked(count)?;
    let len = digits
        .iter()
        .fold(0_u64, |len, digit| (len << 8) | u64::from(*digit));
    let own = length(digits).saturating_add(2);
    Some((Some(len.saturating_add(own)), contents))
}

/// CertificationRequestInfo (RFC 2986 4.1): version 0, then a subject, which is SETs or nothing.
fn is_request(contents: &[u8]) -> bool {
    let inside = header(contents).and_then(|(_, info)| info.strip_prefix(b"\x02\x01\x00"));
    let subject = inside.and_then(header);
    subject.is_some_and(|(end, name)| end == Some(2) || name.starts_with(b"\x31"))
}

/// The first bytes that base64 stands for, and how many it stands for in all.
pub(super) fn decoded(bytes: PemBytes<'_>) -> Option<([u8; PREFIX], usize, u64)> {
    let mut source = bytes;
    let (mut prefix, mut used, mut total) = ([0; PREFIX], 0_usize, 0_u64);
    while let Some(byte) = source.next().ok()? {
        if let Some(slot) = prefix.get_mut(used) {
            *slot = byte;
            used = used.saturating_add(1);
        }
        total = total.saturating_add(1);
    }
    Some((prefix, used, total))
}

/// What stands in the base64 of a PEM block.
pub(super) fn in_block(bytes: PemBytes<'_>) -> Option<Format> {
    let (prefix, used, total) = decoded(bytes)?;
    shape(prefix.get(..used)?, total, false)
}

/// A block of OpenSSH: its algorithm's name stands in front, with the public key.
pub(in crate::keys) fn open_ssh(file: &[u8]) -> Format {
    let block = Blocks::new(file).find_map(Result::ok);
    let decoded = block.and_then(|block| decoded(block.bytes().ok()?));
    let Some((prefix, used, _)) = decoded else {
        return Format::OpenSshPrivate;
    };
    let start = prefix.get(..used).unwrap_or_default();
    let mut others = [b"ssh-ed".as_slice(), b"ssh-dss", b"ecdsa-", b"sk-"].into_iter();
    if others.any(|name| contains(start, name)) {
        Format::OpenSshOther
    } else {
        Format::OpenSshPrivate
    }
}
