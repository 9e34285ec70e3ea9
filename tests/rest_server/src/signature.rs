//! Whether a request's signature holds, without the project's core: the signing string as
//! [`daxsign_tests::model`] reads the rules, RSA by the rsa crate, and by OpenSSL besides.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use daxsign_tests::model::{self, ModelOptions};
use daxsign_tests::openssl::OpenSsl;
use daxsign_tests::request::OwnedRequest;
use rsa::pkcs8::DecodePublicKey;
use rsa::{Pkcs1v15Sign, RsaPublicKey};
use sha2::{Digest, Sha256};

use crate::identity;
use crate::scenario::{Profile, Rule};

/// Verifies what the caller of [`identity`] signed.
#[derive(Debug)]
pub struct Verifier {
    key: RsaPublicKey,
    openssl: Option<OpenSsl>,
}

/// A signature that holds.
#[derive(Clone, Debug)]
pub struct Verified {
    /// Under which of the rules it does.
    pub rule: Rule,
    /// The signing string.
    pub string: Vec<u8>,
}

impl Verifier {
    /// With OpenSSL's command as well, or with the rsa crate alone.
    #[must_use]
    pub fn new(openssl: bool) -> Self {
        let pem = std::fs::read_to_string(identity::public_key()).expect("the caller's public key");
        Self {
            key: RsaPublicKey::from_public_key_pem(&pem).expect("a public key"),
            openssl: openssl.then(OpenSsl::default),
        }
    }

    /// Under which of `rules` the request's signature holds.
    ///
    /// # Errors
    /// Why under none, in words.
    pub fn verify(&self, request: &OwnedRequest, rules: &[Rule]) -> Result<Verified, String> {
        let fields: Vec<_> = request.values("signature").collect();
        let [field] = fields[..] else {
            return Err(format!("{} Signature fields", fields.len()));
        };
        let (headers, signature) = model::signature_field(field)?;
        let signature = BASE64_STANDARD.decode(signature);
        let signature = signature.map_err(|_| "invalid-signature-encoding")?;
        for rule in rules.iter().filter(|rule| rule.headers == headers) {
            let string = signing_string(request, rule)?;
            if self.holds(rule.profile, &string, &signature) {
                let rule = rule.clone();
                return Ok(Verified { rule, string });
            }
        }
        Err(format!(
            "no rule here takes this signature of the list \"{headers}\""
        ))
    }

    fn holds(&self, profile: Profile, string: &[u8], signature: &[u8]) -> bool {
        let message = signed(profile, string);
        let scheme = Pkcs1v15Sign::new::<Sha256>();
        let holds = self
            .key
            .verify(scheme, &Sha256::digest(&message), signature)
            .is_ok();
        if let Some(openssl) = &self.openssl {
            let said = openssl.verifies(&identity::public_key(), &message, signature);
            assert_eq!(said, holds, "OpenSSL and the rsa crate disagree");
        }
        holds
    }
}

/// The second reading's signing string.
fn signing_string(request: &OwnedRequest, rule: &Rule) -> Result<Vec<u8>, &'static str> {
    let list: Vec<String> = rule.headers.split(' ').map(str::to_owned).collect();
    let options = ModelOptions {
        full_target: rule.full_target,
        rest: true,
    };
    model::signing_string(request, &list, options)
}

/// What RSA with SHA-256 is applied to.
fn signed(profile: Profile, string: &[u8]) -> Vec<u8> {
    match profile {
        Profile::Documented => string.to_vec(),
        Profile::VendorSdk => Sha256::digest(string).to_vec(),
    }
}

/// The value of the one field of this name, as text.
#[must_use]
pub fn value<'a>(request: &'a OwnedRequest, name: &str) -> Option<&'a str> {
    let mut all = request.values(name);
    let first = all.next()?;
    all.next()
        .is_none()
        .then(|| std::str::from_utf8(first).ok())
        .flatten()
}
