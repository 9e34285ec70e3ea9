//! A certificate that is read whole has the parts that a naive walk finds in it, and shows them; it is
//! trusted only if its signature is its own key's and its names are the same.
#![no_main]

use daxsign_core::{
    Certificate, CertificateFile, EnrolError, KeyEncoding, ThumbprintKind, Timestamp, TrustAnchor,
    identify_key,
};
use daxsign_fuzz::der::take;
use daxsign_fuzz::mutator;
use libfuzzer_sys::{fuzz_mutator, fuzz_target};
use sha2::{Digest as _, Sha256};

const INTEGER: u8 = 0x02;
const SEQUENCE: u8 = 0x30;
const CONTEXT_0: u8 = 0xA0;

fuzz_target!(|data: &[u8]| {
    let certificate = match CertificateFile::from_bytes(data) {
        Ok(certificate) => certificate,
        Err(error) => return assert!(!error.to_string().is_empty()),
    };
    let shown = format!("{} {}", certificate.subject(), certificate.issuer());
    assert!(!shown.chars().any(char::is_control), "{shown:?}");
    assert!(certificate.subject() == certificate.subject());
    for name in certificate.extensions().alternative_names() {
        assert!(!name.to_string().chars().any(char::is_control));
    }
    if let Ok(key) = certificate.public_key() {
        let read = Certificate::from_bytes(data).expect("the key's reader takes it, too");
        assert!(*read.public_key() == key);
        assert_eq!(read.not_after(), certificate.not_after());
        judge(&certificate);
    }
    let (_, encoding) = identify_key(data).expect("a certificate is known");
    if encoding == KeyEncoding::Der {
        compare(data, &certificate).expect("a certificate that is read can be walked through");
    }
});

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    mutator::mutate_der(data, size, max_size, seed)
});

/// Its own authority's: the key's signature, and nobody else's name.
fn judge(certificate: &CertificateFile<'_>) {
    let now = Timestamp::from_unix(1_800_000_000, 0).expect("a time");
    let anchor = TrustAnchor::from_certificate(certificate).expect("its key");
    match anchor.verify(certificate, &[], now) {
        Ok(()) => assert!(certificate.issuer() == certificate.subject()),
        Err(EnrolError::Untrusted { .. }) => {}
        Err(error) => panic!("{error}"),
    }
}

/// Certificate ::= SEQUENCE { SEQUENCE { version, serial, algorithm, issuer, validity, subject, … } … }.
fn compare(data: &[u8], certificate: &CertificateFile<'_>) -> Option<()> {
    let thumbprint = certificate.thumbprint(ThumbprintKind::Sha256);
    assert_eq!(thumbprint.as_bytes(), &Sha256::digest(data)[..]);
    let mut file = data;
    let mut outer = take(&mut file, SEQUENCE)?;
    let mut tbs = take(&mut outer, SEQUENCE)?;
    if tbs.first() == Some(&CONTEXT_0) {
        take(&mut tbs, CONTEXT_0)?;
    }
    let serial = take(&mut tbs, INTEGER)?;
    assert!(serial.ends_with(certificate.serial().as_bytes()));
    take(&mut tbs, SEQUENCE)?;
    let issuer = take(&mut tbs, SEQUENCE)?;
    take(&mut tbs, SEQUENCE)?;
    let subject = take(&mut tbs, SEQUENCE)?;
    for (mut name, read) in [
        (issuer, certificate.issuer()),
        (subject, certificate.subject()),
    ] {
        let mut count = 0;
        while !name.is_empty() {
            let mut step = take(&mut name, 0x31)?;
            while !step.is_empty() {
                take(&mut step, SEQUENCE)?;
                count += 1;
            }
        }
        assert_eq!(read.parts().count(), count);
    }
    Some(())
}
