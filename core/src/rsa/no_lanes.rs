//! What stands for signing with lanes in builds that have none.

use super::private_operation::Numbers;
use super::public_key::PublicKey;
use crate::bytes::digest::Digest;
use crate::machine::ifma::Ifma;

pub(crate) const fn fits(_: &PublicKey, _: &Numbers<'_>) -> bool {
    false
}

pub(crate) const fn sign(
    ifma: Ifma,
    _: &PublicKey,
    _: &Numbers<'_>,
    _: &[Digest],
    _: &mut [u8],
) -> Option<()> {
    match ifma {}
}
