//! Why a signature does not match: the hash is taken out of the signature, and the strings of the
//! mistakes people make are tried until one has it.

use crate::components::Components;
use crate::digest::Digest;
use crate::error::Error;
use crate::options::Options;
use crate::profile::Profile;
use crate::request::Request;
use crate::rsa::public_key::PublicKey;
use crate::rsa::recover::Recovered;
use crate::sha256::Sha256;
use crate::signature_header::SignatureHeader;
use crate::signing_string::write_signing_string;
use crate::sink::Counter;
use crate::variation::Variation;
use crate::verify::{of_a_signed_request, with_signature};

/// What [`explain`] found out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Finding {
    /// The signature covers exactly the signing string, under this profile.
    Verifies {
        /// The profile that the signer used.
        profile: Profile,
    },
    /// The signature covers another string, made like this.
    Mistake {
        /// What the signer did.
        variation: Variation,
        /// The profile that the signer used.
        profile: Profile,
    },
    /// The signature opens with this key but holds another hash or encoding.
    OtherHash {
        /// `SHA-1`, `SHA-512`, …
        name: &'static str,
    },
    /// The signature does not open with this key.
    WrongKey,
    /// The signature opens and holds this SHA-256, which none of the known mistakes gives.
    Unexplained {
        /// The hash in the signature.
        digest: Digest,
    },
}

/// Finds out what the `Signature` field of `request` covers. Its date may be of any time.
///
/// A diagnosis, never a verdict: to accept a request there is [`Verifier`](crate::Verifier). The
/// request is hashed some hundred times.
///
/// # Errors
/// What is wrong with the `Signature` field, or the first rule that the request breaks: that is
/// then the reason.
pub fn explain(key: &PublicKey, request: &Request<'_>, options: Options) -> Result<Finding, Error> {
    let header = SignatureHeader::of(request)?;
    // S-SIG is told before the rules that the request breaks.
    let recovered = with_signature(key, &header, |signature| key.recover(signature))?;
    let components = header.components()?;
    write_signing_string(request, &components, options, &mut Counter::default())
        .map_err(of_a_signed_request)?;
    Ok(match recovered {
        Recovered::Sha256(digest) => search(&digest, request, &components, options),
        Recovered::Other(name) => Finding::OtherHash { name },
        Recovered::Nothing => Finding::WrongKey,
    })
}

/// The first string, from the rules' own to the rarest mistakes, that has this hash.
fn search(
    digest: &Digest,
    request: &Request<'_>,
    components: &Components<'_>,
    options: Options,
) -> Finding {
    for variation in core::iter::once(Variation::NONE).chain(Variation::all()) {
        let mut hash = Sha256::default();
        if variation
            .write_string(request, components, options, &mut hash)
            .is_err()
        {
            continue;
        }
        let hash = hash.finish();
        for profile in Profile::ALL {
            if profile.digest(&hash) != *digest {
                continue;
            }
            return if variation == Variation::NONE {
                Finding::Verifies { profile }
            } else {
                Finding::Mistake { variation, profile }
            };
        }
    }
    Finding::Unexplained { digest: *digest }
}
