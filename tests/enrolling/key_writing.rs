//! Private keys as files: byte for byte what OpenSSL makes of the same key, in the size that was told.

use daxsign_core::{
    Error, KeyEncoding, KeyFormat, KeyKind, KeyProblem, MAX_MODULUS_BITS, PrivateKey, PublicKey,
    identify_key, private_key_file_len,
};
use daxsign_tests::openssl::OpenSsl;
use daxsign_tests::rsa_keys::{KeyNumbers, extreme_keys, number, seeded_rng};

/// How OpenSSL writes each format.
const OPENSSL: [(KeyFormat, &str); 4] = [
    (KeyFormat::Pkcs1Der, "rsa -in key -traditional -outform DER"),
    (KeyFormat::Pkcs1Pem, "rsa -in key -traditional"),
    (
        KeyFormat::Pkcs8Der,
        "pkcs8 -in key -topk8 -nocrypt -outform DER",
    ),
    (KeyFormat::Pkcs8Pem, "pkcs8 -in key -topk8 -nocrypt"),
];

/// Keys of all sizes, primes of unequal length, and public exponents from 3 to 2^32 − 1, prime or not.
fn keys() -> Vec<KeyNumbers> {
    const SHAPES: [(u32, u32, u64); 14] = [
        (1024, 1024, 65_537),
        (1024, 1024, 65_537),
        (1024, 1024, 3),
        (1024, 1024, 17),
        (1024, 1024, 0xFFFF_FFFF),
        (1024, 1024, 0x8000_0001),
        (1024, 1024, 3 * 5 * 7 * 11 * 13),
        (1536, 1536, 65_537),
        (2048, 2048, 65_537),
        (1025, 1024, 65_537),
        (1028, 1028, 5),
        (1200, 848, 65_537),
        (512, 1536, 3),
        (1536, 512, 257),
    ];
    let mut rng = seeded_rng(400);
    let random = SHAPES.map(|(p, q, e)| KeyNumbers::generate(&mut rng, p, q, e));
    random.into_iter().chain(extreme_keys()).collect()
}

#[test]
fn files_are_those_of_openssl() {
    let openssl = OpenSsl::default();
    let mut compared = 0;
    for numbers in keys() {
        // Written as it is, d modulo (p − 1) · (q − 1).
        openssl.write("key", numbers.pkcs1_der());
        let key = PrivateKey::from_bytes(&numbers.pkcs1_der()).unwrap();
        for (format, arguments) in OPENSSL {
            let expected = openssl.run(arguments);
            let len = key.written_len(format).unwrap();
            assert_eq!(len, expected.len(), "{format:?}");
            let mut out = vec![0xEE; len + 7];
            assert_eq!(key.write(format, &mut out).unwrap(), expected, "{format:?}");
            assert_eq!(out[len..], [0xEE; 7]);
            let bits = key.public_key().modulus_bits();
            let equal_primes = numbers.p.bits() == numbers.q.bits();
            assert!(!equal_primes || len <= private_key_file_len(bits, format));
            // What is a byte too short takes nothing.
            out.fill(0xEE);
            assert_eq!(
                key.write(format, &mut out[..len - 1]),
                Err(Error::BufferTooSmall { needed: len })
            );
            assert!(out[..len - 1].iter().all(|byte| *byte == 0));
            compared += 1;
        }
    }
    assert_eq!(compared, 4 * 26);
    println!("{compared} files");
}

/// The public halves.
#[test]
fn public_files_are_those_of_openssl() {
    let openssl = OpenSsl::default();
    let mut compared = 0;
    for numbers in keys() {
        openssl.write("key", numbers.pkcs1_der());
        let key = PrivateKey::from_bytes(&numbers.pkcs1_der()).unwrap();
        let key = key.public_key();
        for (encoding, name) in [(KeyEncoding::Der, "DER"), (KeyEncoding::Pem, "PEM")] {
            let expected = openssl.run(&format!("rsa -in key -pubout -outform {name}"));
            let mut written = Vec::new();
            let mut sink = |bytes: &[u8]| written.extend_from_slice(bytes);
            assert_eq!(key.write_spki(encoding, &mut sink), Ok(()));
            assert_eq!(written, expected, "{name}");
            assert_eq!(identify_key(&written), Ok((KeyKind::Spki, encoding)));
            compared += 1;
        }
    }
    assert_eq!(compared, 2 * 26);
    // No key, no file.
    let mut sink = |_: &[u8]| panic!("nothing is written");
    let none = PublicKey::empty().write_spki(KeyEncoding::Der, &mut sink);
    assert!(matches!(none, Err(Error::InvalidKey { .. })));
}

#[test]
fn files_are_what_they_say_and_load_again() {
    for numbers in keys() {
        let key = PrivateKey::from_bytes(&numbers.pkcs8_der()).unwrap();
        for format in KeyFormat::ALL {
            let mut out = vec![0; key.written_len(format).unwrap()];
            let file = key.write(format, &mut out).unwrap();
            let expected = match format {
                KeyFormat::Pkcs1Der => (KeyKind::Pkcs1Private, KeyEncoding::Der),
                KeyFormat::Pkcs1Pem => (KeyKind::Pkcs1Private, KeyEncoding::Pem),
                KeyFormat::Pkcs8Der => (KeyKind::Pkcs8Private, KeyEncoding::Der),
                KeyFormat::Pkcs8Pem => (KeyKind::Pkcs8Private, KeyEncoding::Pem),
            };
            assert_eq!(identify_key(file), Ok(expected));
            let again = PrivateKey::from_bytes(file).unwrap();
            assert_eq!(again.public_key(), key.public_key());
        }
    }
}

/// Keys whose numbers all have their highest bits set have the greatest length.
#[test]
fn the_greatest_lengths_are_reached() {
    let mut rng = seeded_rng(401);
    for bits in [2048_u32, 3072, 4096] {
        let seed = KeyNumbers::generate(&mut rng, bits / 2, bits / 2, 65_537);
        let exponents = (0..1000).map(|less| 0xFFFF_FFFF - 2 * less);
        let key = exponents
            .filter(|e| {
                [&seed.p, &seed.q].iter().all(|prime| {
                    let less_one = *prime - number(1);
                    number(*e).modinv(&less_one).is_some()
                })
            })
            .map(|e| KeyNumbers::from_primes(seed.p.clone(), seed.q.clone(), number(e)))
            .find(|key| {
                let half = u64::from(bits / 2);
                [&key.d_p, &key.d_q].iter().all(|n| n.bits() == half) && key.d.bits() == 2 * half
            })
            .unwrap();
        // qInv is the same for all of them.
        let missing = usize::from(key.q_inv.bits() < u64::from(bits / 2));
        let loaded = PrivateKey::from_bytes(&key.pkcs1_der()).unwrap();
        for format in [KeyFormat::Pkcs1Der, KeyFormat::Pkcs8Der] {
            let greatest = private_key_file_len(usize::try_from(bits).unwrap(), format);
            assert_eq!(loaded.written_len(format).unwrap() + missing, greatest);
        }
    }
    assert_eq!(MAX_MODULUS_BITS, 4096);
}

#[test]
fn a_place_without_a_key_is_not_written() {
    let empty = Error::InvalidKey {
        problem: KeyProblem::Empty,
    };
    let mut out = [0xEE; 4096];
    for format in KeyFormat::ALL {
        assert_eq!(PrivateKey::empty().written_len(format), Err(empty));
        assert_eq!(PrivateKey::empty().write(format, &mut out), Err(empty));
        assert_eq!(out, [0; 4096]);
    }
}
