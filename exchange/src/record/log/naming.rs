//! What the first leaf says: which key is the log's, signed by the exchange's (X-CHECKPOINT).

use daxsign_core::{Digest, PublicKey, Sha256};

use crate::record::leaf::content::Content;
use crate::record::leaf::leaf::HASH_LEN;

/// What the statement begins with. No signing string does, so the signature is of nothing else.
pub(crate) const LABEL: &str = "daxsign-exchange log key 1\n";
/// The salt of the first leaf's commitment: none is needed, since what it holds is public.
pub(crate) const PUBLIC_SALT: [u8; HASH_LEN] = [0; HASH_LEN];

/// The log's verifier key, if the exchange's key signed that it is.
pub(crate) fn named_key<'c>(content: &'c Content, exchange: &PublicKey) -> Option<&'c str> {
    let digest = Digest(Sha256::digest(&content.message));
    exchange.verify_digest(&digest, &content.signature).ok()?;
    let text = core::str::from_utf8(&content.message).ok()?;
    text.strip_prefix(LABEL)?.strip_suffix('\n')
}
