//! NIST's vectors for PKCS#1 v1.5 with SHA-256 (Cryptographic Algorithm Validation Program), for
//! the sizes that the core holds, on every kernel that this machine can run.

use std::collections::BTreeMap;

use daxsign_core::{Error, PublicKey, Signer};
use daxsign_tests::public_vectors::{
    CavpCase, CavpFile, digest, private_for_each_kernel, public_for_each_kernel,
};
use daxsign_tests::rsa_keys::{KeyNumbers, integer, number, sequence};
use num_bigint::BigUint;

/// The public key of a case.
fn public_key(case: &CavpCase) -> Result<PublicKey, Error> {
    PublicKey::from_bytes(&sequence(&[integer(&case.n), integer(&case.e)]))
}

/// The primes of n, from d (RFC 8017 does not say how; NIST SP 800-56B C.1 does): e · d − 1 is a
/// multiple of the order of every number, so some power of it is a square root of 1 that splits n.
fn primes(n: &BigUint, e: &BigUint, d: &BigUint) -> (BigUint, BigUint) {
    let one = number(1);
    let multiple = e * d - &one;
    let twos = multiple.trailing_zeros().expect("d is an inverse of e");
    for base in 2_u64.. {
        let mut root = number(base).modpow(&(&multiple >> twos), n);
        for _ in 0..twos {
            let square = &root * &root % n;
            if square == one && root != one && root != n - &one {
                return euclid(n, &(root - &one));
            }
            root = square;
        }
    }
    unreachable!("half of all bases split n")
}

fn euclid(n: &BigUint, other: &BigUint) -> (BigUint, BigUint) {
    let (mut a, mut b) = (n.clone(), other.clone());
    while b != BigUint::ZERO {
        (a, b) = (b.clone(), a % b);
    }
    (n / &a, a)
}

/// Signs every case of a file, and counts the cases by the modulus's size.
fn sign_all(file: CavpFile) -> BTreeMap<u64, usize> {
    let mut counts = BTreeMap::new();
    let mut keys = (BigUint::ZERO, Vec::new());
    for case in file.cases() {
        if keys.0 != case.n {
            let (p, q) = primes(&case.n, &case.e, &case.d);
            let numbers = KeyNumbers::from_primes(p, q, case.e.clone());
            assert_eq!(numbers.n, case.n);
            keys = (
                numbers.n.clone(),
                private_for_each_kernel(&numbers.pkcs1_der()),
            );
        }
        for key in &keys.1 {
            let mut signature = vec![0; key.modulus_len()];
            key.sign_digest(&digest(&case.msg), &mut signature).unwrap();
            assert_eq!(signature, case.s, "{case:x?}");
        }
        *counts.entry(case.n.bits()).or_default() += 1;
    }
    counts
}

#[test]
fn signatures_are_made_as_nist_has_them() {
    let counts = sign_all(CavpFile::SigGen186_3);
    assert_eq!(counts, BTreeMap::from([(2048, 10), (3072, 10)]));
    let counts = sign_all(CavpFile::SigGen186_2);
    assert_eq!(counts, BTreeMap::from([(2048, 10), (3072, 10), (4096, 10)]));
}

/// Judges every case of a file, and counts the cases by the modulus's size and by what NIST says.
fn verify_all(file: CavpFile) -> BTreeMap<(u64, String), usize> {
    let mut counts = BTreeMap::new();
    for case in file.cases() {
        // SPEC: any odd exponent from 3 to 2^32 − 1. None of NIST's lies outside.
        let key = public_key(&case).unwrap_or_else(|error| panic!("e = {:x}: {error}", case.e));
        let good = case.result.is_empty() || case.result == "P";
        let expected = if good {
            Ok(())
        } else {
            Err(Error::SignatureMismatch)
        };
        for key in public_for_each_kernel(&key) {
            let verdict = key.verify_digest(&digest(&case.msg), &case.s);
            assert_eq!(verdict, expected, "{} {case:x?}", key.kernel().name());
        }
        let reason = case.result.split(" - ").next().unwrap_or_default();
        *counts.entry((case.n.bits(), reason.into())).or_default() += 1;
    }
    counts
}

fn counted(sizes: &[u64], results: &[(&str, usize)]) -> BTreeMap<(u64, String), usize> {
    let of_size = |bits: &u64| {
        let bits = *bits;
        let count = move |(result, count): &(&str, usize)| ((bits, (*result).into()), *count);
        results.iter().map(count)
    };
    sizes.iter().flat_map(of_size).collect()
}

#[test]
fn signatures_are_judged_as_nist_says() {
    let counts = verify_all(CavpFile::SigVer186_3);
    assert_eq!(counts, counted(&[2048, 3072], &[("P", 3), ("F", 15)]));
    // Message, exponent or signature changed; hash moved to the left; no zero behind the padding.
    let reasons = ["F (1", "F (2", "F (3", "F (4", "F (5", "P"].map(|reason| (reason, 3));
    let counts = verify_all(CavpFile::SigVer186_3Reasons);
    assert_eq!(counts, counted(&[2048, 3072, 4096], &reasons));
    let counts = verify_all(CavpFile::SigGen186_3Public);
    assert_eq!(counts, counted(&[2048, 3072, 4096], &[("", 10)]));
}

/// The vectors have no longer exponent; this says what would become of one.
#[test]
fn an_exponent_beyond_32_bits_is_unsupported() {
    for mut case in CavpFile::SigVer186_3.cases() {
        case.e |= number(1) << 32;
        let error = public_key(&case).unwrap_err();
        assert_eq!(error.name(), "unsupported-key");
        assert!(error.to_string().contains("exponent"), "{error}");
    }
}
