//! PKCS#12 files: what an input says to hold gets a MAC that is right, made by a naive reading of RFC 7292, so that
//! what is inside is read; as the whole file an input is read, too.
#![no_main]

use daxsign_core::CertificateFile;
use daxsign_fuzz::der::{element, integer};
use daxsign_fuzz::mutator;
use daxsign_pki::{Pkcs12, PkiError};
use libfuzzer_sys::{fuzz_mutator, fuzz_target};
use sha2::{Digest as _, Sha256};

const SEQUENCE: u8 = 0x30;
const OCTET_STRING: u8 = 0x04;
const CONTEXT_0: u8 = 0xA0;
const PASSPHRASE: &str = "secret";
const SALT: &[u8] = &[1, 2, 3, 4, 5, 6, 7, 8];
/// So that no input takes long.
const ITERATIONS: u32 = 1000;
/// SEQUENCE { SHA-256, NULL }.
const SHA_256: &[u8] = &[
    0x30, 0x0D, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00,
];
/// id-data.
const DATA: &[u8] = &[
    0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x07, 0x01,
];

fuzz_target!(|data: &[u8]| {
    // Nobody guesses a MAC.
    if let Ok(opened) = Pkcs12::from_bytes_within(data, PASSPHRASE, ITERATIONS) {
        check(&opened);
    }
    let file = file(data);
    match Pkcs12::from_bytes_within(&file, PASSPHRASE, ITERATIONS) {
        Ok(opened) => check(&opened),
        Err(error) => assert!(!error.to_string().is_empty()),
    }
    let wrong = Pkcs12::from_bytes_within(&file, "Secret", ITERATIONS);
    assert!(matches!(wrong, Err(PkiError::WrongPassphrase)));
    for place in [file.len() / 2, file.len() - 1] {
        let cut = Pkcs12::from_bytes_within(&file[..place], PASSPHRASE, ITERATIONS);
        assert!(matches!(cut, Err(PkiError::MalformedPkcs12)));
    }
});

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    mutator::mutate_der(data, size, max_size, seed)
});

fn check(opened: &Pkcs12) {
    let certificates = opened.certificates();
    for (place, der) in certificates.iter().enumerate() {
        assert_eq!(der.first(), Some(&SEQUENCE));
        assert!(!certificates[..place].contains(der), "one comes twice");
    }
    let Some(key) = opened.key() else { return };
    let is_its = |der: &Vec<u8>| {
        // One that cannot be read whole is nobody's, whatever key stands in it.
        let its =
            |one: CertificateFile<'_>| one.public_key().is_ok_and(|its| its == *key.public_key());
        CertificateFile::from_bytes(der).is_ok_and(its)
    };
    let place = certificates.iter().position(is_its);
    assert!(
        place.is_none_or(|place| place == 0),
        "the key's comes first"
    );
}

/// PFX ::= SEQUENCE { 3, SEQUENCE { data, [0] { OCTET STRING } }, SEQUENCE { SEQUENCE { algorithm, MAC }, salt, 1 } }.
fn file(content: &[u8]) -> Vec<u8> {
    let content_info = [DATA, &element(CONTEXT_0, &element(OCTET_STRING, content))].concat();
    let mac = element(OCTET_STRING, &hmac(&mac_key(), content));
    let digest = element(SEQUENCE, &[SHA_256, &mac].concat());
    let mac = [digest, element(OCTET_STRING, SALT), integer(&[1])].concat();
    let parts = [
        integer(&[3]),
        element(SEQUENCE, &content_info),
        element(SEQUENCE, &mac),
    ];
    element(SEQUENCE, &parts.concat())
}

/// RFC 7292 B.2 for one block of SHA-256 and one iteration: the hash of the diversifier 3, the salt and the passphrase
/// in UTF-16 with a zero behind it, each in whole blocks.
fn mac_key() -> [u8; 32] {
    let units = PASSPHRASE.encode_utf16().chain([0]);
    let passphrase: Vec<u8> = units.flat_map(u16::to_be_bytes).collect();
    let block = |bytes: &[u8]| -> Vec<u8> { bytes.iter().copied().cycle().take(64).collect() };
    Sha256::digest([vec![3; 64], block(SALT), block(&passphrase)].concat()).into()
}

/// RFC 2104.
fn hmac(key: &[u8; 32], content: &[u8]) -> [u8; 32] {
    let padded = |with: u8| {
        let mut block = [with; 64];
        for (byte, key) in block.iter_mut().zip(key) {
            *byte ^= key;
        }
        block
    };
    let inner = Sha256::digest([&padded(0x36), content].concat());
    Sha256::digest([&padded(0x5C)[..], &inner].concat()).into()
}
