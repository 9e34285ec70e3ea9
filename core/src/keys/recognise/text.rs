//! Files of text.

use super::binary;
use crate::error::label::Label;
use crate::keys::format::{Dashes, Format, Json};
use crate::keys::pem::{Block, Blocks, PemBytes, contains, split_once};

const BEGIN: &[u8] = b"-----BEGIN ";
const DASHES: &[u8] = b"-----";

/// What a file of text is.
pub(super) fn format(file: &[u8]) -> Option<Format> {
    let text = file.trim_ascii_start();
    started(text)
        .or_else(|| altered(text))
        .or_else(|| lines(text))
        .or_else(|| first_block(file))
        .or_else(|| encoded(text))
}

/// What files start with.
fn started(text: &[u8]) -> Option<Format> {
    const STARTS: [(&[u8], Format); 7] = [
        (b"ssh-rsa ", Format::OpenSshPublic),
        (b"ssh-", Format::OpenSshOther),
        (b"ecdsa-sha2-", Format::OpenSshOther),
        (b"sk-ssh-", Format::OpenSshOther),
        (b"sk-ecdsa-", Format::OpenSshOther),
        (b"---- BEGIN SSH2 ", Format::Ssh2Public),
        (b"PuTTY-User-Key-File-", Format::Putty),
    ];
    if let Some((_, format)) = STARTS.iter().find(|(start, _)| text.starts_with(start)) {
        return Some(*format);
    }
    match text.first()? {
        b'{' | b'[' => json(text),
        b'<' => xml(text),
        _ => None,
    }
}

fn json(text: &[u8]) -> Option<Format> {
    if contains(text, b"-----BEGIN ") || contains(text, BASE64_OF_BEGIN) {
        return None;
    }
    Some(Format::Json(if !contains(text, b"\"kty\"") {
        Json::Other
    } else if !contains(text, b"\"RSA\"") {
        Json::OtherAlgorithm
    } else if contains(text, b"\"keys\"") {
        Json::Set
    } else if contains(text, b"\"d\"") {
        Json::Private
    } else {
        Json::Public
    }))
}

fn xml(text: &[u8]) -> Option<Format> {
    if contains(text, b"RSAKeyValue") || contains(text, b"<Modulus>") {
        let private = contains(text, b"<D>");
        return Some(Format::Xml { private });
    }
    let page = [b"<!DOCTYPE".as_slice(), b"<html"].into_iter().any(|tag| {
        let start = text.get(..tag.len()).unwrap_or_default();
        start.eq_ignore_ascii_case(tag)
    });
    (page && !contains(text, b"BEGIN ")).then_some(Format::HtmlPage)
}

/// Marks that programs leave in a text on its way: none is base64.
fn altered(text: &[u8]) -> Option<Format> {
    const MARKS: [(&[u8], Format); 11] = [
        (b"&#", Format::Html),
        (b"&nbsp;", Format::Html),
        (b"<br", Format::Html),
        (b"<p>", Format::Html),
        (b"</", Format::Html),
        (b"%0A", Format::PercentEncoded),
        (b"%0a", Format::PercentEncoded),
        (b"%20", Format::PercentEncoded),
        (b"%2B", Format::PercentEncoded),
        (b"%2F", Format::PercentEncoded),
        (b"=3D", Format::QuotedPrintable),
    ];
    let (before, after) = split_once(text, b"BEGIN")?;
    if last_line(before).trim_ascii_start().starts_with(b">") {
        return Some(Format::Quoted);
    }
    let inside = split_once(after, b"END").map_or(after, |(inside, _)| inside);
    let mut marks = MARKS.iter();
    marks
        .find(|(mark, _)| contains(inside, mark))
        .map(|(_, format)| *format)
}

fn last_line(text: &[u8]) -> &[u8] {
    text.rsplit(|byte| matches!(byte, b'\n' | b'\r'))
        .next()
        .unwrap_or_default()
}

/// BEGIN and END lines that are none.
fn lines(text: &[u8]) -> Option<Format> {
    for (line, marker) in [("BEGIN", b"BEGIN ".as_slice()), ("END", b"END ")] {
        let mut rest = text;
        while let Some((before, after)) = split_once(rest, marker) {
            if let Some(dashes) = dashes(before, after) {
                return Some(Format::Dashes { line, dashes });
            }
            rest = after;
        }
    }
    if contains(text, b"BEGIN ") {
        return None;
    }
    let (_, end) = split_once(text, b"-----END ")?;
    let (label, _) = split_once(end, b"-----")?;
    Some(Format::NoBegin(Label::new(label)))
}

/// Longer labels are not looked for.
const MAX_LABEL: usize = 64;

/// The dashes around a label, if they are not five on either side: what stands before BEGIN or END,
/// and what behind it.
fn dashes(before: &[u8], after: &[u8]) -> Option<Dashes> {
    // The same characters in a label are none of its letters.
    let is_dash = |byte: &u8| matches!(byte, b'-' | b' ' | 0x80..);
    let start = after.get(..MAX_LABEL).unwrap_or(after);
    let mut label = start.split(|byte| !byte.is_ascii_alphanumeric() && *byte != b' ');
    let label = label.next().unwrap_or_default().trim_ascii();
    if !label.ends_with(b"KEY") && !label.ends_with(b"CERTIFICATE") {
        return None;
    }
    let behind = split_once(after, label)?.1;
    let before_len = before.iter().rev().take_while(|byte| is_dash(byte)).count();
    let run = before.get(before.len().saturating_sub(before_len)..)?;
    if run.ends_with(DASHES) && behind.starts_with(DASHES) {
        return None;
    }
    // Without any dash it may be a sentence: then it must have its line for itself.
    if run.trim_ascii().is_empty() && !last_line(before).trim_ascii().is_empty() {
        return None;
    }
    let behind_len = behind.iter().take_while(|byte| is_dash(byte)).count();
    let around = behind.get(..behind_len)?;
    let typographic = run.iter().chain(around).any(|byte| *byte >= 0x80);
    Some(if typographic {
        Dashes::Typographic
    } else {
        Dashes::Number
    })
}

/// What the first PEM block is, or is not.
fn first_block(file: &[u8]) -> Option<Format> {
    let Some(block) = Blocks::new(file).next()?.ok() else {
        return labels_differ(file).then_some(Format::LabelsDiffer);
    };
    if let Some(name) = header_name(&block) {
        return Some(Format::Header(Label::new(name)));
    }
    if contains(block.text(), BASE64_OF_BEGIN) {
        return Some(Format::Base64OfPem);
    }
    let line = first_that_is_no_base64(file, &block).map(|line| Format::NotBase64 { line });
    line.or_else(|| binary::in_block(block.bytes().ok()?))
}

/// A block that ends with another label than it starts with.
fn labels_differ(file: &[u8]) -> bool {
    let label = |marker| split_once(split_once(file, marker)?.1, b"-----");
    let (begin, end) = (label(b"-----BEGIN "), label(b"-----END "));
    begin
        .zip(end)
        .is_some_and(|((begin, _), (end, _))| begin != end)
}

/// The name of a header line at a block's start.
fn header_name<'a>(block: &Block<'a>) -> Option<&'a [u8]> {
    block.bytes().err()?;
    let (before, _) = split_once(block.text(), b":")?;
    let name = before.rsplit(|byte| !byte.is_ascii_alphanumeric() && !b"-_ ".contains(byte));
    let name = name.into_iter().next()?.trim_ascii();
    // Behind a line end as text stands its letter.
    let escaped = before.ends_with(name) && contains(before, b"\\");
    Some(match name {
        [b'n' | b'r', rest @ ..] if escaped => rest,
        name => name,
    })
}

/// The line of the first character that is neither base64 nor a line end.
fn first_that_is_no_base64(file: &[u8], block: &Block<'_>) -> Option<u64> {
    let known = |byte: &u8| {
        byte.is_ascii_alphanumeric() || byte.is_ascii_whitespace() || b"+/=\\".contains(byte)
    };
    let place = block.text().iter().position(|byte| !known(byte))?;
    let (before, _) = split_once(file, BEGIN)?;
    let head = [before, BEGIN, block.label, DASHES];
    let place = head
        .iter()
        .fold(place, |sum, part| sum.saturating_add(part.len()));
    let lines = file.get(..place)?.split(|byte| *byte == b'\n').count();
    u64::try_from(lines).ok()
}

/// The base64 of `-----BEGIN`.
const BASE64_OF_BEGIN: &[u8] = b"LS0tLS1CRUdJTi";

/// Keys that were turned into other text.
fn encoded(text: &[u8]) -> Option<Format> {
    if contains(text, BASE64_OF_BEGIN) {
        return Some(Format::Base64OfPem);
    }
    if text.starts_with(b"00000000: 3082") || text.starts_with(b"00000000: 2d2d") {
        return Some(Format::HexDump);
    }
    match hex_start(text) {
        Some([0x30, 0x81 | 0x82]) => return Some(Format::HexDer),
        Some([b'-', b'-']) => return Some(Format::HexPem),
        _ => {}
    }
    // What has a BEGIN line and is here is cut off, which the error says.
    (!contains(text, BEGIN) && bare_base64(text)).then_some(Format::BareBase64)
}

/// Base64 of a SEQUENCE, alone or behind a name such as that of a variable.
fn bare_base64(text: &[u8]) -> bool {
    let is_separator = |byte: &u8| b"=:\"' \t\r\n".contains(byte);
    // Of so many characters, a multiple of four, all must be base64; the end may have anything.
    let mut rest = text;
    while let Some((before, _)) = split_once(rest, b"MI") {
        let Some(token) = rest.get(before.len()..) else {
            return false;
        };
        if before.last().is_none_or(is_separator) {
            let start = token.get(..BARE_START).unwrap_or_default();
            let known = binary::decoded(PemBytes::new(start));
            return known.is_some_and(|(prefix, _, _)| matches!(prefix, [0x30, 0x81..=0x84, ..]));
        }
        rest = token.get(1..).unwrap_or_default();
    }
    false
}

/// How much base64 is looked at, a multiple of four that a file on one line or many has.
const BARE_START: usize = 32;

/// The first two bytes of digits in hexadecimal, whatever separates them.
fn hex_start(text: &[u8]) -> Option<[u8; 2]> {
    let mut digits = [0; 4];
    let mut rest = text;
    for slot in &mut digits {
        while let Some(after) = rest
            .strip_prefix(b"0x")
            .or_else(|| rest.strip_prefix(b"\\x"))
            .or_else(|| rest.strip_prefix(b":"))
            .or_else(|| rest.strip_prefix(b" "))
            .or_else(|| rest.strip_prefix(b","))
        {
            rest = after;
        }
        let (digit, after) = rest.split_first()?;
        *slot = u8::try_from(char::from(*digit).to_digit(16)?).ok()?;
        rest = after;
    }
    let [a, b, c, d] = digits;
    Some([a << 4 | b, c << 4 | d])
}
