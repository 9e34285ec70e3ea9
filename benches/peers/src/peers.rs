//! Whom daxsign-core is compared with.

use crate::library::Library;
use crate::{aws_lc, graviola, openssl, ring, rsa};

/// Everybody but us.
pub(crate) const PEERS: [Library; 5] = [
    aws_lc::LIBRARY,
    ring::LIBRARY,
    graviola::LIBRARY,
    openssl::LIBRARY,
    rsa::LIBRARY,
];
