//! Which certificates stand in a file, for whoever tells a person which of them was taken.

use super::certificate::enter_to_validity;
use super::der::{
    BOOLEAN, CONTEXT_3, OBJECT_IDENTIFIER, OCTET_STRING, Outer, Reader, SEQUENCE, SET, Source,
};
use super::pem::{Block, Blocks};
use super::{FileRefusal, KeyKind, der_kind, is_pem, open, open_block};
use crate::bytes::sink::Sink;
use crate::error::Error;
use crate::error::key_refusal::KeyRefusal;

/// id-at-commonName, 2.5.4.3 (RFC 5280 A.1).
const COMMON_NAME: &[u8] = &[0x55, 0x04, 0x03];
/// id-ce-basicConstraints, 2.5.29.19 (RFC 5280 4.2.1.9).
const BASIC_CONSTRAINTS: &[u8] = &[0x55, 0x1D, 0x13];
/// Room for an object identifier; longer ones are none that is looked for.
const MAX_OID_LEN: usize = 32;
/// Room for a common name: 64 characters (ub-common-name, RFC 5280 A.1) of up to four bytes.
const MAX_NAME_LEN: usize = 256;

/// What tells a person which certificate it is.
#[derive(Clone, Debug)]
pub struct CertificateSummary {
    name: [u8; MAX_NAME_LEN],
    name_len: usize,
    is_authority: bool,
}

impl CertificateSummary {
    /// The subject's common name as it stands there, which may hold anything; `None` if there is
    /// none in UTF-8.
    #[must_use]
    pub fn common_name(&self) -> Option<&str> {
        let name = self.name.get(..self.name_len)?;
        core::str::from_utf8(name)
            .ok()
            .filter(|name| !name.is_empty())
    }

    /// Whether its basic constraints say that it is a certificate authority's.
    #[must_use]
    pub const fn is_authority(&self) -> bool {
        self.is_authority
    }
}

/// The certificates of a file, PEM or DER, in their order. The first is the one that
/// [`Certificate::from_bytes`](crate::Certificate::from_bytes) takes. Of one with an unusual subject
/// or extensions less is known.
///
/// ```
/// assert_eq!(daxsign_core::certificates(b"no key").count(), 0);
/// ```
pub fn certificates(file: &[u8]) -> impl Iterator<Item = CertificateSummary> {
    certificate_readers(file).flatten().map(summary)
}

/// A reader at the start of each certificate of a file. One that is damaged or cut off is not passed over: what
/// follows it would stand in its place.
pub(crate) fn certificate_readers(
    file: &[u8],
) -> impl Iterator<Item = Result<Reader<'_>, FileRefusal<'_>>> {
    let pem = is_pem(file);
    let blocks = Blocks::new(if pem { file } else { b"" });
    let single = (!pem).then(|| Reader::new(Source::Der(file.iter())));
    let readers = blocks.filter_map(|block| match block {
        Ok(block) => certificate(block),
        Err(problem) => Some(Err(problem.into())),
    });
    let is_certificate = |reader: &Reader<'_>| der_kind(reader.clone()) == Ok(KeyKind::Certificate);
    readers.chain(single.filter(is_certificate).map(Ok))
}

fn certificate(block: Block<'_>) -> Option<Result<Reader<'_>, FileRefusal<'_>>> {
    let promised = KeyKind::promised(block.label);
    match open_block(block, promised.is_some()) {
        Ok((kind, reader)) => (kind == KeyKind::Certificate).then_some(Ok(reader)),
        Err(refusal) => (promised == Some(KeyKind::Certificate)).then_some(Err(refusal)),
    }
}

/// Writes the DER of the certificate that
/// [`Certificate::from_bytes`](crate::Certificate::from_bytes) takes: its thumbprint is a hash of
/// that.
///
/// # Errors
/// As [`Certificate::from_bytes`](crate::Certificate::from_bytes) for a file without a certificate
/// or one that is damaged; part of it was then written. Its key is not looked at.
pub fn write_certificate(file: &[u8], sink: &mut impl Sink) -> Result<(), Error> {
    let (_, mut reader) = open(file, |kind| kind == KeyKind::Certificate)?;
    while let Some(byte) = reader.next()? {
        sink.write(&[byte]);
    }
    Ok(())
}

fn summary(mut reader: Reader<'_>) -> CertificateSummary {
    let mut summary = CertificateSummary {
        name: [0; MAX_NAME_LEN],
        name_len: 0,
        is_authority: false,
    };
    // What was read before the place that is not understood stays.
    let _ = read_summary(&mut reader, &mut summary);
    summary
}

fn read_summary(
    reader: &mut Reader<'_>,
    summary: &mut CertificateSummary,
) -> Result<(), KeyRefusal> {
    let (_, tbs) = enter_to_validity(reader)?;
    reader.skip(SEQUENCE)?;
    let subject = reader.enter(SEQUENCE)?;
    while !reader.at_end() {
        let set = reader.enter(SET)?;
        read_name(reader, summary)?;
        reader.leave_early(set)?;
    }
    reader.leave(subject)?;
    reader.skip(SEQUENCE)?;
    while !reader.at_end() {
        match reader.peek()? {
            CONTEXT_3 => summary.is_authority = read_extensions(reader)?,
            other => reader.skip(other)?,
        }
    }
    reader.leave(tbs)
}

/// AttributeTypeAndValue ::= SEQUENCE { OID, string }.
fn read_name(reader: &mut Reader<'_>, summary: &mut CertificateSummary) -> Result<(), KeyRefusal> {
    let (attribute, is_name) = enter_identified(reader, COMMON_NAME)?;
    if is_name {
        let tag = reader.peek()?;
        summary.name_len = reader.contents(tag, &mut summary.name)?.len();
    }
    reader.leave_early(attribute)
}

/// Extensions ::= [3] SEQUENCE OF SEQUENCE { OID, BOOLEAN optional, OCTET STRING }; basicConstraints
/// are in theirs SEQUENCE { BOOLEAN optional, … }.
fn read_extensions(reader: &mut Reader<'_>) -> Result<bool, KeyRefusal> {
    let outer = reader.enter(CONTEXT_3)?;
    let list = reader.enter(SEQUENCE)?;
    let mut authority = false;
    while !reader.at_end() {
        let (extension, is_constraints) = enter_identified(reader, BASIC_CONSTRAINTS)?;
        if is_constraints {
            if reader.peek()? == BOOLEAN {
                reader.skip(BOOLEAN)?;
            }
            let octets = reader.enter(OCTET_STRING)?;
            let constraints = reader.enter(SEQUENCE)?;
            if !reader.at_end() && reader.peek()? == BOOLEAN {
                authority = reader.contents(BOOLEAN, &mut [0])? != [0];
            }
            reader.leave_early(constraints)?;
            reader.leave(octets)?;
        }
        reader.leave_early(extension)?;
    }
    reader.leave(list)?;
    reader.leave(outer)?;
    Ok(authority)
}

/// Enters a SEQUENCE that starts with an object identifier, and tells whether it is this one.
fn enter_identified(reader: &mut Reader<'_>, wanted: &[u8]) -> Result<(Outer, bool), KeyRefusal> {
    let outer = reader.enter(SEQUENCE)?;
    let mut buffer = [0; MAX_OID_LEN];
    let found = reader.contents(OBJECT_IDENTIFIER, &mut buffer)?;
    Ok((outer, found == wanted))
}
