//! Signing a request: from the request to the `Signature` field's value.

use zeroize::Zeroize;

use crate::bytes::digest::Digest;
use crate::error::Error;
use crate::request::Request;
use crate::request::options::Options;
use crate::rsa::public_key::EMPTY_KEY;
use crate::rsa::sizes::MAX_SIGNATURE_LEN;
use crate::signing::components::Components;
use crate::signing::header::{signature_header_len, write_signature_header};
use crate::signing::profile::{Profile, signing_digest};
use crate::signing::signer::Signer;

/// Signs `request` and writes the `Signature` field's value into `out`.
///
/// The signing string is hashed where the request lies: no memory is needed for it. `out` needs
/// [`signature_header_len`] bytes.
///
/// # Errors
/// As [`signing_digest`]; [`Error::BufferTooSmall`] with the exact size needed, before the key is
/// used; what the signer gives. After an error `out` is zeroed.
pub fn sign<'o, S: Signer>(
    signer: &S,
    request: &Request<'_>,
    components: &Components<'_>,
    profile: Profile,
    options: Options,
    out: &'o mut [u8],
) -> Result<&'o str, S::Error> {
    match signing_digest(request, components, profile, options) {
        Ok(digest) => sign_digest(signer, &digest, components, out),
        Err(error) => {
            out.fill(0);
            Err(error.into())
        }
    }
}

/// Signs a digest made by [`signing_digest`] or [`SigningStream`](crate::SigningStream) and writes
/// the `Signature` field's value for the same list into `out`.
///
/// # Errors
/// [`Error::BufferTooSmall`] with the exact size needed, before the key is used; what the signer
/// gives. After an error `out` is zeroed.
pub fn sign_digest<'o, S: Signer>(
    signer: &S,
    digest: &Digest,
    components: &Components<'_>,
    out: &'o mut [u8],
) -> Result<&'o str, S::Error> {
    let refused = |out: &mut [u8], error: S::Error| {
        out.fill(0);
        Err(error)
    };
    let modulus_len = signer.modulus_len();
    let needed = signature_header_len(modulus_len.saturating_mul(8), components.encoded_len());
    if out.len() < needed {
        return refused(out, Error::BufferTooSmall { needed }.into());
    }
    let mut buffer = [0; MAX_SIGNATURE_LEN];
    let signature = match buffer.get_mut(..modulus_len) {
        Some(signature) if !signature.is_empty() => signature,
        _ => return refused(out, EMPTY_KEY.into()),
    };
    if let Err(error) = signer.sign_digest(digest, signature) {
        signature.zeroize();
        return refused(out, error);
    }
    Ok(write_signature_header(components, signature, out)?)
}
