//! How the exchange signs its answers: as a message whose request line is `ANSWER` and the target of
//! the request, by the `documented` profile, over the full target and a list that is always the same.

use std::path::PathBuf;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use daxsign_tests::model::{self, ModelOptions};
use daxsign_tests::request::OwnedRequest;
use rsa::pkcs8::DecodePrivateKey;
use rsa::{Pkcs1v15Sign, RsaPrivateKey};
use sha2::{Digest, Sha256};

use crate::identity::keys;

/// The list.
pub const LIST: &str = "(request-target) x-correlation-id x-dax-request x-dax-status content-type \
                        content-length date";

/// The exchange's private key, a PEM file; [`crate::authority::Authority`] makes its certificate.
pub fn private_key() -> PathBuf {
    keys().join("rsa3072.pkcs8.pem")
}

/// A key that is not the exchange's.
fn another_key() -> PathBuf {
    keys().join("rsa4096.pkcs8.pem")
}

/// Signs answers.
#[derive(Debug)]
pub struct Exchange {
    right: RsaPrivateKey,
    wrong: RsaPrivateKey,
}

/// What is signed, besides the body.
#[derive(Clone, Debug)]
pub struct Answered<'a> {
    /// Of the request, with its query.
    pub target: &'a str,
    /// Of the request.
    pub signing_string: &'a [u8],
    /// Of the answer.
    pub correlation_id: &'a str,
    /// Of the answer.
    pub status: u16,
    /// Of the answer.
    pub content_type: &'a str,
    /// Of the answer.
    pub date: &'a str,
}

impl Exchange {
    /// Reads the keys.
    pub fn load() -> Self {
        let key = |file: PathBuf| {
            let pem = std::fs::read_to_string(file).expect("a key");
            RsaPrivateKey::from_pkcs8_pem(&pem).expect("a private key")
        };
        Self {
            right: key(private_key()),
            wrong: key(another_key()),
        }
    }

    /// The fields of the head that make a signed answer: with the exchange's key or with another.
    pub fn sign(
        &self,
        answered: &Answered<'_>,
        body: &[u8],
        with_right: bool,
    ) -> Vec<(String, String)> {
        let request = BASE64_STANDARD.encode(Sha256::digest(answered.signing_string));
        let fields = [
            ("x-correlation-id", answered.correlation_id),
            ("x-dax-request", &request),
            ("x-dax-status", &answered.status.to_string()),
            ("content-type", answered.content_type),
            ("content-length", &body.len().to_string()),
            ("date", answered.date),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()));
        let message = OwnedRequest {
            method: "ANSWER".into(),
            target: answered.target.into(),
            headers: fields
                .iter()
                .map(|(name, value)| (name.clone(), value.clone().into_bytes()))
                .collect(),
            body: body.to_vec(),
        };
        let list: Vec<String> = LIST.split(' ').map(str::to_owned).collect();
        let options = ModelOptions {
            full_target: true,
            rest: false,
        };
        let string =
            model::signing_string(&message, &list, options).expect("an answer that can be signed");
        let key = if with_right { &self.right } else { &self.wrong };
        let signature = key.sign(Pkcs1v15Sign::new::<Sha256>(), &Sha256::digest(&string));
        let signature = BASE64_STANDARD.encode(signature.expect("a signature"));
        let field = format!(
            "realm=\"dax\" algorithm=\"sha256withrsa\" headers=\"{LIST}\" signature=\"{signature}\""
        );
        // On HTTP the date stands in X-Dax-Date alone, since proxies write Date.
        let named = fields
            .into_iter()
            .filter(|(name, _)| name != "content-length");
        let named = named.map(|(name, value)| match name.as_str() {
            "date" => ("x-dax-date".to_owned(), value),
            _ => (name, value),
        });
        named.chain([("signature".to_owned(), field)]).collect()
    }
}
