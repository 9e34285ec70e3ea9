//! PEM (RFC 7468) around the DER of certificates and lists.

use daxsign_core::CertificateFile;
use pem_rfc7468::LineEnding;

use crate::error::PkiError;

/// A certificate's label.
pub(crate) const CERTIFICATE: &str = "CERTIFICATE";
/// That of a list of revoked certificates.
pub(crate) const LIST: &str = "X509 CRL";

/// A certificate's DER as PEM (RFC 7468 5), with `\n` at the ends of its lines.
#[must_use]
pub fn certificate_pem(der: &[u8]) -> String {
    encode(CERTIFICATE, der)
}

/// One block, with `\n` at the ends of its lines.
pub(crate) fn encode(label: &str, der: &[u8]) -> String {
    // The labels are fixed, and memory for the text is all that it needs.
    pem_rfc7468::encode_string(label, LineEnding::LF, der).unwrap_or_default()
}

/// The first block with this label; `None` if the file has none.
pub(crate) fn decode(label: &str, file: &[u8]) -> Option<Vec<u8>> {
    let (found, der) = pem_rfc7468::decode_vec(file).ok()?;
    (found == label).then_some(der)
}

/// Whether more than one block with this label begins in the file.
pub(crate) fn are_several(label: &str, file: &[u8]) -> bool {
    let begin = format!("-----BEGIN {label}-----");
    let places = file.windows(begin.len());
    places.filter(|place| *place == begin.as_bytes()).count() > 1
}

/// The DER of a file's first certificate, PEM or DER.
pub(crate) fn der_of_certificate(file: &[u8]) -> Result<Vec<u8>, PkiError> {
    let mut der = Vec::new();
    CertificateFile::from_bytes(file)?.write_der(&mut |bytes: &[u8]| der.extend_from_slice(bytes));
    Ok(der)
}
