//! The first leaf: it names the log's key, and the exchange's key signs that (X-CHECKPOINT).

use daxsign_core::{Digest, Sha256, Signer, Timestamp};

use crate::correlation::CorrelationId;
use crate::record::leaf::commitment::commitment;
use crate::record::leaf::content::Content;
use crate::record::leaf::kind::Kind;
use crate::record::leaf::leaf::{HASH_LEN, Leaf};
use crate::record::log::log_key::LogKey;
use crate::record::log::naming::{LABEL, PUBLIC_SALT};

/// What a log begins with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Birth {
    at: Timestamp,
    thumbprint: [u8; HASH_LEN],
    content: Content,
}

impl Birth {
    /// A log with that key, begun at that time. The exchange signs with the key of its certificate, of which
    /// `thumbprint` is the SHA-256: RSASSA-PKCS1-v1_5 with SHA-256 over the statement, so that
    /// `openssl dgst -sha256 -verify` verifies it.
    ///
    /// # Errors
    /// What the signer returns.
    pub fn new<S: Signer + ?Sized>(
        log_key: &LogKey,
        signer: &S,
        thumbprint: [u8; HASH_LEN],
        at: Timestamp,
    ) -> Result<Self, S::Error> {
        let message = statement(log_key.verifier());
        let mut signature = vec![0; signer.modulus_len()];
        signer.sign_digest(&Digest(Sha256::digest(&message)), &mut signature)?;
        let content = Content {
            message,
            signature,
            statement: Vec::new(),
        };
        Ok(Self {
            at,
            thumbprint,
            content,
        })
    }

    pub(crate) fn leaf(&self) -> Leaf {
        Leaf {
            kind: Kind::LogKey,
            correlation: CorrelationId::NIL,
            parent: None,
            at: self.at,
            sender: None,
            receiver: None,
            contract: None,
            thumbprint: Some(self.thumbprint),
            commitment: commitment(&PUBLIC_SALT, &self.content),
        }
    }

    pub(crate) const fn content(&self) -> &Content {
        &self.content
    }
}

fn statement(verifier: &str) -> Vec<u8> {
    format!("{LABEL}{verifier}\n").into_bytes()
}
