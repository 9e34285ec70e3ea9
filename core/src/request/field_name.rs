//! The header fields that rules speak of, in lowercase, as they stand in the signing string.

/// The time of sending; every list must hold it (S-REQUIRED).
pub(crate) const DATE: &str = "date";
/// The body's length, which keeps body bytes from becoming a line (S-BIND).
pub(crate) const CONTENT_LENGTH: &str = "content-length";
