//! What holds for every key that was read.

use daxsign_core::{Digest, Error, PrivateKey, PublicKey, Signer};
use num_bigint::BigUint;

use crate::der::{integer, take};

const INTEGER: u8 = 0x02;
const OCTET_STRING: u8 = 0x04;
const SEQUENCE: u8 = 0x30;
/// AlgorithmIdentifier { rsaEncryption } without its parameters, as contents.
const RSA_ENCRYPTION: &[u8] = b"\x06\x09\x2A\x86\x48\x86\xF7\x0D\x01\x01\x01";

/// The key's own test keys; they are public.
#[must_use]
pub fn test_key() -> PrivateKey {
    let file = include_bytes!("../../tests/vectors/keys/rsa2048.pkcs8.der");
    PrivateKey::from_bytes(file).expect("the test key")
}

/// Readers of keys fail with these errors only, and say why.
pub fn check_error(error: &Error) {
    let known = ["invalid-key", "unsupported-key", "key-too-small"];
    assert!(known.contains(&error.name()), "{error}");
    assert!(!error.to_string().is_empty());
}

/// The modulus in bytes.
#[must_use]
pub fn modulus(key: &PublicKey) -> Vec<u8> {
    let mut out = vec![0; key.modulus_len()];
    key.write_modulus(&mut out).expect("room").to_vec()
}

/// A public key's size and exponent are among those read.
pub fn check_public(key: &PublicKey) {
    let modulus = BigUint::from_bytes_be(&modulus(key));
    let bits = key.modulus_bits();
    assert_eq!(modulus.bits(), u64::try_from(bits).expect("64 bits"));
    assert!((2048..=4096).contains(&bits), "{bits} bits");
    assert!(modulus.bit(0), "an even modulus");
    let exponent = key.exponent();
    assert!(exponent >= 3 && exponent % 2 == 1, "exponent {exponent}");
}

/// RSAPublicKey of this key: the only DER that there is for it.
#[must_use]
pub fn pkcs1(key: &PublicKey) -> Vec<u8> {
    let exponent = BigUint::from(key.exponent()).to_bytes_be();
    let numbers = [integer(&modulus(key)), integer(&exponent)].concat();
    crate::der::element(SEQUENCE, &numbers)
}

/// SubjectPublicKeyInfo of this key, with NULL as parameters and without.
#[must_use]
pub fn spki(key: &PublicKey) -> [Vec<u8>; 2] {
    let bits = crate::der::element(0x03, &[&[0], &*pkcs1(key)].concat());
    [b"\x05\x00".as_slice(), b""].map(|parameters| {
        let algorithm = crate::der::element(SEQUENCE, &[RSA_ENCRYPTION, parameters].concat());
        crate::der::element(SEQUENCE, &[&*algorithm, &*bits].concat())
    })
}

/// The nine numbers of RSAPrivateKey, out of PKCS#1 or PKCS#8, by a naive reader.
#[must_use]
pub fn private_numbers(der: &[u8]) -> Option<Vec<BigUint>> {
    let mut file = der;
    let mut inner = take(&mut file, SEQUENCE)?;
    let mut ahead = inner;
    take(&mut ahead, INTEGER)?;
    if take(&mut ahead, SEQUENCE).is_some() {
        let mut octets = take(&mut ahead, OCTET_STRING)?;
        inner = take(&mut octets, SEQUENCE)?;
    }
    let mut numbers = Vec::new();
    while !inner.is_empty() {
        let number = take(&mut inner, INTEGER)?;
        numbers.push(BigUint::from_bytes_be(number));
    }
    (numbers.len() == 9).then_some(numbers)
}

/// RFC 8017 3.2: the numbers of a private key belong together.
#[allow(clippy::many_single_char_names)] // They are called so there.
pub fn check_private(key: &PrivateKey, der: &[u8]) {
    check_public(key.public_key());
    let numbers = private_numbers(der).expect("a key that loads has nine numbers");
    let [_, n, e, d, p, q, dp, dq, q_inv] = &*numbers else {
        unreachable!("nine numbers")
    };
    assert_eq!(n, &BigUint::from_bytes_be(&modulus(key.public_key())));
    assert_eq!(e, &BigUint::from(key.public_key().exponent()));
    assert_eq!(n, &(p * q), "p · q is not n");
    assert_ne!(p, q);
    let one = BigUint::from(1_u8);
    for (exponent, prime) in [(dp, p), (dq, q), (d, p), (d, q)] {
        assert_eq!(
            (e * exponent) % (prime - &one),
            one,
            "an exponent's inverse"
        );
    }
    assert!(dp < p && dq < q && q_inv < p && d < n);
    assert_eq!((q * q_inv) % p, one, "qInv is no inverse");
}

/// What a private key signs, its public half verifies, and nothing else.
pub fn check_signing(key: &PrivateKey) {
    let digest = Digest([0x5A; 32]);
    let public_key = key.public_key();
    let mut signature = vec![0; public_key.modulus_len()];
    key.sign_digest(&digest, &mut signature)
        .expect("a signature");
    public_key
        .verify_digest(&digest, &signature)
        .expect("its own signature");
    signature[0] ^= 1;
    let error = public_key.verify_digest(&digest, &signature);
    assert_eq!(error, Err(Error::SignatureMismatch));
}
