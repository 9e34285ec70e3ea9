//! Writing a public key: SubjectPublicKeyInfo (RFC 5280 4.1.2.7, RFC 8017 A.1), DER and PEM (RFC 7468 13).

use super::der_writer::{DerWriter, SEQUENCE};
use super::pem_writer::PemWriter;
use crate::bytes::sink::Sink;
use crate::error::Error;
use crate::keys::KeyEncoding;
use crate::keys::algorithm::RSA_ENCRYPTION;
use crate::rsa::public_key::{EMPTY_KEY, PublicKey};

/// The label of its PEM.
const LABEL: &str = "PUBLIC KEY";

impl PublicKey {
    /// Writes the key as a file of its own (SPKI, `BEGIN PUBLIC KEY`), in pieces. A [`Counter`](crate::Counter)
    /// tells its length.
    ///
    /// # Errors
    /// [`Error::InvalidKey`] if no key was loaded, and nothing was written.
    ///
    /// ```
    /// # const FILE: &[u8] = include_bytes!("../../../tests/vectors/keys/rsa2048.spki.pem");
    /// use daxsign_core::{KeyEncoding, PublicKey, SliceSink};
    /// let key = PublicKey::from_bytes(FILE)?;
    /// let mut out = [0; 512];
    /// let mut sink = SliceSink::new(&mut out);
    /// key.write_spki(KeyEncoding::Pem, &mut sink)?;
    /// assert_eq!(sink.finish()?, FILE);
    /// # Ok::<(), daxsign_core::Error>(())
    /// ```
    pub fn write_spki(&self, encoding: KeyEncoding, sink: &mut impl Sink) -> Result<(), Error> {
        if self.modulus_len() == 0 {
            return Err(EMPTY_KEY);
        }
        let contents = |der: &mut DerWriter<'_>| write_spki(self, der);
        match encoding {
            KeyEncoding::Der => DerWriter::write(sink, &contents),
            KeyEncoding::Pem => {
                let mut pem = PemWriter::new(LABEL, sink);
                DerWriter::write(&mut pem, &contents);
                pem.finish();
            }
        }
        Ok(())
    }
}

/// SubjectPublicKeyInfo ::= SEQUENCE { AlgorithmIdentifier, BIT STRING { SEQUENCE { n, e } } }.
pub(super) fn write_spki(key: &PublicKey, der: &mut DerWriter<'_>) {
    der.element(SEQUENCE, |der| {
        der.rsa_algorithm(RSA_ENCRYPTION);
        der.bit_string(|der| {
            der.element(SEQUENCE, |der| {
                der.number(key.limbs());
                der.integer(&key.exponent().to_be_bytes());
            });
        });
    });
}
