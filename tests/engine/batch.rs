//! Many signatures with one key, against the `rsa` crate and against signing one by one.

use daxsign_core::{Digest, EncodingProblem, Error, KeyProblem, PrivateKey, Signer};
use daxsign_tests::cases::key_file;
use daxsign_tests::kernels::available_kernels;
use daxsign_tests::rsa_keys::{KeyNumbers, extreme_keys, number, seeded_rng};
use num_bigint::BigUint;
use rand::Rng;
use rsa::{Pkcs1v15Sign, RsaPrivateKey};

/// None, few, as many as just fill lanes, all lanes, and groups with a rest of one and of seven.
const COUNTS: [usize; 9] = [0, 1, 2, 4, 5, 8, 9, 17, 23];

/// The edges first, then random ones.
fn digests(seed: u64, count: usize) -> Vec<Digest> {
    let mut rng = seeded_rng(seed);
    let edges = [Digest([0; 32]), Digest([0xFF; 32])];
    let random = std::iter::repeat_with(|| {
        let mut digest = Digest([0; 32]);
        rng.fill_bytes(&mut digest.0);
        digest
    });
    edges.into_iter().chain(random).take(count).collect()
}

/// Every signature by the `rsa` crate, one behind the other.
fn signatures_by_rsa_crate(key: &RsaPrivateKey, digests: &[Digest]) -> Vec<u8> {
    let sign = |digest: &Digest| key.sign(Pkcs1v15Sign::new::<sha2::Sha256>(), &digest.0);
    digests
        .iter()
        .flat_map(|digest| sign(digest).unwrap())
        .collect()
}

/// Signs the digests in batches of all sizes with all kernels of this machine; returns how many
/// batches were compared.
fn compare_with_rsa_crate(numbers: &KeyNumbers, seed: u64) -> usize {
    let len = numbers.modulus_len();
    let digests = digests(seed, *COUNTS.iter().max().unwrap());
    let expected = signatures_by_rsa_crate(&numbers.for_rsa_crate(), &digests);
    let mut key = PrivateKey::from_der(&numbers.pkcs1_der()).unwrap();
    let mut compared = 0;
    for kernel in available_kernels() {
        assert!(key.use_kernel(kernel), "{}", kernel.name());
        for count in COUNTS {
            let mut made = vec![0xAA; count * len];
            key.sign_batch(&digests[..count], &mut made).unwrap();
            assert_eq!(
                made,
                expected[..count * len],
                "{count} with {}",
                kernel.name()
            );
            compared += 1;
        }
    }
    compared
}

/// Asserts that each kernel of this machine made a batch of each size for each key.
fn assert_all_compared(keys: usize, compared: usize) {
    let kernels = available_kernels().len();
    assert_eq!(compared, keys * kernels * COUNTS.len(), "batches compared");
}

#[test]
fn batches_are_those_of_the_rsa_crate() {
    // The last three are not made for lanes: no such size, and primes of unequal length.
    let shapes = [
        (1024, 1024, 65_537),
        (1024, 1024, 3),
        (1024, 1024, 0xFFFF_FFFF),
        (1536, 1536, 65_537),
        (2048, 2048, 3),
        (1028, 1028, 65_537),
        (1025, 1023, 65_537),
        (1088, 960, 3),
    ];
    let mut compared = 0;
    for ((p, q, e), seed) in shapes.into_iter().zip(1..) {
        eprintln!("p of {p} bits, q of {q} bits, e = {e}");
        let numbers = KeyNumbers::generate(&mut seeded_rng(seed), p, q, e);
        compared += compare_with_rsa_crate(&numbers, seed);
    }
    assert_all_compared(shapes.len(), compared);
}

#[test]
fn batches_of_extreme_primes_are_those_of_the_rsa_crate() {
    let keys = extreme_keys();
    let mut compared = 0;
    for (numbers, seed) in keys.iter().zip(1..) {
        compared += compare_with_rsa_crate(numbers, seed);
    }
    assert_all_compared(keys.len(), compared);
}

/// h (RFC 8017 5.2.1) is so small that a vector product may give it with p added. One digest in some
/// hundred thousand leads there: its signature starts with zeros.
#[test]
fn a_signature_that_starts_with_zeros() {
    let file = key_file("rsa2048.pkcs1.der");
    let numbers = KeyNumbers::from_pkcs1_der(&file);
    let mut digest = Digest([0; 32]);
    digest.0[..4].copy_from_slice(&105_558_u32.to_le_bytes());
    let expected = signatures_by_rsa_crate(&numbers.for_rsa_crate(), &[digest]);
    assert_eq!(expected[..2], [0, 0]);
    let mut key = PrivateKey::from_der(&file).unwrap();
    let mut compared = 0;
    for kernel in available_kernels() {
        assert!(key.use_kernel(kernel));
        let (mut one, mut eight) = (vec![0; 256], vec![0; 8 * 256]);
        key.sign_digest(&digest, &mut one).unwrap();
        assert_eq!(one, expected, "{}", kernel.name());
        key.sign_batch(&[digest; 8], &mut eight).unwrap();
        assert_eq!(eight, expected.repeat(8), "{}", kernel.name());
        compared += 1;
    }
    assert!(compared >= 1, "kernels");
}

/// A prime a for which 2 · a − 1 is prime too.
const HALF_OF_A_PAIR: &[u8] = b"9754d915beac05b727fbc611bbc0a6b21af983fae52f57abe189fe4263da9485\
    687a1ab0a3106a8657652aabec12cbc069ade495a2eacd7d08f4cfe927a4c75b";

/// With p = a · (2 · a − 1) for p, the numbers of a key fit each other, but only messages that are
/// squares modulo 2 · a − 1 are signed rightly: about half of them.
fn half_broken_key() -> KeyNumbers {
    let a = BigUint::parse_bytes(HALF_OF_A_PAIR, 16).unwrap();
    let p = &a * (&a + &a - number(1));
    // The largest prime of 1024 bits.
    let q = (number(1) << 1024) - number(179);
    // With this e, and e · dP = 1 + k · (p − 1), k is odd.
    let numbers = KeyNumbers::from_primes(p, q, number(17));
    assert_eq!(numbers.n.bits(), 2048);
    numbers
}

/// Whether this key signs the digest rightly, by plain powers modulo p; modulo q it always does.
fn is_signed_rightly(numbers: &KeyNumbers, digest: &Digest) -> bool {
    const DIGEST_INFO: &[u8] =
        b"\x30\x31\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x05\x00\x04\x20";
    let padding = [0xFF; 256 - 3 - DIGEST_INFO.len() - 32];
    let block = [&[0, 1], padding.as_slice(), &[0], DIGEST_INFO, &digest.0].concat();
    let message = BigUint::from_bytes_be(&block) % &numbers.p;
    message.modpow(&(&numbers.d_p * &numbers.e), &numbers.p) == message
}

/// One wrong signature among many, in every place.
#[test]
fn one_signature_that_does_not_verify_holds_all_back() {
    let numbers = half_broken_key();
    let (right, wrong): (Vec<_>, Vec<_>) = digests(5, 60)
        .into_iter()
        .partition(|digest| is_signed_rightly(&numbers, digest));
    assert!(right.len() >= 17 && !wrong.is_empty(), "{}", right.len());
    let right = &right[..17];
    let mut key = PrivateKey::from_der(&numbers.pkcs1_der()).unwrap();
    let mut refused = 0;
    let kernels = available_kernels();
    for kernel in &kernels {
        assert!(key.use_kernel(*kernel));
        let mut out = vec![0; 17 * 256];
        key.sign_batch(right, &mut out).unwrap();
        for (digest, signature) in right.iter().zip(out.chunks(256)) {
            key.public_key().verify_digest(digest, signature).unwrap();
        }
        for place in 0..right.len() {
            let mut digests = right.to_vec();
            digests[place] = wrong[0];
            out.fill(0xAA);
            assert_eq!(key.sign_batch(&digests, &mut out), Err(Error::SigningFault));
            assert!(out.iter().all(|byte| *byte == 0), "output after a fault");
            refused += 1;
        }
    }
    assert_eq!(refused, kernels.len() * 17, "batches refused");
}

#[test]
fn a_batch_of_another_length_is_refused() {
    let numbers = KeyNumbers::generate(&mut seeded_rng(100), 1024, 1024, 65_537);
    let key = PrivateKey::from_der(&numbers.pkcs1_der()).unwrap();
    for count in [0, 1, 8, 9] {
        let digests = digests(1, count);
        let needed = count * key.modulus_len();
        for len in [
            0,
            1,
            255,
            256,
            needed.saturating_sub(1),
            needed + 1,
            needed + 256,
        ] {
            let expected = match len {
                _ if len == needed => continue,
                _ if len < needed => Error::BufferTooSmall { needed },
                _ => Error::InvalidSignatureEncoding {
                    expected: 256,
                    found: len,
                    problem: EncodingProblem::Bytes,
                },
            };
            let mut out = vec![0xAA; len];
            assert_eq!(key.sign_batch(&digests, &mut out), Err(expected));
            assert!(out.iter().all(|byte| *byte == 0), "output after an error");
        }
    }
}

#[test]
fn a_key_that_was_not_loaded_signs_no_batch() {
    let problem = KeyProblem::Empty;
    let mut out = [0xAA; 2048];
    let result = PrivateKey::empty().sign_batch(&digests(1, 8), &mut out);
    assert_eq!(result, Err(Error::InvalidKey { problem }));
    assert_eq!(out, [0; 2048]);
}
