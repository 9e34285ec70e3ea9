//! Object identifiers, as the contents of their elements.

/// sha256WithRSAEncryption, 1.2.840.113549.1.1.11 (RFC 8017 A.2.4).
pub(crate) const SHA256_WITH_RSA: &[u8] = &[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x0B];

/// extensionRequest, 1.2.840.113549.1.9.14 (RFC 2985 5.4.2).
pub(crate) const EXTENSION_REQUEST: &[u8] = &[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x09, 0x0E];
/// Microsoft's older one, 1.3.6.1.4.1.311.2.1.14.
pub(crate) const MS_EXTENSION_REQUEST: &[u8] =
    &[0x2B, 0x06, 0x01, 0x04, 0x01, 0x82, 0x37, 0x02, 0x01, 0x0E];

// Extensions (RFC 5280 4.2.1 and 5.2, 5.3), 2.5.29.*.
pub(crate) const SUBJECT_KEY_IDENTIFIER: &[u8] = &[0x55, 0x1D, 14];
pub(crate) const KEY_USAGE: &[u8] = &[0x55, 0x1D, 15];
pub(crate) const SUBJECT_ALT_NAME: &[u8] = &[0x55, 0x1D, 17];
pub(crate) const BASIC_CONSTRAINTS: &[u8] = &[0x55, 0x1D, 19];
pub(crate) const CRL_NUMBER: &[u8] = &[0x55, 0x1D, 20];
pub(crate) const REASON_CODE: &[u8] = &[0x55, 0x1D, 21];
pub(crate) const DELTA_LIST_INDICATOR: &[u8] = &[0x55, 0x1D, 27];
pub(crate) const ISSUING_DISTRIBUTION_POINT: &[u8] = &[0x55, 0x1D, 28];
pub(crate) const CERTIFICATE_ISSUER: &[u8] = &[0x55, 0x1D, 29];
pub(crate) const AUTHORITY_KEY_IDENTIFIER: &[u8] = &[0x55, 0x1D, 35];
pub(crate) const EXTENDED_KEY_USAGE: &[u8] = &[0x55, 0x1D, 37];

/// serverAuth, 1.3.6.1.5.5.7.3.1 (RFC 5280 4.2.1.12).
pub(crate) const SERVER_AUTH: &[u8] = &[0x2B, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x01];
/// clientAuth, 1.3.6.1.5.5.7.3.2.
pub(crate) const CLIENT_AUTH: &[u8] = &[0x2B, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x02];
