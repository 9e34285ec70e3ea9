//! DER (X.690): what certificates and lists are written in.
//!
//! The core's own writer and reader need no heap, and hold what one certificate can have. A list of what was
//! revoked grows without such a bound, so here are a [`writer`] and a [`reader`] for hosts; [`time`] and
//! [`oid`] are what both need. Names, keys and requests stay the core's: their bytes are copied and never
//! written anew (C-TYPES).

pub(crate) mod oid;
pub(crate) mod reader;
pub(crate) mod time;
pub(crate) mod writer;

pub(crate) const BOOLEAN: u8 = 0x01;
pub(crate) const INTEGER: u8 = 0x02;
pub(crate) const BIT_STRING: u8 = 0x03;
pub(crate) const OCTET_STRING: u8 = 0x04;
pub(crate) const NULL: u8 = 0x05;
pub(crate) const OBJECT_IDENTIFIER: u8 = 0x06;
pub(crate) const ENUMERATED: u8 = 0x0A;
pub(crate) const UTC_TIME: u8 = 0x17;
pub(crate) const GENERALIZED_TIME: u8 = 0x18;
pub(crate) const SEQUENCE: u8 = 0x30;
pub(crate) const SET: u8 = 0x31;
/// `[0]`, constructed.
pub(crate) const CONTEXT_0: u8 = 0xA0;
/// `[3]`, constructed.
pub(crate) const CONTEXT_3: u8 = 0xA3;
/// `[0]` of a context, primitive: keyIdentifier (RFC 5280 4.2.1.1).
pub(crate) const KEY_IDENTIFIER: u8 = 0x80;
