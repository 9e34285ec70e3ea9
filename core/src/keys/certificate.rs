//! X.509 certificates (RFC 5280 4.1): the public key and the validity, without judging who signed.

use super::der::{CONTEXT_0, GENERALIZED_TIME, INTEGER, Outer, Reader, SEQUENCE, UTC_TIME};
use super::spki::read_spki;
use super::{KeyKind, open};
use crate::error::Error;
use crate::error::key_refusal::KeyRefusal;
use crate::request::date::Timestamp;
use crate::rsa::public_key::PublicKey;

/// What is read out of a certificate. Its own signature, its issuer and its extensions are not
/// checked: DAX names the certificates it trusts one by one.
#[derive(Clone, Debug)]
pub struct Certificate {
    public_key: PublicKey,
    validity: Validity,
}

/// The first and the last moment of a certificate's validity.
pub(crate) type Validity = (Timestamp, Timestamp);

impl Certificate {
    /// Reads an X.509 certificate with an RSA key, PEM or DER. Of several PEM blocks the first
    /// certificate counts.
    ///
    /// # Errors
    /// [`Error::InvalidKey`], [`Error::KeyTooSmall`], or [`Error::UnsupportedKey`] for a file that
    /// holds no certificate or one with another key.
    pub fn from_bytes(file: &[u8]) -> Result<Self, Error> {
        let mut public_key = PublicKey::EMPTY;
        let validity = public_key.load_certificate(file)?;
        Ok(Self {
            public_key,
            validity,
        })
    }

    /// The public key.
    #[must_use]
    pub const fn public_key(&self) -> &PublicKey {
        &self.public_key
    }

    /// The first moment of its validity.
    #[must_use]
    pub const fn not_before(&self) -> Timestamp {
        self.validity.0
    }

    /// The last moment of its validity.
    #[must_use]
    pub const fn not_after(&self) -> Timestamp {
        self.validity.1
    }
}

impl PublicKey {
    /// As [`Certificate::from_bytes`], into the place where the key is to stay; returns the first and
    /// the last moment of the certificate's validity.
    ///
    /// # Errors
    /// As [`Certificate::from_bytes`]; the place is then empty, whatever it held before.
    pub fn load_certificate(&mut self, file: &[u8]) -> Result<(Timestamp, Timestamp), Error> {
        *self = Self::EMPTY;
        let result = open(file, |kind| kind == KeyKind::Certificate).and_then(|(_, mut reader)| {
            let validity = read_certificate(&mut reader, self)?;
            reader.finish()?;
            Ok(validity)
        });
        if result.is_err() {
            *self = Self::EMPTY;
        }
        Ok(result?)
    }
}

/// Certificate ::= SEQUENCE { tbsCertificate, signatureAlgorithm, signature }, where tbsCertificate
/// is SEQUENCE { [0] version optional, serial, algorithm, issuer, validity, subject, SPKI, … }.
pub(super) fn read_certificate(
    reader: &mut Reader<'_>,
    public_key: &mut PublicKey,
) -> Result<Validity, KeyRefusal> {
    let (outer, tbs) = enter_to_validity(reader)?;
    let validity = read_validity(reader)?;
    // Subject.
    reader.skip(SEQUENCE)?;
    read_spki(reader, public_key)?;
    reader.leave_early(tbs)?;
    reader.leave_early(outer)?;
    Ok(validity)
}

/// Validity ::= SEQUENCE { notBefore, notAfter }.
pub(crate) fn read_validity(reader: &mut Reader<'_>) -> Result<Validity, KeyRefusal> {
    let outer = reader.enter(SEQUENCE)?;
    let validity = (read_time(reader)?, read_time(reader)?);
    reader.leave(outer)?;
    Ok(validity)
}

/// Enters a certificate and its tbsCertificate, up to the validity.
pub(super) fn enter_to_validity(reader: &mut Reader<'_>) -> Result<(Outer, Outer), KeyRefusal> {
    let outer = reader.enter(SEQUENCE)?;
    let tbs = reader.enter(SEQUENCE)?;
    if reader.peek()? == CONTEXT_0 {
        reader.skip(CONTEXT_0)?;
    }
    // Serial, algorithm, issuer.
    for tag in [INTEGER, SEQUENCE, SEQUENCE] {
        reader.skip(tag)?;
    }
    Ok((outer, tbs))
}

/// Time (RFC 5280 4.1.2.5): `YYMMDDHHMMSSZ`, where YY from 50 is 19YY, or `YYYYMMDDHHMMSSZ`.
fn read_time(reader: &mut Reader<'_>) -> Result<Timestamp, KeyRefusal> {
    let mut buffer = [0; 15];
    let (years, text) = match reader.peek()? {
        UTC_TIME => (2_usize, reader.contents(UTC_TIME, &mut buffer)?),
        _ => (4, reader.contents(GENERALIZED_TIME, &mut buffer)?),
    };
    let (digits, zone) = text
        .split_at_checked(years.saturating_add(10))
        .ok_or(KeyRefusal::VALIDITY)?;
    if zone != b"Z" || !digits.iter().all(u8::is_ascii_digit) {
        return Err(KeyRefusal::VALIDITY);
    }
    let (year, rest) = digits.split_at_checked(years).ok_or(KeyRefusal::VALIDITY)?;
    let number = |digits: &[u8]| {
        digits.iter().fold(0_u32, |value, byte| {
            value
                .wrapping_mul(10)
                .wrapping_add(u32::from(byte.wrapping_sub(b'0')))
        })
    };
    let year = match (years, number(year)) {
        (2, year @ 50..) => year.wrapping_add(1900),
        (2, year) => year.wrapping_add(2000),
        (_, year) => year,
    };
    let (fields, _) = rest.as_chunks::<2>();
    let &[month, day, hour, minute, second] = fields else {
        return Err(KeyRefusal::VALIDITY);
    };
    Timestamp::from_civil(
        (year, number(&month), number(&day)),
        (number(&hour), number(&minute), number(&second)),
        0,
    )
    .map_err(|_| KeyRefusal::VALIDITY)
}
