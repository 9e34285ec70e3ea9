//! A PEM file is read as a naive reader finds its blocks and as the DER in them is read; keys and
//! certificates of all kinds.
#![no_main]

use daxsign_core::{Error, KeyEncoding, KeyKind, PrivateKey, PublicKey, identify_key};
use daxsign_fuzz::{keys, mutator, pem};
use libfuzzer_sys::{fuzz_mutator, fuzz_target};

fuzz_target!(|data: &[u8]| {
    let blocks = pem::blocks(data);
    let ders: Vec<Vec<u8>> = blocks
        .iter()
        .flatten()
        .filter_map(|block| pem::decode(block.text))
        .collect();
    // The naive reader knows no line ends written as `\\n`, and what is identified need not be whole.
    // DER that has the beginning of a block in it is a PEM file with something before the block, read by itself.
    let begins = |der: &Vec<u8>| der.windows(11).any(|part| part == b"-----BEGIN ");
    let is_plain = !data.contains(&b'\\') && ders.len() == blocks.len() && !ders.iter().any(begins);
    match identify_key(data) {
        Ok((kind, KeyEncoding::Pem)) if is_plain => {
            let found = |der: &Vec<u8>| identify_key(der) == Ok((kind, KeyEncoding::Der));
            assert!(ders.iter().any(found), "no block holds this: {kind:?}");
        }
        Ok(_) => {}
        Err(error) => keys::check_error(&error),
    }
    if !is_plain {
        return;
    }
    // What loads stands in a block; and what stands alone in one loads.
    let alone = match (&blocks[..], &ders[..]) {
        ([Some(block)], [der]) => {
            kind(block.label).filter(|kind| identify_key(der) == Ok((*kind, KeyEncoding::Der)))
        }
        _ => None,
    };
    let private = |der: &[u8]| PrivateKey::from_der(der).map(|key| key.public_key().clone());
    check(
        PrivateKey::from_pem(data).map(|key| key.public_key().clone()),
        &ders,
        private,
        alone.is_some_and(KeyKind::is_private),
    );
    check(
        PublicKey::from_pem(data),
        &ders,
        PublicKey::from_der,
        alone.is_some_and(|kind| !kind.is_private()),
    );
});

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    mutator::mutate_pem(data, size, max_size, seed)
});

fn kind(label: &[u8]) -> Option<KeyKind> {
    match label {
        b"RSA PRIVATE KEY" => Some(KeyKind::Pkcs1Private),
        b"PRIVATE KEY" => Some(KeyKind::Pkcs8Private),
        b"RSA PUBLIC KEY" => Some(KeyKind::Pkcs1Public),
        b"PUBLIC KEY" => Some(KeyKind::Spki),
        b"CERTIFICATE" | b"X509 CERTIFICATE" => Some(KeyKind::Certificate),
        _ => None,
    }
}

/// A key that loads is that of a block; with `must`, that of the only one.
fn check(
    found: Result<PublicKey, Error>,
    ders: &[Vec<u8>],
    read: impl Fn(&[u8]) -> Result<PublicKey, Error>,
    must: bool,
) {
    let keys: Vec<PublicKey> = ders.iter().filter_map(|der| read(der).ok()).collect();
    match found {
        Ok(key) => assert!(
            keys.iter()
                .any(|each| keys::pkcs1(each) == keys::pkcs1(&key)),
            "no block holds this key"
        ),
        Err(error) => {
            keys::check_error(&error);
            assert!(!must || keys.is_empty(), "{error:?} of a key that loads");
        }
    }
}
