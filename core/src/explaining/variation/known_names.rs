//! Names that signers and proxies use where the rules have others. A deviation says by its number
//! which one of them.

/// What proxies are configured to take off the path.
pub(crate) const PREFIXES: [&str; 14] = [
    "/api",
    "/v2.0",
    "/api/v2.0",
    "/api/v2",
    "/v2",
    "/v1",
    "/api/v1",
    "/v1.0",
    "/api/v1.0",
    "/dax",
    "/dax/api",
    "/rest",
    "/gateway",
    "/services",
];
/// What stands before a field's name in the name of its twin.
pub(crate) const TWINS: [&str; 4] = ["X-", "X-Original-", "X-Forwarded-", "Original-"];
/// Fields that say which host or target was asked for.
pub(crate) const HOST_TWINS: [&str; 5] = [
    "X-Forwarded-Host",
    "X-Original-Host",
    "X-Host",
    "X-Forwarded-Server",
    "X-Original-Forwarded-Host",
];
pub(crate) const TARGET_TWINS: [&str; 4] = [
    "X-Original-URI",
    "X-Original-URL",
    "X-Rewrite-URL",
    "X-Forwarded-Uri",
];
/// Fields that hold a digest of the body.
pub(crate) const DIGEST_FIELDS: [&str; 4] =
    ["Digest", "Content-Digest", "Repr-Digest", "Content-MD5"];

/// The name with this number, counted from 1.
pub(crate) fn pick(names: &'static [&'static str], number: u8) -> Option<&'static str> {
    names.get(usize::from(number.checked_sub(1)?)).copied()
}
