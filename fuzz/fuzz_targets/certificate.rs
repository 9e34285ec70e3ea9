//! A certificate that loads has the key and the validity that a naive reader finds in it.
#![no_main]

use daxsign_core::{
    Certificate, KeyEncoding, KeyKind, PrivateKey, PublicKey, Timestamp, identify_key,
};
use daxsign_fuzz::der::{split, take};
use daxsign_fuzz::{keys, mutator};
use libfuzzer_sys::{fuzz_mutator, fuzz_target};
use time::PrimitiveDateTime;
use time::macros::format_description;

const INTEGER: u8 = 0x02;
const SEQUENCE: u8 = 0x30;
const CONTEXT_0: u8 = 0xA0;

fuzz_target!(|data: &[u8]| {
    let certificate = match Certificate::from_bytes(data) {
        Ok(certificate) => certificate,
        Err(error) => return keys::check_error(&error),
    };
    let (kind, encoding) = identify_key(data).expect("a certificate is known");
    if encoding == KeyEncoding::Pem {
        return;
    }
    assert_eq!(kind, KeyKind::Certificate);
    keys::check_error(&PrivateKey::from_bytes(data).expect_err("not a private key"));
    keys::check_public(certificate.public_key());
    let public_key = PublicKey::from_der(data).expect("its public key");
    let found = read(data).expect("a certificate that loads can be read");
    let times = [certificate.not_before(), certificate.not_after()];
    assert_eq!(times.map(|time: Timestamp| time.seconds()), found.validity);
    for key in [&public_key, certificate.public_key()] {
        assert!(keys::spki(key).iter().any(|spki| spki == found.spki));
    }
});

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    mutator::mutate_der(data, size, max_size, seed)
});

struct Found<'a> {
    validity: [i64; 2],
    /// The whole element.
    spki: &'a [u8],
}

/// Certificate ::= SEQUENCE { SEQUENCE { version, serial, algorithm, issuer, validity, subject, key
/// … } … } (RFC 5280 4.1).
fn read(mut file: &[u8]) -> Option<Found<'_>> {
    let mut certificate = take(&mut file, SEQUENCE)?;
    assert!(file.is_empty(), "something follows");
    let mut tbs = take(&mut certificate, SEQUENCE)?;
    if tbs.first() == Some(&CONTEXT_0) {
        take(&mut tbs, CONTEXT_0)?;
    }
    take(&mut tbs, INTEGER)?;
    take(&mut tbs, SEQUENCE)?;
    take(&mut tbs, SEQUENCE)?;
    let mut validity = take(&mut tbs, SEQUENCE)?;
    take(&mut tbs, SEQUENCE)?;
    let (_, _, after) = split(tbs)?;
    let spki = &tbs[..tbs.len() - after.len()];
    let validity = [moment(&mut validity)?, moment(&mut validity)?];
    Some(Found { validity, spki })
}

/// UTCTime or GeneralizedTime as seconds since 1970.
fn moment(bytes: &mut &[u8]) -> Option<i64> {
    let (tag, text, rest) = split(bytes)?;
    *bytes = rest;
    let text = std::str::from_utf8(text).ok()?;
    let text = match tag {
        // From 50 on it is the last century.
        0x17 if text >= "50" => format!("19{text}"),
        0x17 => format!("20{text}"),
        _ => text.to_owned(),
    };
    let format = format_description!(version = 2, "[year][month][day][hour][minute][second]Z");
    let time = PrimitiveDateTime::parse(&text, format).ok()?;
    Some(time.assume_utc().unix_timestamp())
}
