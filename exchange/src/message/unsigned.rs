//! A message that is written and not signed: its digest can be signed elsewhere, or many at a time.

use daxsign_core::{
    Components, Digest, Error, HeaderField, MAX_SIGNATURE_LEN, Options, Profile, Request, Signer,
    TargetForm, signature_header_len, signing_digest, write_signature_header,
};

use super::name::MessageName;
use super::refusal::Unfit;
use super::signed::Signed;

/// How such messages are signed: the full target, any content type.
pub(super) const OPTIONS: Options = Options {
    target: TargetForm::Full,
    ..Options::DAX
};
/// And under which profile.
pub(super) const PROFILE: Profile = Profile::Documented;

/// A message that is written and not signed.
#[derive(Clone, Debug)]
pub struct Unsigned<'m> {
    method: &'m str,
    target: &'m str,
    /// In the order of the list.
    fields: Vec<(&'static str, String)>,
    list: &'static [&'static str],
    body: &'m [u8],
    digest: Digest,
}

impl<'m> Unsigned<'m> {
    /// Of these parts; the fields are those of the list, in its order.
    pub(super) fn new(
        (method, target): (&'m str, &'m str),
        fields: Vec<(&'static str, String)>,
        list: &'static [&'static str],
        body: &'m [u8],
    ) -> Result<Self, Unfit> {
        for (name, value) in &fields {
            // A fold could be signed, and would be another head.
            if value.is_empty() || value.chars().any(char::is_control) {
                return Err(Unfit::Field { name });
            }
        }
        let digest = digest((method, target), &fields, list, body).map_err(Unfit::Rule)?;
        Ok(Self {
            method,
            target,
            fields,
            list,
            body,
            digest,
        })
    }

    /// What is to be signed (RSASSA-PKCS1-v1_5 with SHA-256).
    #[must_use]
    pub const fn digest(&self) -> &Digest {
        &self.digest
    }

    /// What the message is known by.
    #[must_use]
    pub const fn name(&self) -> MessageName {
        // Under this profile the digest is the hash of the string.
        MessageName(self.digest.0)
    }

    /// Without what it borrows, for who gets its signature later.
    pub(crate) fn detached(self) -> Detached {
        Detached {
            fields: self.fields,
            list: self.list,
            digest: self.digest,
        }
    }

    /// The message with a signature over its [digest](Self::digest), which is not verified again.
    ///
    /// # Errors
    /// Those of the list, which is always the same.
    pub fn with_signature(self, signature: &[u8]) -> Result<Signed<'m>, Error> {
        let (line, body) = ((self.method, self.target), self.body);
        self.detached().with_signature(line, body, signature)
    }

    /// The message, signed.
    ///
    /// # Errors
    /// The signer's.
    pub fn sign<S: Signer + ?Sized>(self, signer: &S) -> Result<Signed<'m>, S::Error> {
        let mut signature = [0; MAX_SIGNATURE_LEN];
        let signature = signature
            .get_mut(..signer.modulus_len())
            .unwrap_or_default();
        signer.sign_digest(&self.digest, signature)?;
        Ok(self.with_signature(signature)?)
    }
}

/// A message that is written and not signed, without what it borrowed.
#[derive(Debug)]
pub(crate) struct Detached {
    fields: Vec<(&'static str, String)>,
    list: &'static [&'static str],
    digest: Digest,
}

impl Detached {
    /// The message with a signature over the digest, and with the method, target and body that it was written with.
    pub(crate) fn with_signature<'m>(
        self,
        line: (&str, &str),
        body: &'m [u8],
        signature: &[u8],
    ) -> Result<Signed<'m>, Error> {
        let components = Components::from_names(self.list)?;
        let bits = signature.len().saturating_mul(8);
        let mut out = vec![0; signature_header_len(bits, components.encoded_len())];
        let field = write_signature_header(&components, signature, &mut out)?.to_owned();
        let name = MessageName(self.digest.0);
        Ok(Signed::new(line, self.fields, field, body, name))
    }
}

fn digest(
    (method, target): (&str, &str),
    fields: &[(&'static str, String)],
    list: &[&str],
    body: &[u8],
) -> Result<Digest, Error> {
    let fields: Vec<HeaderField<'_>> = fields
        .iter()
        .map(|(name, value)| HeaderField::new(*name, value))
        .collect();
    let request = Request::new(method, target, &fields, body);
    signing_digest(&request, &Components::from_names(list)?, PROFILE, OPTIONS)
}
