//! PEM (RFC 7468) around the DER of certificates and lists.

use pem_rfc7468::LineEnding;

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
