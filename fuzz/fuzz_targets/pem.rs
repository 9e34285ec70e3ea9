//! A PEM file is read as a naive reader finds its blocks and as the DER in them is read; keys and
//! certificates of all kinds.
#![no_main]

use daxsign_core::{Certificate, Error, KeyEncoding, KeyKind, PrivateKey, PublicKey, identify_key};
use daxsign_fuzz::{keys, mutator, pem};
use libfuzzer_sys::{fuzz_mutator, fuzz_target};

fuzz_target!(|data: &[u8]| {
    let blocks = pem::blocks(data);
    let identified = identify_key(data);
    if let Some(Some(_)) = blocks.first() {
        let known: Vec<Option<KeyKind>> = whole(&blocks).map(|block| kind(block.label)).collect();
        let expected = known
            .into_iter()
            .flatten()
            .next()
            .map(|kind| (kind, KeyEncoding::Pem));
        assert_eq!(identified.ok(), expected);
    }
    if let Err(error) = identified {
        keys::check_error(&error);
    }

    let private = PrivateKey::from_pem(data);
    let expected = first(&blocks, KeyKind::is_private)
        .and_then(|der| PrivateKey::from_der(&der).ok())
        .map(|key| key.public_key().clone());
    same(
        private.as_ref().map(PrivateKey::public_key),
        expected.as_ref(),
    );

    let public = PublicKey::from_pem(data);
    let expected = first(&blocks, |kind| !kind.is_private());
    let expected = expected.and_then(|der| PublicKey::from_der(&der).ok());
    same(public.as_ref(), expected.as_ref());

    // Text is PEM for every reader.
    if data.first() != Some(&0x30) {
        same(
            Certificate::from_bytes(data)
                .as_ref()
                .map(Certificate::public_key),
            first(&blocks, |kind| kind == KeyKind::Certificate)
                .and_then(|der| Certificate::from_bytes(&der).ok())
                .as_ref()
                .map(Certificate::public_key),
        );
        same(PublicKey::from_bytes(data).as_ref(), expected.as_ref());
    }
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

/// The blocks before one that does not end.
fn whole<'a>(blocks: &'a [Option<pem::Block<'a>>]) -> impl Iterator<Item = &'a pem::Block<'a>> {
    blocks.iter().flatten()
}

/// The DER of the first block that is wanted, if it is of the kind that its label says.
fn first(blocks: &[Option<pem::Block<'_>>], wanted: fn(KeyKind) -> bool) -> Option<Vec<u8>> {
    let of_kind = |block: &pem::Block<'_>| kind(block.label).filter(|kind| wanted(*kind));
    let block = whole(blocks).find(|block| of_kind(block).is_some())?;
    let der = pem::decode(block.text)?;
    let (found, encoding) = identify_key(&der).ok()?;
    (Some(found) == kind(block.label) && encoding == KeyEncoding::Der).then_some(der)
}

fn same(found: Result<&PublicKey, &Error>, expected: Option<&PublicKey>) {
    match (found, expected) {
        (Ok(found), Some(expected)) => {
            assert_eq!(keys::pkcs1(found), keys::pkcs1(expected));
        }
        (Err(error), None) => keys::check_error(error),
        (found, expected) => panic!("{found:?} and {expected:?}"),
    }
}
