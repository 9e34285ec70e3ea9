//! The RSA engine against the `rsa` crate, on keys of all shapes.

use daxsign_core::{Digest, EncodingProblem, Error, PrivateKey, PublicKey, Sha256, Signer};
use daxsign_tests::rsa_keys::{KeyNumbers, fixed_bytes, number, prime, seeded_rng};
use num_bigint::BigUint;
use rand::Rng;
use rsa::{Pkcs1v15Sign, RsaPrivateKey};

/// The bits of p and q, and e: each gives one random key. First the usual ones.
const USUAL: &[(u32, u32, u64)] = &[
    (1024, 1024, 65_537),
    (1024, 1024, 65_537),
    (1024, 1024, 65_537),
    (1024, 1024, 3),
    (1024, 1024, 3),
    (1024, 1024, 17),
    (1024, 1024, 0xFFFF_FFFF),
    (1536, 1536, 65_537),
    (1536, 1536, 3),
    (2048, 2048, 65_537),
    (2048, 2048, 5),
    (2047, 2048, 65_537),
];
/// Sizes that fill no limb or no byte, and primes of unequal length.
const UNUSUAL: &[(u32, u32, u64)] = &[
    (1025, 1024, 65_537),
    (1024, 1025, 3),
    (1028, 1027, 5),
    (1028, 1028, 65_537),
    (1032, 1032, 3),
    (1056, 1056, 257),
    (1055, 1057, 65_537),
    (1540, 1532, 65_537),
    (1536, 1537, 65_537),
    // Either prime longer, up to the share allowed.
    (1200, 848, 65_537),
    (848, 1200, 3),
    (1088, 960, 3),
    (960, 1088, 65_537),
    (1536, 512, 65_537),
    (512, 1536, 65_537),
    (1600, 1472, 65_537),
    (768, 2304, 65_537),
    (2304, 768, 65_537),
    (2560, 1536, 65_537),
    (1024, 3072, 65_537),
    (3071, 1025, 65_537),
];
/// Digests for each key, beside the edges.
const DIGESTS: usize = 3;

fn a_key() -> KeyNumbers {
    KeyNumbers::generate(&mut seeded_rng(100), 1024, 1024, 65_537)
}

fn digests(seed: u64) -> Vec<Digest> {
    let mut rng = seeded_rng(seed);
    let mut all = vec![Digest([0; 32]), Digest([0xFF; 32])];
    all.extend((0..DIGESTS).map(|_| {
        let mut digest = Digest([0; 32]);
        rng.fill_bytes(&mut digest.0);
        digest
    }));
    all
}

fn signature_by_rsa_crate(key: &RsaPrivateKey, digest: &Digest) -> Vec<u8> {
    key.sign(Pkcs1v15Sign::new::<sha2::Sha256>(), &digest.0)
        .unwrap()
}

fn signature(key: &impl Signer<Error = Error>, digest: &Digest) -> Vec<u8> {
    let mut out = vec![0; key.modulus_len()];
    key.sign_digest(digest, &mut out).unwrap();
    out
}

/// Compares the signatures of a random key of each shape.
fn compare_with_rsa_crate(shapes: &[(u32, u32, u64)]) {
    let mut compared = 0;
    for (&(p, q, e), seed) in shapes.iter().zip(1..) {
        eprintln!("p of {p} bits, q of {q} bits, e = {e}");
        let numbers = KeyNumbers::generate(&mut seeded_rng(seed), p, q, e);
        let oracle = numbers.for_rsa_crate();
        let key = PrivateKey::from_der(&numbers.pkcs1_der()).unwrap();
        let public = PublicKey::from_der(&numbers.spki_der()).unwrap();
        let bits = u64::try_from(public.modulus_bits()).unwrap();
        assert_eq!(bits, numbers.n.bits());
        assert_eq!(number(public.exponent().into()), numbers.e);
        for digest in digests(seed) {
            let expected = signature_by_rsa_crate(&oracle, &digest);
            assert_eq!(signature(&key, &digest), expected);
            public.verify_digest(&digest, &expected).unwrap();
            compared += 1;
        }
        let digest = Digest([0x5A; 32]);
        let same_key = PrivateKey::from_der(&numbers.pkcs8_der()).unwrap();
        assert_eq!(signature(&same_key, &digest), signature(&oracle, &digest));
    }
    assert_eq!(
        compared,
        shapes.len() * (DIGESTS + 2),
        "signatures compared"
    );
}

#[test]
fn signatures_of_usual_keys_are_those_of_the_rsa_crate() {
    compare_with_rsa_crate(USUAL);
}

#[test]
fn signatures_of_unusual_keys_are_those_of_the_rsa_crate() {
    compare_with_rsa_crate(UNUSUAL);
}

#[test]
fn a_signature_with_one_changed_bit_is_refused() {
    let numbers = a_key();
    let key = PrivateKey::from_der(&numbers.pkcs1_der()).unwrap();
    let public = key.public_key();
    let digest = Digest(Sha256::digest(b"message"));
    let good = signature(&key, &digest);
    public.verify_digest(&digest, &good).unwrap();
    for bit in 0..good.len() * 8 {
        let mut bad = good.clone();
        bad[bit / 8] ^= 1 << (bit % 8);
        assert_eq!(
            public.verify_digest(&digest, &bad),
            Err(Error::SignatureMismatch)
        );
    }
    for bit in 0..256 {
        let mut other = digest;
        other.0[bit / 8] ^= 1 << (bit % 8);
        assert_eq!(
            public.verify_digest(&other, &good),
            Err(Error::SignatureMismatch)
        );
    }
}

#[test]
fn numbers_that_are_no_signature_are_refused() {
    for shape in [(1024, 1024), (1025, 1024), (1028, 1032)] {
        let numbers = KeyNumbers::generate(&mut seeded_rng(7), shape.0, shape.1, 65_537);
        let public = PublicKey::from_der(&numbers.public_pkcs1_der()).unwrap();
        let len = numbers.modulus_len();
        let n = &numbers.n;
        let wrong = [
            number(0),
            number(1),
            n - number(1),
            n.clone(),
            n + number(1),
            (number(1) << (len * 8)) - number(1),
        ];
        for value in wrong {
            let result = public.verify_digest(&Digest([7; 32]), &fixed_bytes(&value, len));
            assert_eq!(result, Err(Error::SignatureMismatch));
        }
    }
}

/// s + n is the same number modulo n, but not a signature.
#[test]
fn a_signature_above_the_modulus_is_refused() {
    // n has one bit in its first byte, so that s + n has the same length in bytes.
    let numbers = KeyNumbers::generate(&mut seeded_rng(8), 1025, 1024, 65_537);
    let key = PrivateKey::from_der(&numbers.pkcs1_der()).unwrap();
    for digest in digests(8) {
        let good = BigUint::from_bytes_be(&signature(&key, &digest));
        let above = fixed_bytes(&(good + &numbers.n), numbers.modulus_len());
        let result = key.public_key().verify_digest(&digest, &above);
        assert_eq!(result, Err(Error::SignatureMismatch));
    }
}

#[test]
fn a_signature_of_another_length_is_refused() {
    let numbers = a_key();
    let key = PrivateKey::from_der(&numbers.pkcs1_der()).unwrap();
    let digest = Digest([1; 32]);
    let good = signature(&key, &digest);
    let with_zero = [&[0], good.as_slice()].concat();
    for bad in [&[], &good[1..], &good[..255], &with_zero[..], &[0; 512]] {
        let expected = Err(Error::InvalidSignatureEncoding {
            expected: 256,
            found: bad.len(),
            problem: EncodingProblem::Bytes,
        });
        assert_eq!(key.public_key().verify_digest(&digest, bad), expected);
    }
    for len in [0, 1, 255, 257, 512] {
        let mut out = vec![0xAA; len];
        key.sign_digest(&digest, &mut out).unwrap_err();
        assert!(out.iter().all(|byte| *byte == 0), "output after an error");
    }
}

/// The DigestInfo of RFC 8017 9.2 note 1 up to the hash, and without its NULL parameter.
const DIGEST_INFO: &[u8] =
    b"\x30\x31\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x05\x00\x04\x20";
const DIGEST_INFO_WITHOUT_NULL: &[u8] =
    b"\x30\x2f\x30\x0b\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x04\x20";
const DIGEST_INFO_SHA512: &[u8] =
    b"\x30\x31\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x03\x05\x00\x04\x20";

/// `00 01 FF … FF 00 | tail`, `len` bytes.
fn block(len: usize, tail: &[u8]) -> Vec<u8> {
    let padding = vec![0xFF; len - 3 - tail.len()];
    [&[0, 1], padding.as_slice(), &[0], tail].concat()
}

#[test]
fn another_padding_is_refused() {
    for e in [3, 65_537] {
        let numbers = KeyNumbers::generate(&mut seeded_rng(e), 1024, 1024, e);
        let public = PublicKey::from_der(&numbers.spki_der()).unwrap();
        let len = numbers.modulus_len();
        let digest = Digest([0x42; 32]);
        let right = [DIGEST_INFO, &digest.0].concat();
        let verify = |block: &[u8]| public.verify_digest(&digest, &numbers.raw_signature(block));
        verify(&block(len, &right)).unwrap();
        let mut short = block(len, &right);
        // Garbage behind a short padding: what forgeries with e = 3 live on.
        short.drain(2..100);
        short.extend([0; 98]);
        let mut type_2 = block(len, &right);
        type_2[1] = 2;
        let mut hole = block(len, &right);
        hole[50] = 0xFE;
        let wrong = [
            short,
            type_2,
            hole,
            block(len, &[DIGEST_INFO_WITHOUT_NULL, &digest.0].concat()),
            block(len, &[DIGEST_INFO_SHA512, &digest.0].concat()),
            block(len, &digest.0),
            block(len, &[right.as_slice(), &[0]].concat()),
            block(len, &[&[0], right.as_slice()].concat()),
            block(len, &right[1..]),
            right.clone(),
            vec![0],
        ];
        for block in wrong {
            assert_eq!(verify(&block), Err(Error::SignatureMismatch));
        }
    }
}

/// The largest number that is a cube below n: its root is a valid signature under e = 3 for whoever
/// looks at the start of the block only.
#[test]
fn a_cube_root_forgery_is_refused() {
    let numbers = KeyNumbers::generate(&mut seeded_rng(33), 1024, 1024, 3);
    let public = PublicKey::from_der(&numbers.spki_der()).unwrap();
    let digest = Digest([0x42; 32]);
    let len = numbers.modulus_len();
    let start = [&[0, 1], [0xFF; 8].as_slice(), &[0], DIGEST_INFO, &digest.0].concat();
    let filled = [start.as_slice(), &vec![0xFF; len - start.len()]].concat();
    let root = BigUint::from_bytes_be(&filled).cbrt();
    assert_eq!(
        fixed_bytes(&root.pow(3), len)[..start.len()],
        start,
        "the forgery starts right"
    );
    let result = public.verify_digest(&digest, &fixed_bytes(&root, len));
    assert_eq!(result, Err(Error::SignatureMismatch));
}

/// A key whose numbers fit but whose p is no prime signs wrongly: nothing may come out.
#[test]
fn a_signature_that_does_not_verify_is_not_given_out() {
    let mut rng = seeded_rng(9);
    let e = number(65_537);
    let numbers = loop {
        let [a, b, q] = [512, 512, 1024].map(|bits| prime(&mut rng, bits, &e));
        let numbers = KeyNumbers::from_primes(a * b, q, e.clone());
        if numbers.n.bits() == 2048 {
            break numbers;
        }
    };
    let key = PrivateKey::from_der(&numbers.pkcs1_der()).unwrap();
    let mut out = vec![0xAA; key.modulus_len()];
    let result = key.sign_digest(&Digest([3; 32]), &mut out);
    assert_eq!(result, Err(Error::SigningFault));
    assert!(out.iter().all(|byte| *byte == 0), "output after a fault");
}

/// The watchdog's caller: often enough, and the same signature.
#[test]
fn signing_calls_back_and_signs_the_same() {
    for (p, q) in [(1024, 1024), (1536, 1536), (1200, 848)] {
        let numbers = KeyNumbers::generate(&mut seeded_rng(11), p, q, 65_537);
        let key = PrivateKey::from_der(&numbers.pkcs1_der()).unwrap();
        let digest = Digest([0x33; 32]);
        let calls = std::cell::Cell::new(0);
        let calling = key.with_progress(|| calls.set(calls.get() + 1));
        assert_eq!(
            signature(&calling, &digest),
            signature_by_rsa_crate(&numbers.for_rsa_crate(), &digest)
        );
        // A squaring for each bit of both exponents, at least.
        assert!(
            calls.get() >= p + q,
            "{} calls for {p} and {q} bits",
            calls.get()
        );
    }
}
