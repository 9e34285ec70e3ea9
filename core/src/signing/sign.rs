//! Signing a request: from the request to the `Signature` field's value.

use zeroize::Zeroize;

use crate::bytes::digest::Digest;
use crate::error::Error;
use crate::request::Request;
use crate::request::options::{Options, Policy};
use crate::rsa::public_key::EMPTY_KEY;
use crate::rsa::sizes::MAX_SIGNATURE_LEN;
use crate::signing::components::Components;
use crate::signing::header::{needed_len, signature_place, write_around};
use crate::signing::profile::{Profile, signing_digest};
use crate::signing::signer::Signer;

/// Signs requests with one key, under one profile.
///
/// ```
/// use daxsign_core::*;
/// # const KEY: &[u8] = include_bytes!("../../../tests/vectors/keys/rsa2048.pkcs1.pem");
/// let key = PrivateKey::from_bytes(KEY)?;
/// let signer = RequestSigner::new(&key, Profile::Documented);
///
/// let fields = [HeaderField::new("Date", "2020-05-17T14:44:30+02:00")];
/// let request = Request::new("GET", "/api/v2/DaxEndPoint", &fields, "");
/// let mut out = [0; signature_header_len(2048, 64)];
/// let value = signer.sign(&request, &mut out)?;
/// assert!(value.contains(r#"headers="(request-target) date""#));
///
/// let listed = signer.components(Components::parse("(request-target) host date")?);
/// let refused = listed.sign(&request, &mut out).unwrap_err();
/// assert_eq!(refused.name(), "missing-header");
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct RequestSigner<'s, S: ?Sized> {
    signer: &'s S,
    profile: Profile,
    components: Option<Components<'s>>,
    policy: Policy,
    options: Options,
}

impl<'s, S: Signer + ?Sized> RequestSigner<'s, S> {
    /// A signer with the [default list](Components::default_for) of each request, for verifiers with
    /// the strict policy, and default options.
    #[must_use]
    pub const fn new(signer: &'s S, profile: Profile) -> Self {
        Self {
            signer,
            profile,
            components: None,
            policy: Policy::Strict,
            options: Options::DAX,
        }
    }

    /// With this list for every request, as it is.
    #[must_use]
    pub const fn components(self, list: Components<'s>) -> Self {
        Self {
            components: Some(list),
            ..self
        }
    }

    /// With the default list for verifiers with this policy ([`Components::for_policy`]). A list of
    /// your own stays as it is.
    #[must_use]
    pub const fn policy(self, policy: Policy) -> Self {
        Self { policy, ..self }
    }

    /// With other options.
    #[must_use]
    pub const fn options(self, options: Options) -> Self {
        Self { options, ..self }
    }

    /// Signs `request` and writes the `Signature` field's value into `out`, which needs
    /// [`signature_header_len`](crate::signature_header_len) bytes.
    ///
    /// The signing string is hashed where the request lies: no memory is needed for it.
    ///
    /// # Errors
    /// As [`signing_digest`]; [`Error::BufferTooSmall`] with the exact size needed, before the key
    /// is used; what the signer returns. After an error `out` is zeroed.
    pub fn sign<'o>(&self, request: &Request<'_>, out: &'o mut [u8]) -> Result<&'o str, S::Error> {
        let components = match self.components {
            Some(list) => list,
            None => Components::default_for(request).for_policy(self.policy),
        };
        match signing_digest(request, &components, self.profile, self.options) {
            Ok(digest) => sign_digest(self.signer, &digest, &components, out),
            Err(error) => {
                out.fill(0);
                Err(error.into())
            }
        }
    }
}

/// Signs a digest made by [`signing_digest`] or [`SigningStream`](crate::SigningStream) and writes
/// the `Signature` field's value for the same list into `out`.
///
/// # Errors
/// [`Error::BufferTooSmall`] with the exact size needed, before the key is used; what the signer
/// returns. After an error `out` is zeroed.
pub fn sign_digest<'o, S: Signer + ?Sized>(
    signer: &S,
    digest: &Digest,
    components: &Components<'_>,
    out: &'o mut [u8],
) -> Result<&'o str, S::Error> {
    match sign_digest_into(signer, digest, components, out, |error| error) {
        // The parts are ASCII: component names are tokens.
        Ok(len) => Ok(core::str::from_utf8(out.get(..len).unwrap_or_default()).unwrap_or_default()),
        Err(error) => {
            out.zeroize();
            Err(error)
        }
    }
}

/// As [`sign_digest`], for the C interface: returns the value's length, hands an error to `refused`
/// where it comes up, so that it is copied nowhere, and leaves it to the caller to zero `out` then.
#[doc(hidden)]
pub fn sign_digest_into<S: Signer + ?Sized, R>(
    signer: &S,
    digest: &Digest,
    components: &Components<'_>,
    out: &mut [u8],
    refused: impl Fn(S::Error) -> R,
) -> Result<usize, R> {
    let len = signer.modulus_len();
    let needed = needed_len(components, len);
    let Some(value) = out.get_mut(..needed) else {
        return Err(refused(Error::BufferTooSmall { needed }.into()));
    };
    if len == 0 || len > MAX_SIGNATURE_LEN {
        return Err(refused(EMPTY_KEY.into()));
    }
    let signature = signature_place(value, len);
    signature.fill(0);
    if let Err(error) = signer.sign_digest(digest, signature) {
        return Err(refused(error));
    }
    write_around(components, len, value);
    Ok(needed)
}
