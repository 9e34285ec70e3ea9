//! Reading keys: what belongs together loads in every form people have it in, and each thing that
//! can be wrong with a key is refused with an error of its own.

use std::time::Duration;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use daxsign_core::{
    Certificate, Digest, Error, Kernel, KeyEncoding, KeyHint, KeyKind, KeyProblem, PrivateKey,
    PublicKey, Signer, identify_key,
};
use daxsign_tests::cases::key_file;
use daxsign_tests::openssl::OpenSsl;
use daxsign_tests::rsa_keys::{
    KeyNumbers, RSA_ENCRYPTION, integer, number, pkcs8, random_number, seeded_rng, sequence, spki,
};
use num_bigint::BigUint;

fn good_numbers() -> KeyNumbers {
    KeyNumbers::from_pkcs1_der(&key_file("rsa2048.pkcs1.der"))
}

fn load(der: &[u8]) -> Result<(), Error> {
    PrivateKey::from_bytes(der).map(|_| ())
}

fn problem(problem: KeyProblem) -> Result<(), Error> {
    Err(Error::InvalidKey { problem })
}

/// Loads the numbers in both private forms; they must agree.
fn load_numbers(numbers: &KeyNumbers) -> Result<(), Error> {
    let result = load(&numbers.pkcs1_der());
    assert_eq!(load(&numbers.pkcs8_der()), result);
    result
}

fn load_changed(change: impl FnOnce(&mut KeyNumbers)) -> Result<(), Error> {
    let mut numbers = good_numbers();
    change(&mut numbers);
    load_numbers(&numbers)
}

/// An error's name and its whole message.
fn name_and_text(result: Result<(), Error>) -> (&'static str, String) {
    let error = result.expect_err("a refused key");
    (error.name(), error.to_string())
}

/// p = (6k+1)(12k+1)(18k+1), each a prime, is a Carmichael number: m^(p-1) is 1 modulo p for every m
/// that it has no factor in common with, as for a prime. What SECURITY.md says of such a key.
#[test]
fn a_carmichael_number_as_p_is_not_noticed() {
    const K: &[u8] =
        b"3a91b35d7fceb9d599a76789e0d5b5f76d8c070df8bf44347ad78b0fbf73a929bfc5f3e8bc02b72322492";
    let k = BigUint::parse_bytes(K, 16).unwrap();
    let factors = [6, 12, 18].map(|times| &k * number(times) + number(1));
    let p: BigUint = factors.iter().product();
    assert_eq!(p.bits(), 1024);
    let base = number(2);
    for number_like_a_prime in factors.iter().chain([&p]) {
        let less_one = number_like_a_prime - number(1);
        assert_eq!(base.modpow(&less_one, number_like_a_prime), number(1));
    }
    let numbers = KeyNumbers::from_primes(p, good_numbers().q, number(65_537));
    load_numbers(&numbers).unwrap();
    let key = PrivateKey::from_bytes(&numbers.pkcs1_der()).unwrap();
    for byte in 0..10 {
        let digest = Digest([byte; 32]);
        let mut signature = [0; 256];
        key.sign_digest(&digest, &mut signature).unwrap();
        key.public_key().verify_digest(&digest, &signature).unwrap();
        // By other arithmetic: the signature's power ends in the digest.
        let opened = BigUint::from_bytes_be(&signature).modpow(&numbers.e, &numbers.n);
        let opened = opened.to_bytes_be();
        assert!(opened.starts_with(&[1, 0xFF]) && opened.ends_with(&[byte; 32]));
    }
}

#[test]
fn the_key_that_the_others_are_altered_from_is_good() {
    assert_eq!(good_numbers().pkcs1_der(), key_file("rsa2048.pkcs1.der"));
    assert_eq!(good_numbers().pkcs8_der(), key_file("rsa2048.pkcs8.der"));
    assert_eq!(good_numbers().spki_der(), key_file("rsa2048.spki.der"));
    assert_eq!(
        good_numbers().public_pkcs1_der(),
        key_file("rsa2048.public-pkcs1.der")
    );
    load_changed(|_| ()).unwrap();
}

#[test]
fn a_modulus_that_is_not_the_product_is_refused() {
    let product = problem(KeyProblem::Product);
    assert_eq!(load_changed(|key| key.n += number(2)), product);
    assert_eq!(load_changed(|key| key.n -= number(2)), product);
    assert_eq!(load_changed(|key| key.n ^= number(1) << 1024), product);
    assert_eq!(load_changed(|key| key.p += number(2)), product);
    assert_eq!(load_changed(|key| key.q -= number(2)), product);
    let longer = load_changed(|key| key.n += number(1) << 2056);
    assert_eq!(longer, product);
}

#[test]
fn an_even_modulus_is_refused() {
    assert_eq!(
        load_changed(|key| key.n += number(1)),
        problem(KeyProblem::Modulus)
    );
    let public = KeyNumbers {
        n: good_numbers().n + number(1),
        ..good_numbers()
    };
    let error = PublicKey::from_bytes(&public.spki_der()).unwrap_err();
    assert_eq!(Err(error), problem(KeyProblem::Modulus));
}

#[test]
fn equal_primes_are_refused() {
    let equal = load_changed(|key| {
        key.q = key.p.clone();
        key.n = &key.p * &key.p;
        key.d_q = key.d_p.clone();
    });
    assert_eq!(equal, problem(KeyProblem::PrimesEqual));
}

#[test]
fn an_even_prime_is_refused() {
    let even = problem(KeyProblem::Primes);
    assert_eq!(load_changed(|key| key.p += number(1)), even);
    assert_eq!(load_changed(|key| key.q += number(1)), even);
}

#[test]
fn a_prime_of_zero_or_one_is_refused() {
    let refused = |change: fn(&mut KeyNumbers)| {
        assert_eq!(load_changed(change).unwrap_err().name(), "invalid-key");
    };
    refused(|key| key.p = number(0));
    refused(|key| key.q = number(0));
    refused(|key| (key.p, key.q) = (number(1), key.n.clone()));
    refused(|key| (key.p, key.q) = (key.n.clone(), number(1)));
}

#[test]
fn a_prime_of_less_than_a_quarter_of_the_modulus_is_refused() {
    for (p_bits, q_bits) in [(500, 1548), (1548, 500), (64, 1984)] {
        let key = KeyNumbers::generate(&mut seeded_rng(2), p_bits, q_bits, 65_537);
        assert_eq!(load_numbers(&key), problem(KeyProblem::Primes));
    }
}

#[test]
fn swapped_primes_need_swapped_partners() {
    let swapped = load_changed(|key| std::mem::swap(&mut key.p, &mut key.q));
    assert_eq!(swapped, problem(KeyProblem::DP));
    let with_exponents = |key: &mut KeyNumbers| {
        std::mem::swap(&mut key.p, &mut key.q);
        std::mem::swap(&mut key.d_p, &mut key.d_q);
    };
    assert_eq!(load_changed(with_exponents), problem(KeyProblem::QInv));
    load_changed(|key| {
        with_exponents(key);
        key.q_inv = key.q.modinv(&key.p).unwrap();
    })
    .unwrap();
}

#[test]
fn a_wrong_private_exponent_is_refused() {
    let wrong = problem(KeyProblem::D);
    assert_eq!(load_changed(|key| key.d += number(2)), wrong);
    assert_eq!(load_changed(|key| key.d = number(0)), wrong);
    assert_eq!(load_changed(|key| key.d = number(65_537)), wrong);
    assert_eq!(
        load_changed(|key| key.d = &key.d + (&key.p - number(1))),
        wrong
    );
    assert_eq!(
        load_changed(|key| key.d = &key.d + (&key.q - number(1))),
        wrong
    );
    assert_eq!(
        load_changed(|key| key.d = &key.d + (number(1) << 2056)),
        wrong
    );
}

/// RFC 8017 3.2 asks for an inverse of e, not for the smallest.
#[test]
fn every_inverse_is_a_private_exponent() {
    let order = |key: &KeyNumbers| (&key.p - number(1)) * (&key.q - number(1)) / number(2);
    load_changed(|key| key.d = &key.d % order(key)).unwrap();
    load_changed(|key| key.d = &key.d % order(key) + order(key)).unwrap();
}

/// From the smallest to the largest that has the modulus's length, for primes that have limbs to
/// spare and primes that fill them, of equal and of unequal length.
#[test]
fn private_exponents_of_any_size_are_judged() {
    let mut rng = seeded_rng(3);
    for (p_bits, q_bits) in [
        (1024, 1024),
        (1023, 1025),
        (1200, 848),
        (512, 1536),
        (1536, 512),
    ] {
        let mut key = KeyNumbers::generate(&mut rng, p_bits, q_bits, 65_537);
        let (p_1, q_1) = (&key.p - number(1), &key.q - number(1));
        let order = &p_1 * &q_1 / gcd(p_1.clone(), q_1.clone());
        let smallest = &key.d % &order;
        let largest = (number(1) << 2048) - number(1);
        let most = (&largest - &smallest) / &order;
        for times in [number(0), number(1), most] {
            key.d = &smallest + times * &order;
            load_numbers(&key).unwrap();
        }
        for wrong in [
            &key.d - &p_1,
            &key.d - &q_1,
            largest,
            random_number(&mut rng, 2048),
        ] {
            key.d = wrong;
            assert_eq!(load_numbers(&key), problem(KeyProblem::D), "{p_bits}");
        }
    }
}

fn gcd(mut a: BigUint, mut b: BigUint) -> BigUint {
    while b != number(0) {
        (a, b) = (b.clone(), a % b);
    }
    a
}

#[test]
fn wrong_prime_exponents_are_refused() {
    let wrong = problem(KeyProblem::DP);
    assert_eq!(load_changed(|key| key.d_p += number(1)), wrong);
    assert_eq!(load_changed(|key| key.d_p += number(2)), wrong);
    assert_eq!(load_changed(|key| key.d_p = number(0)), wrong);
    assert_eq!(
        load_changed(|key| key.d_p = &key.d_p + &key.p - number(1)),
        wrong
    );
    assert_eq!(load_changed(|key| key.d_p = key.d.clone()), wrong);
    let wrong = problem(KeyProblem::DQ);
    assert_eq!(load_changed(|key| key.d_q += number(1)), wrong);
    assert_eq!(load_changed(|key| key.d_q += number(2)), wrong);
    assert_eq!(load_changed(|key| key.d_q = number(0)), wrong);
    assert_eq!(
        load_changed(|key| key.d_q = &key.d_q + &key.q - number(1)),
        wrong
    );
    assert_eq!(load_changed(|key| key.d_q = key.d.clone()), wrong);
}

#[test]
fn a_wrong_coefficient_is_refused() {
    let wrong = problem(KeyProblem::QInv);
    assert_eq!(load_changed(|key| key.q_inv += number(1)), wrong);
    assert_eq!(load_changed(|key| key.q_inv = number(0)), wrong);
    assert_eq!(load_changed(|key| key.q_inv = number(1)), wrong);
    assert_eq!(load_changed(|key| key.q_inv += &key.p), wrong);
    assert_eq!(
        load_changed(|key| key.q_inv = key.p.modinv(&key.q).unwrap()),
        wrong
    );
    assert_eq!(load_changed(|key| key.q_inv = key.d.clone()), wrong);
}

#[test]
fn public_exponents_outside_the_range_are_refused() {
    let public = |e: u64| {
        let key = KeyNumbers {
            e: number(e),
            ..good_numbers()
        };
        PublicKey::from_bytes(&key.spki_der()).map(|_| ())
    };
    for e in [0, 1, 2, 4, 65_536, 0xFFFF_FFFE] {
        assert_eq!(
            load_changed(|key| key.e = number(e)),
            problem(KeyProblem::PublicExponent)
        );
        assert_eq!(public(e), problem(KeyProblem::PublicExponent));
    }
    for e in [1 << 32, (1 << 32) + 1, u64::MAX] {
        let (name, text) = name_and_text(load_changed(|key| key.e = number(e)));
        assert_eq!(name, "unsupported-key");
        assert!(text.contains("exponent"), "{text}");
        assert_eq!(public(e).unwrap_err().name(), "unsupported-key");
    }
    for e in [3, 5, 65_537, 0xFFFF_FFFF] {
        public(e).unwrap();
    }
    // In the range, but the private numbers belong to another.
    assert_eq!(
        load_changed(|key| key.e = number(3)),
        problem(KeyProblem::DP)
    );
}

#[test]
fn a_modulus_of_another_size_is_refused() {
    for (p_bits, q_bits, bits) in [(512, 512, 1024), (1024, 1023, 2047)] {
        let key = KeyNumbers::generate(&mut seeded_rng(3), p_bits, q_bits, 65_537);
        let too_small = Error::KeyTooSmall { bits };
        assert_eq!(load_numbers(&key), Err(too_small));
        for der in [key.spki_der(), key.public_pkcs1_der()] {
            assert_eq!(PublicKey::from_bytes(&der).unwrap_err(), too_small);
        }
    }
    for bits in [4097, 4104, 8192, 16_384] {
        let n = random_number(&mut seeded_rng(4), bits) | number(1);
        let key = KeyNumbers {
            n,
            ..good_numbers()
        };
        assert_eq!(load_numbers(&key).unwrap_err().name(), "unsupported-key");
        let error = PublicKey::from_bytes(&key.spki_der()).unwrap_err();
        assert_eq!(error.name(), "unsupported-key");
    }
}

#[test]
fn more_than_two_primes_are_unsupported() {
    let other = [number(3), number(1), number(1)].map(|n| integer(&n));
    let others = sequence(&[sequence(&other)]);
    let mut elements = good_numbers().pkcs1_elements(1);
    elements.push(others);
    let (name, text) = name_and_text(load(&sequence(&elements)));
    assert_eq!(name, "unsupported-key");
    assert!(text.contains("two primes"), "{text}");
    let der = sequence(&good_numbers().pkcs1_elements(2));
    load(&der).expect_err("a version that PKCS#1 does not have");
}

#[test]
fn trailing_bytes_are_refused_at_every_level() {
    let numbers = good_numbers();
    let with = |bytes: Vec<u8>, more: &[u8]| [bytes, more.to_vec()].concat();
    for more in [&[0][..], &[5, 0], b"\n", &numbers.pkcs1_der()] {
        let mut elements = numbers.pkcs1_elements(0);
        elements.push(more.to_vec());
        let inside = sequence(&elements);
        let private = [
            with(numbers.pkcs1_der(), more),
            with(numbers.pkcs8_der(), more),
            inside.clone(),
            pkcs8(RSA_ENCRYPTION, &inside),
            pkcs8(RSA_ENCRYPTION, &with(numbers.pkcs1_der(), more)),
        ];
        for der in private {
            assert_eq!(load(&der).unwrap_err().name(), "invalid-key");
        }
        let inside = sequence(&[integer(&numbers.n), integer(&numbers.e), more.to_vec()]);
        let public = [
            with(numbers.public_pkcs1_der(), more),
            with(numbers.spki_der(), more),
            inside.clone(),
            spki(RSA_ENCRYPTION, &inside),
            spki(RSA_ENCRYPTION, &with(numbers.public_pkcs1_der(), more)),
        ];
        for der in public {
            assert_eq!(
                PublicKey::from_bytes(&der).unwrap_err().name(),
                "invalid-key"
            );
        }
    }
}

/// RFC 5958: attributes and the public key may follow the key itself.
#[test]
fn attributes_behind_a_pkcs8_key_are_skipped() {
    let der = good_numbers().pkcs8_der();
    // Header of four bytes; then the contents, with an empty [0] behind.
    let contents = [&der[4..], &[0xA0, 0]].concat();
    load(&sequence(&[contents])).unwrap();
}

#[test]
fn a_file_cut_off_anywhere_is_refused() {
    let mut cuts = 0;
    for file in ["pkcs1.der", "pkcs8.der", "spki.der", "public-pkcs1.der"] {
        let bytes = key_file(&format!("rsa2048.{file}"));
        for len in 0..bytes.len() {
            assert_cut_off_refused(&bytes[..len]);
            cuts += 1;
        }
    }
    for file in ["pkcs1.pem", "pkcs8.pem", "spki.pem", "public-pkcs1.pem"] {
        let bytes = key_file(&format!("rsa2048.{file}"));
        // Without its last line end a file is still whole.
        for len in 0..bytes.trim_ascii_end().len() {
            assert_cut_off_refused(&bytes[..len]);
            cuts += 1;
        }
    }
    assert!(cuts > 6_000, "only {cuts} cuts");
}

fn assert_cut_off_refused(bytes: &[u8]) {
    let private = PrivateKey::from_bytes(bytes).unwrap_err();
    let public = PublicKey::from_bytes(bytes).unwrap_err();
    let known = ["invalid-key", "unsupported-key"];
    assert!(known.contains(&private.name()) && known.contains(&public.name()));
    // One of the two readers wants this kind of file and must see that it is damaged.
    assert!(
        [private, public]
            .iter()
            .any(|error| error.name() == "invalid-key")
    );
    Certificate::from_bytes(bytes).unwrap_err();
}

#[test]
fn numbers_that_are_not_der_are_refused() {
    let elements = good_numbers().pkcs1_elements(0);
    let replaced = |index: usize, element: &[u8]| {
        let mut elements = elements.clone();
        elements[index] = element.to_vec();
        load(&sequence(&elements)).unwrap_err()
    };
    let e = 2;
    let invalid: [&[u8]; 8] = [
        b"\x02\x04\x00\x01\x00\x01",     // a zero too many
        b"\x02\x03\x81\x00\x01",         // negative
        b"\x02\x81\x03\x01\x00\x01",     // a length in more bytes than needed
        b"\x02\x82\x00\x03\x01\x00\x01", // the same
        b"\x02\x80\x01\x00\x01\x00\x00", // no definite length
        b"\x02\x00",                     // no number
        b"\x04\x03\x01\x00\x01",         // another type
        b"\x02\x84\xff\xff\xff\xff\x01", // longer than the file
    ];
    for element in invalid {
        assert_eq!(replaced(e, element).name(), "invalid-key", "{element:x?}");
    }
    for (index, element) in elements.iter().enumerate().skip(1) {
        let zero_ahead = [&[0x02, 0x02, 0x00], &element[..1]].concat();
        assert_eq!(replaced(index, &zero_ahead).name(), "invalid-key");
        let known = ["invalid-key", "key-too-small", "unsupported-key"];
        assert!(
            known.contains(&replaced(index, &[]).name()),
            "without element {index}"
        );
        let mut negative = element.clone();
        let first = if negative[1] & 0x80 == 0 {
            2
        } else {
            2 + usize::from(negative[1] & 0x7F)
        };
        negative[first] = 0xFF;
        assert_eq!(
            replaced(index, &negative).name(),
            "invalid-key",
            "element {index}"
        );
    }
}

#[test]
fn keys_of_other_algorithms_are_unsupported_and_named() {
    let openssl = OpenSsl::default();
    let kinds = [
        ("EC -pkeyopt ec_paramgen_curve:P-256", "elliptic curve"),
        ("ED25519", "Ed25519"),
        ("ED448", "Ed448"),
        ("X25519", "X25519"),
        ("RSA-PSS -pkeyopt rsa_keygen_bits:2048", "PSS"),
    ];
    for (arguments, said) in kinds {
        openssl.run(&format!("genpkey -algorithm {arguments} -out key.pem"));
        let mut files = vec![openssl.read("key.pem")];
        openssl.run("pkey -in key.pem -outform DER -out key.der");
        files.push(openssl.read("key.der"));
        for file in files {
            let (name, text) = name_and_text(load(&file));
            assert_eq!(name, "unsupported-key", "{said}: {text}");
            assert!(text.contains(said), "{text}");
        }
        for format in ["PEM", "DER"] {
            openssl.run(&format!(
                "pkey -in key.pem -pubout -outform {format} -out public"
            ));
            let public = PublicKey::from_bytes(&openssl.read("public")).map(|_| ());
            let (name, text) = name_and_text(public);
            assert_eq!(name, "unsupported-key", "{said}, public, {format}: {text}");
            assert!(text.contains(said), "{text}");
        }
    }
    let unknown = pkcs8("1.2.3.4.5", &good_numbers().pkcs1_der());
    assert_eq!(load(&unknown).unwrap_err().name(), "unsupported-key");
}

#[test]
fn a_traditional_elliptic_curve_key_is_unsupported() {
    let openssl = OpenSsl::default();
    openssl.run("ecparam -name prime256v1 -genkey -out key.pem");
    let (name, text) = name_and_text(load(&openssl.read("key.pem")));
    assert_eq!(name, "unsupported-key");
    assert!(text.contains("EC "), "{text}");
}

#[test]
fn encrypted_keys_are_unsupported_and_called_encrypted() {
    let openssl = OpenSsl::default();
    openssl.write("key.pem", key_file("rsa2048.pkcs8.pem"));
    let commands = [
        "pkcs8 -topk8 -in key.pem -passout pass:secret -out out",
        "pkcs8 -topk8 -in key.pem -passout pass:secret -outform DER -out out",
        "pkcs8 -topk8 -v1 PBE-SHA1-3DES -in key.pem -passout pass:secret -outform DER -out out",
        "rsa -in key.pem -aes256 -traditional -passout pass:secret -out out",
    ];
    for command in commands {
        openssl.run(command);
        let file = openssl.read("out");
        for result in [load(&file), PublicKey::from_bytes(&file).map(|_| ())] {
            let (name, text) = name_and_text(result);
            assert_eq!(name, "unsupported-key", "{command}");
            assert!(text.contains("encrypted"), "{command}: {text}");
        }
    }
}

/// Whatever stands around it, and however its lines end.
#[test]
fn encrypted_keys_are_called_so_in_every_form() {
    let openssl = OpenSsl::default();
    openssl.write("key.pem", key_file("rsa2048.pkcs8.pem"));
    let commands = [
        "rsa -in key.pem -aes256 -traditional -passout pass:secret -out out",
        "pkcs8 -topk8 -in key.pem -passout pass:secret -out out",
        "pkcs8 -topk8 -v1 PBE-SHA1-3DES -in key.pem -passout pass:secret -out out",
    ];
    let mut refused = 0;
    for command in commands {
        openssl.run(command);
        let plain = String::from_utf8(openssl.read("out")).unwrap();
        let quoted = plain.replace('\n', "\\n");
        let forms = [
            plain.replace('\n', "\r\n"),
            plain.replace('\n', "\r"),
            plain.replace('\n', "\n\n"),
            plain.replace('\n', "\\r\\n"),
            plain.replace('\n', "\\\\n"),
            plain.replace('\n', "\n  "),
            format!("\u{feff}Bag Attributes\n    friendlyName: x\n{plain}"),
            format!("KEY=\"{quoted}\""),
            quoted,
            plain.replace("KEY-----\nProc-Type", "KEY-----\nComment: mine\nProc-Type"),
            plain.replace("Proc-Type: 4,ENCRYPTED\n", ""),
            plain.replace("RSA PRIVATE", "PRIVATE"),
            plain.replace("ENCRYPTED PRIVATE", "PRIVATE"),
            plain.replace("ENCRYPTED PRIVATE", "RSA PRIVATE"),
        ];
        for form in forms {
            let results = [
                load(form.as_bytes()),
                identify_key(form.as_bytes()).map(|_| ()),
                PublicKey::from_bytes(form.as_bytes()).map(|_| ()),
            ];
            for result in results {
                let (name, text) = name_and_text(result);
                assert_eq!(name, "unsupported-key", "{form}");
                assert!(
                    text.starts_with("found an encrypted private key"),
                    "{form}: {text}"
                );
                refused += 1;
            }
        }
    }
    assert_eq!(refused, 3 * 14 * 3);
}

/// Each structure under each label: what the block holds decides.
#[test]
fn a_label_does_not_decide_what_a_block_holds() {
    let openssl = OpenSsl::default();
    openssl.write("key.pem", key_file("rsa2048.pkcs8.pem"));
    openssl.run("req -x509 -key key.pem -subj /CN=x -days 30 -outform DER -out certificate.der");
    let numbers = good_numbers();
    let structures = [
        (KeyKind::Pkcs1Private, numbers.pkcs1_der()),
        (KeyKind::Pkcs8Private, numbers.pkcs8_der()),
        (KeyKind::Pkcs1Public, numbers.public_pkcs1_der()),
        (KeyKind::Spki, numbers.spki_der()),
        (KeyKind::Certificate, openssl.read("certificate.der")),
    ];
    let labels = [
        "RSA PRIVATE KEY",
        "PRIVATE KEY",
        "EC PRIVATE KEY",
        "RSA PUBLIC KEY",
        "PUBLIC KEY",
        "CERTIFICATE",
        "X509 CERTIFICATE",
    ];
    let mut by_openssl = 0;
    for (kind, der) in &structures {
        for label in labels {
            let text = pem(label, der, 64, "\n");
            let file = text.as_bytes();
            assert_eq!(identify_key(file), Ok((*kind, KeyEncoding::Pem)), "{label}");
            assert_eq!(
                load_modulus(*kind, file).as_ref(),
                Ok(&numbers.n),
                "{label}"
            );
            assert_eq!(load(file).is_ok(), kind.is_private(), "{kind:?}, {label}");
            assert_eq!(PublicKey::from_bytes(file).is_ok(), !kind.is_private());
            let certificate = Certificate::from_bytes(file).is_ok();
            assert_eq!(certificate, *kind == KeyKind::Certificate);
            let read_by_openssl = *kind == KeyKind::Pkcs8Private || !label.starts_with("EC");
            if kind.is_private() && label.ends_with("PRIVATE KEY") && read_by_openssl {
                openssl.write("mixed.pem", file);
                openssl.run("pkey -in mixed.pem -noout");
                by_openssl += 1;
            }
        }
    }
    assert_eq!(by_openssl, 3 + 2, "as OpenSSL reads them");
    let (_, said) = name_and_text(load(
        pem("PRIVATE KEY", &numbers.spki_der(), 64, "\n").as_bytes(),
    ));
    assert!(
        said.contains("a public key where a private key is needed"),
        "{said}"
    );
}

/// Blocks whose numbers look like those of a key, and are none.
#[test]
fn parameters_and_other_numbers_are_no_key() {
    let numbers = good_numbers();
    // Diffie-Hellman parameters are two numbers, as a public key: an odd prime and 5.
    let parameters = sequence(&[integer(&numbers.n), integer(&number(5))]);
    let parameters = pem("DH PARAMETERS", &parameters, 64, "\n");
    let (name, said) = name_and_text(PublicKey::from_bytes(parameters.as_bytes()).map(drop));
    assert!(
        name == "unsupported-key" && said.contains("DH PARAMETERS"),
        "{said}"
    );
    let with_key = parameters + &pem("PUBLIC KEY", &numbers.spki_der(), 64, "\n");
    let found = load_modulus(KeyKind::Spki, with_key.as_bytes());
    assert_eq!(found, Ok(numbers.n), "the key behind them");
    // A DSA key in its old form starts as an RSA key does.
    let openssl = OpenSsl::default();
    openssl.run("dsaparam -genkey -noout -out dsa.pem 2048");
    openssl.run("pkey -in dsa.pem -traditional -out old.pem");
    let old = openssl.read("old.pem");
    assert!(old.starts_with(b"-----BEGIN DSA PRIVATE KEY-----"));
    for file in [old, openssl.read("dsa.pem")] {
        let (name, said) = name_and_text(load(&file));
        assert!(
            name == "unsupported-key" && said.contains("a DSA key"),
            "{said}"
        );
    }
}

/// Another key is no replacement for the damaged one that was meant, but for one that is none.
#[test]
fn a_damaged_key_is_not_passed_over() {
    let numbers = good_numbers();
    let good = pem("PRIVATE KEY", &numbers.pkcs8_der(), 64, "\n");
    let public = pem("PUBLIC KEY", &numbers.spki_der(), 64, "\n");
    for damaged in [
        good.replace("KEY-----\nMII", "KEY-----\nM*I"),
        pem("PRIVATE KEY", b"0\0", 64, "\n"),
    ] {
        let result = load((damaged.clone() + &good).as_bytes());
        assert_eq!(name_and_text(result).0, "invalid-key");
        let found = load_modulus(KeyKind::Spki, (damaged + &public).as_bytes());
        assert_eq!(found.as_ref(), Ok(&numbers.n), "a public key was meant");
    }
    let damaged = public.replace("KEY-----\nMII", "KEY-----\nM*I");
    assert!(PublicKey::from_bytes((damaged.clone() + &public).as_bytes()).is_err());
    load((damaged + &good).as_bytes()).unwrap();
}

/// PKCS#8 has the versions 0 and 1; PKCS#12 starts alike, with 3.
#[test]
fn pkcs12_is_not_taken_for_pkcs8() {
    let openssl = OpenSsl::default();
    openssl.write("key.pem", key_file("rsa2048.pkcs8.pem"));
    openssl.run("pkcs12 -export -inkey key.pem -nocerts -passout pass:x -out file");
    let file = openssl.read("file");
    let none = Error::InvalidKey {
        problem: KeyProblem::NotAKey,
    };
    assert_eq!(identify_key(&file), Err(none));
    assert_eq!(load(&file), Err(none));
}

/// `\n` as text, as settings and JSON have it.
#[test]
fn line_ends_written_as_text_are_line_ends() {
    let numbers = good_numbers();
    let mut loaded = 0;
    for (kind, label, der) in [
        (
            KeyKind::Pkcs1Private,
            "RSA PRIVATE KEY",
            numbers.pkcs1_der(),
        ),
        (KeyKind::Pkcs8Private, "PRIVATE KEY", numbers.pkcs8_der()),
        (KeyKind::Spki, "PUBLIC KEY", numbers.spki_der()),
    ] {
        for line_end in [
            "\\n",
            "\\r\\n",
            "\\r",
            "\\\\n",
            "\\\\r\\\\n",
            "\\n\n",
            "\r",
            "\\n  ",
        ] {
            let text = pem(label, &der, 64, line_end);
            let slashes = text.replace('/', "\\/");
            let json = format!("{{\"type\": \"key\", \"private_key\": \"{text}\"}}\n");
            for file in [&text, &slashes, &json, &format!("KEY='{text}'\n")] {
                let found = load_modulus(kind, file.as_bytes());
                assert_eq!(found.as_ref(), Ok(&numbers.n), "{file}");
                assert_eq!(identify_key(file.as_bytes()), Ok((kind, KeyEncoding::Pem)));
                loaded += 1;
            }
        }
        for other in ["\\t", "\\", "\\x", "n", "\\u002B"] {
            let text = pem(label, &der, 64, "\n").replacen(
                "KEY-----\nMII",
                &format!("KEY-----\nMII{other}"),
                1,
            );
            assert!(load_modulus(kind, text.as_bytes()).is_err(), "{other}");
        }
    }
    assert_eq!(loaded, 3 * 8 * 4);
}

/// A quarter of the modulus to the bit, not to the byte that the file has.
#[test]
fn a_prime_a_bit_too_short_is_refused() {
    let mut judged = 0;
    for (bits, seed) in [(2048, 11), (3072, 12), (4096, 13)] {
        let quarter = bits / 4;
        for (short, verdict) in [
            (quarter, Ok(())),
            (quarter - 1, problem(KeyProblem::Primes)),
        ] {
            let key = KeyNumbers::generate(&mut seeded_rng(seed), short, bits - short, 65_537);
            let turned = KeyNumbers::from_primes(key.q.clone(), key.p.clone(), key.e.clone());
            for key in [key, turned] {
                assert_eq!(load_numbers(&key), verdict, "{short} of {bits} bits");
                judged += 1;
            }
        }
    }
    assert_eq!(judged, 3 * 2 * 2);
}

/// The first byte of an SPKI's BIT STRING: RFC 5280 4.1.2.7 has whole bytes there.
#[test]
fn a_bit_string_with_unused_bits_is_refused() {
    let good = good_numbers().spki_der();
    let rsa = good_numbers().public_pkcs1_der();
    let place = good.len() - rsa.len() - 1;
    assert_eq!(good[place], 0);
    for unused in [1, 3, 7, 8, 0x80, 0xFF] {
        let mut der = good.clone();
        der[place] = unused;
        for file in [der.clone(), pem("PUBLIC KEY", &der, 64, "\n").into()] {
            let error = PublicKey::from_bytes(&file).unwrap_err();
            let offset = place + 1;
            assert_eq!(Err(error), problem(KeyProblem::Der { offset }), "{unused}");
        }
    }
}

/// PEM with lines of `width` characters.
fn pem(label: &str, der: &[u8], width: usize, line_end: &str) -> String {
    let base64 = BASE64_STANDARD.encode(der);
    let lines: Vec<&str> = (0..base64.len())
        .step_by(width)
        .map(|start| &base64[start..base64.len().min(start + width)])
        .collect();
    let body = lines.join(line_end);
    format!("-----BEGIN {label}-----{line_end}{body}{line_end}-----END {label}-----{line_end}")
}

/// A file as people have it, made from one as OpenSSL writes it.
fn pem_variants(label: &str, der: &[u8]) -> Vec<(&'static str, String)> {
    let plain = pem(label, der, 64, "\n");
    let all_lines =
        |change: &dyn Fn(&str) -> String| plain.lines().map(change).collect::<Vec<_>>().join("\n");
    vec![
        ("as OpenSSL writes it", plain.clone()),
        ("CRLF", pem(label, der, 64, "\r\n")),
        ("no final newline", plain.trim_end().into()),
        (
            "CRLF, no final newline",
            pem(label, der, 64, "\r\n").trim_end().into(),
        ),
        (
            "text around it",
            format!("My key: made in 2020\n\n{plain}\nthat was it\n"),
        ),
        ("a digit in front", format!("0 is the first\n{plain}")),
        ("a byte order mark in front", format!("\u{feff}{plain}")),
        (
            "bag attributes",
            format!(
                "Bag Attributes\n    localKeyID: 01 00\nKey Attributes: <No Attributes>\n{plain}"
            ),
        ),
        ("blank lines around it", format!("\n\r\n\n{plain}\n\n \n")),
        ("blank lines inside", plain.replace('\n', "\n\n")),
        (
            "indented by spaces",
            all_lines(&|line| format!("    {line}")),
        ),
        ("indented by tabs", all_lines(&|line| format!("\t{line}"))),
        ("trailing spaces", all_lines(&|line| format!("{line}  "))),
        ("one long line", pem(label, der, 1 << 20, "\n")),
        ("lines of 76", pem(label, der, 76, "\n")),
        ("lines of 1", pem(label, der, 1, "\n")),
        ("all in one line", plain.replace('\n', "")),
        (
            "a certificate request in front",
            format!("{}{plain}", pem("CERTIFICATE REQUEST", b"0\0", 64, "\n")),
        ),
    ]
}

#[test]
fn pem_loads_as_people_have_it() {
    let numbers = good_numbers();
    let mut loaded = 0;
    let kinds = [
        (
            KeyKind::Pkcs1Private,
            "RSA PRIVATE KEY",
            numbers.pkcs1_der(),
        ),
        (KeyKind::Pkcs8Private, "PRIVATE KEY", numbers.pkcs8_der()),
        (KeyKind::Spki, "PUBLIC KEY", numbers.spki_der()),
        (
            KeyKind::Pkcs1Public,
            "RSA PUBLIC KEY",
            numbers.public_pkcs1_der(),
        ),
    ];
    for (kind, label, der) in kinds {
        assert_eq!(identify_key(&der), Ok((kind, KeyEncoding::Der)));
        for (variant, text) in pem_variants(label, &der) {
            let modulus = load_modulus(kind, text.as_bytes());
            assert_eq!(modulus.as_ref(), Ok(&numbers.n), "{label}: {variant}");
            if !variant.contains("request") {
                assert_eq!(
                    identify_key(text.as_bytes()),
                    Ok((kind, KeyEncoding::Pem)),
                    "{variant}"
                );
            }
            loaded += 1;
        }
    }
    assert_eq!(loaded, 4 * 18, "files loaded");
}

fn load_modulus(kind: KeyKind, file: &[u8]) -> Result<BigUint, Error> {
    let key = if kind.is_private() {
        PrivateKey::from_bytes(file)?.public_key().clone()
    } else {
        PublicKey::from_bytes(file)?
    };
    let mut out = vec![0; key.modulus_len()];
    Ok(BigUint::from_bytes_be(key.write_modulus(&mut out)?))
}

#[test]
fn a_key_and_a_certificate_in_one_file_are_both_found() {
    let openssl = OpenSsl::default();
    openssl.write("key.pem", key_file("rsa2048.pkcs8.pem"));
    openssl.run("req -x509 -key key.pem -subj /CN=test -days 30 -out certificate.pem");
    let key = String::from_utf8(openssl.read("key.pem")).unwrap();
    let certificate = String::from_utf8(openssl.read("certificate.pem")).unwrap();
    for text in [
        format!("{key}{certificate}"),
        format!("{certificate}\nKey:\n{key}"),
    ] {
        let file = text.as_bytes();
        assert_eq!(
            load_modulus(KeyKind::Pkcs8Private, file),
            Ok(good_numbers().n)
        );
        assert_eq!(
            load_modulus(KeyKind::Certificate, file),
            Ok(good_numbers().n)
        );
        Certificate::from_bytes(file).unwrap();
    }
    assert_eq!(
        load(certificate.as_bytes()).unwrap_err().name(),
        "unsupported-key"
    );
    assert_eq!(
        Certificate::from_bytes(key.as_bytes()).unwrap_err().name(),
        "unsupported-key"
    );
}

#[test]
fn damaged_pem_is_refused_and_says_where_to_look() {
    let plain = String::from_utf8(key_file("rsa2048.pkcs8.pem")).unwrap();
    let middle = plain.len() / 2;
    let with = |text: &str| format!("{}{text}{}", &plain[..middle], &plain[middle..]);
    let label = |from: &str, to: &str| plain.replace(from, to);
    let cases = [
        (label("-----END PRIVATE KEY-----", ""), KeyProblem::PemEnd),
        (label("END PRIVATE", "END PUBLIC"), KeyProblem::PemEnd),
        (label("KEY-----\nMII", "KEY\nMII"), KeyProblem::PemEnd),
        (with("*"), KeyProblem::Base64),
        (with("="), KeyProblem::Base64),
        (with("\u{e9}"), KeyProblem::Base64),
        (with("A"), KeyProblem::Base64),
        (with("\0"), KeyProblem::Base64),
        (
            label("KEY-----\nMII", "KEY-----\nComment: x\n\nMII"),
            KeyProblem::Base64,
        ),
        (String::new(), KeyProblem::NotAKey),
        ("no key".into(), KeyProblem::NotAKey),
    ];
    for (text, expected) in cases {
        let result = load(text.as_bytes());
        let known = [problem(expected), problem(KeyProblem::Base64)];
        let other = matches!(
            result,
            Err(Error::InvalidKey {
                problem: KeyProblem::Der { .. }
            })
        );
        // A character too many may show first as wrong DER behind it.
        assert!(
            known.contains(&result) || (other && expected == KeyProblem::Base64),
            "{result:?}"
        );
        assert_ne!(result, Ok(()), "{text}");
    }
}

/// The same bytes as in a good file, written with padding before the end.
#[test]
fn padding_inside_a_block_is_refused() {
    let der = key_file("rsa2048.pkcs8.der");
    let pem = |cut: usize| {
        let [start, end] = [&der[..cut], &der[cut..]].map(|part| BASE64_STANDARD.encode(part));
        format!("-----BEGIN PRIVATE KEY-----\n{start}\n{end}\n-----END PRIVATE KEY-----\n")
    };
    for cut in [3, 300, der.len()] {
        assert_eq!(load(pem(cut).as_bytes()), Ok(()), "{cut}");
    }
    for cut in [1, 2, 4, 100, 301, der.len() - 2] {
        let result = load(pem(cut).as_bytes());
        assert_eq!(result, problem(KeyProblem::Base64), "{cut}");
    }
}

/// Lines that only look like those of an encrypted key.
#[test]
fn other_header_lines_of_a_block_are_no_encryption() {
    let plain = String::from_utf8(key_file("rsa2048.pkcs1.pem")).unwrap();
    let with = |line: &str| plain.replace("KEY-----\nMII", &format!("KEY-----\n{line}\n\nMII"));
    for line in [
        "Proc-Type: 4,MIC-CLEAR",
        "Comment: ENCRYPTED",
        "X-Proc-Type: ENCRYPTED",
    ] {
        let result = load(with(line).as_bytes());
        assert_eq!(result, problem(KeyProblem::Base64), "{line}");
    }
    let encrypted = name_and_text(load(with("Proc-Type: 4,ENCRYPTED").as_bytes()));
    assert_eq!(encrypted.0, "unsupported-key");
}

#[test]
fn a_place_that_failed_to_load_is_empty() {
    let mut key = PrivateKey::empty();
    let empty = Err(Error::InvalidKey {
        problem: KeyProblem::Empty,
    });
    let mut out = vec![0xAA; 256];
    assert_eq!(key.sign_digest(&Digest([1; 32]), &mut out), empty);
    let mut bad = good_numbers();
    bad.q_inv += number(1);
    for wrong in [
        b"".to_vec(),
        bad.pkcs1_der(),
        bad.pkcs8_der(),
        key_file("rsa2048.spki.pem"),
    ] {
        key.load(&key_file("rsa2048.pkcs8.pem")).unwrap();
        key.sign_digest(&Digest([1; 32]), &mut out).unwrap();
        key.load(&wrong).unwrap_err();
        assert_eq!(key.public_key().modulus_bits(), 0);
        assert_eq!(key.sign_digest(&Digest([1; 32]), &mut out), empty);
        assert!(out.iter().all(|byte| *byte == 0), "output after an error");
    }
    key.load(&key_file("rsa2048.pkcs8.pem")).unwrap();
    key.wipe();
    assert_eq!(key.sign_digest(&Digest([1; 32]), &mut out), empty);
}

#[test]
fn a_private_key_prints_its_size_only() {
    let key = PrivateKey::from_bytes(&key_file("rsa2048.pkcs8.pem")).unwrap();
    for text in [format!("{key:?}"), format!("{key:#?}")] {
        let digits: String = text.chars().filter(char::is_ascii_digit).collect();
        assert_eq!(digits, "2048", "{text}");
    }
}

/// Memory of zeros is a place for a key: the C interface relies on it.
#[test]
fn zeros_are_an_empty_key() {
    // SAFETY: the documentation of `empty` says that its bytes are all zero.
    let private: PrivateKey = unsafe { std::mem::zeroed() };
    // SAFETY: the same.
    let public: PublicKey = unsafe { std::mem::zeroed() };
    assert_eq!(public, PublicKey::empty());
    assert_eq!(private.public_key(), &PublicKey::empty());
    let mut signature = [1; 256];
    let (digest, empty) = (Digest([7; 32]), PrivateKey::empty());
    assert_eq!(
        private.sign_digest(&digest, &mut signature),
        empty.sign_digest(&digest, &mut signature)
    );
    let mut loaded = private;
    loaded.load(&key_file("rsa2048.pkcs1.pem")).unwrap();
    assert_eq!(loaded.sign_digest(&digest, &mut signature), Ok(()));
}

/// One bit of one number at a time; the error names the number, or what it no longer fits.
#[test]
fn every_bit_of_every_number_matters() {
    type Number = fn(&mut KeyNumbers) -> &mut BigUint;
    let numbers: [(&str, Number, &[KeyProblem]); 8] = [
        (
            "n",
            |key| &mut key.n,
            &[KeyProblem::Product, KeyProblem::Modulus],
        ),
        (
            "e",
            |key| &mut key.e,
            &[KeyProblem::DP, KeyProblem::PublicExponent],
        ),
        ("d", |key| &mut key.d, &[KeyProblem::D]),
        (
            "p",
            |key| &mut key.p,
            &[KeyProblem::Product, KeyProblem::Primes],
        ),
        (
            "q",
            |key| &mut key.q,
            &[KeyProblem::Product, KeyProblem::Primes],
        ),
        ("dP", |key| &mut key.d_p, &[KeyProblem::DP]),
        ("dQ", |key| &mut key.d_q, &[KeyProblem::DQ]),
        ("qInv", |key| &mut key.q_inv, &[KeyProblem::QInv]),
    ];
    let good = good_numbers();
    let mut flips = 0;
    for (name, number_of, problems) in numbers {
        let bits = number_of(&mut good.clone()).bits().div_ceil(32) * 32;
        for bit in 0..bits {
            let mut key = good.clone();
            *number_of(&mut key) ^= number(1) << bit;
            let error = load(&key.pkcs1_der()).unwrap_err();
            let top_of_n = name == "n" && matches!(error, Error::KeyTooSmall { .. });
            let named = problems.iter().any(|each| Err(error) == problem(*each));
            assert!(
                named || (top_of_n && bit == 2047),
                "{name}, bit {bit}: {error:?}"
            );
            flips += 1;
        }
    }
    assert_eq!(flips, 2 * 2048 + 32 + 5 * 1024);
}

/// Numbers that are right but for bits above their place.
#[test]
fn bits_above_a_number_matter() {
    let mut refused = 0;
    for bit in [1024, 1055, 1056, 1087, 1088, 2048, 4096] {
        let above = number(1) << bit;
        let changed = |change: fn(&mut KeyNumbers) -> &mut BigUint| {
            load_changed(|key| *change(key) += &above)
        };
        assert_eq!(changed(|key| &mut key.d_p), problem(KeyProblem::DP));
        assert_eq!(changed(|key| &mut key.d_q), problem(KeyProblem::DQ));
        assert_eq!(changed(|key| &mut key.q_inv), problem(KeyProblem::QInv));
        for error in [changed(|key| &mut key.p), changed(|key| &mut key.q)] {
            let problems = [KeyProblem::Product, KeyProblem::Primes];
            assert!(problems.map(problem).contains(&error), "{error:?}");
        }
        refused += 5;
    }
    assert_eq!(refused, 7 * 5);
}

/// Differences that cancel where words are added without carries instead of gathered.
#[test]
fn equal_differences_in_two_words_matter() {
    let good = good_numbers();
    let one = number(1);
    let mut refused = 0;
    for word in [32, 64] {
        for (low, high) in [(1, 2), (0, 1), (3, 15)] {
            let twice = (&one << (low * word)) + (&one << (high * word));
            // Of the product, where n has the wrong bits.
            let mut key = good.clone();
            key.n ^= &twice << 7;
            let error = load(&key.pkcs1_der()).unwrap_err();
            assert_eq!(Err(error), problem(KeyProblem::Product));
            // Of what must be 1, for numbers that lead to 1 and the two words.
            let wrong = &twice + &one;
            let mut key = good.clone();
            let p_less_1 = &good.p - &one;
            key.d_p = good.e.modinv(&p_less_1).unwrap() * &wrong % &p_less_1;
            assert_eq!(load_numbers(&key), problem(KeyProblem::DP));
            let mut key = good.clone();
            key.q_inv = &good.q_inv * &wrong % &good.p;
            assert_eq!(load_numbers(&key), problem(KeyProblem::QInv));
            refused += 3;
        }
    }
    assert_eq!(refused, 2 * 3 * 3);
}

/// Each number as 0 and as 1, with the error that it must give.
#[test]
fn numbers_of_zero_and_one_are_refused() {
    let too_small = |bits| Err(Error::KeyTooSmall { bits });
    for value in [0_u8, 1] {
        let small = || number(value.into());
        let of_n = load_changed(|key| key.n = small());
        assert_eq!(of_n, too_small(value.into()));
        let cases: [(Result<(), Error>, KeyProblem); 7] = [
            (
                load_changed(|key| key.e = small()),
                KeyProblem::PublicExponent,
            ),
            (load_changed(|key| key.d = small()), KeyProblem::D),
            (load_changed(|key| key.p = small()), KeyProblem::Primes),
            (load_changed(|key| key.q = small()), KeyProblem::Primes),
            (load_changed(|key| key.d_p = small()), KeyProblem::DP),
            (load_changed(|key| key.d_q = small()), KeyProblem::DQ),
            (load_changed(|key| key.q_inv = small()), KeyProblem::QInv),
        ];
        for (result, expected) in cases {
            assert_eq!(result, problem(expected));
        }
    }
}

/// Numbers that fit each other but are no primes: what is signed with them does not verify, and is
/// not given out.
#[test]
fn a_key_of_composite_numbers_gives_no_signature() {
    let rng = &mut seeded_rng(5);
    let e = number(65_537);
    let key = loop {
        let [p, q] = [1, 2]
            .map(|_| random_number(rng, 1024) | number(1) << 1023 | number(1) << 1022 | number(1));
        let fits = |prime: &BigUint| e.modinv(&(prime - number(1))).is_some();
        if fits(&p) && fits(&q) && q.modinv(&p).is_some() {
            break KeyNumbers::from_primes(p, q, e);
        }
    };
    let loaded = PrivateKey::from_bytes(&key.pkcs1_der()).unwrap();
    for first in 0..8 {
        let mut signature = vec![0xAA; 256];
        let result = loaded.sign_digest(&Digest([first; 32]), &mut signature);
        assert_eq!(result, Err(Error::SigningFault));
        assert_eq!(signature, vec![0; 256]);
    }
}

/// The processor time of this thread, which other programs do not add to.
fn processor_time() -> Duration {
    let mut time = libc::timespec {
        tv_sec: 0,
        tv_nsec: 0,
    };
    // SAFETY: `time` is a place for the answer.
    let result = unsafe { libc::clock_gettime(libc::CLOCK_THREAD_CPUTIME_ID, &raw mut time) };
    assert_eq!(result, 0);
    Duration::new(
        time.tv_sec.try_into().unwrap(),
        time.tv_nsec.try_into().unwrap(),
    )
}

/// The shortest of some runs, so that what disturbs one does not count.
fn time_of(mut run: impl FnMut()) -> Duration {
    let times = (0..5).map(|_| {
        let start = processor_time();
        run();
        processor_time().saturating_sub(start)
    });
    times.min().unwrap()
}

/// Reads a file in every way; none may accept it. Then asks what it is.
fn refuse_everywhere(file: &[u8]) {
    PrivateKey::from_bytes(file).unwrap_err();
    PublicKey::from_bytes(file).unwrap_err();
    let error = Certificate::from_bytes(file).unwrap_err();
    std::hint::black_box(KeyHint::for_refused(file, &error));
}

/// Lengths of up to 2^64 and beyond, in any header of a file: more than the file has, no definite
/// length, or more bytes than needed.
const HOSTILE_LENGTHS: [&[u8]; 14] = [
    b"\x80",
    b"\x81\xff",
    b"\x82\xff\xff",
    b"\x82\x7f\xff",
    b"\x83\xff\xff\xff",
    b"\x84\x7f\xff\xff\xff",
    b"\x84\xff\xff\xff\xff",
    b"\x88\x7f\xff\xff\xff\xff\xff\xff\xff",
    b"\x88\xff\xff\xff\xff\xff\xff\xff\xff",
    b"\x89\x01\x00\x00\x00\x00\x00\x00\x00\x00",
    b"\x88\x00\x00\x00\x00\x00\x00\x00\x01",
    b"\xfe",
    b"\xff",
    b"\x00",
];

/// The places of the headers of a DER file, constructed ones entered.
fn headers(der: &[u8], start: usize, end: usize, found: &mut Vec<usize>) {
    let mut place = start;
    while place < end {
        found.push(place);
        let (header, len) = match der[place + 1] {
            0x82 => (
                4,
                usize::from(u16::from_be_bytes([der[place + 2], der[place + 3]])),
            ),
            0x81 => (3, usize::from(der[place + 2])),
            short => (2, usize::from(short)),
        };
        let contents = place + header;
        match der[place] {
            0x30 | 0xA0 | 0xA3 | 0x31 | 0x04 if der[place] != 0x04 || len > 200 => {
                headers(der, contents, contents + len, found);
            }
            0x03 => headers(der, contents + 1, contents + len, found),
            _ => {}
        }
        place = contents + len;
    }
}

#[test]
fn hostile_lengths_are_refused_at_once() {
    let good = key_file("rsa2048.pkcs1.der");
    let limit = time_of(|| load(&good).unwrap());
    let mut files = 0;
    for name in ["pkcs1.der", "pkcs8.der", "spki.der", "public-pkcs1.der"] {
        let der = key_file(&format!("rsa2048.{name}"));
        let mut places = Vec::new();
        headers(&der, 0, der.len(), &mut places);
        assert!(places.len() >= 3, "{name}: {places:?}");
        for place in places {
            for length in HOSTILE_LENGTHS {
                let changed = [&der[..=place], length, &der[place + 2..]].concat();
                if changed == der {
                    continue; // The NULL of the algorithm.
                }
                // The whole file, and one that ends behind the length.
                for file in [changed.as_slice(), &changed[..=place + length.len()]] {
                    refuse_everywhere(file);
                    let time = time_of(|| refuse_everywhere(file));
                    // Three readers; the checks of a private key's numbers are the longest work.
                    assert!(
                        time <= limit * 3,
                        "{name} at {place}: {time:?}, limit {limit:?}"
                    );
                    files += 1;
                }
            }
        }
    }
    assert!(files > 700, "only {files} files");
}

/// Files of any length are read in time by their length: twice the file, twice the time.
#[test]
fn large_hostile_files_take_time_by_their_length() {
    const PIECES: [&str; 19] = [
        "-----BEGIN PRIVATE KEY-----\n",
        "-----END PRIVATE KEY-----\n",
        "-----BEGIN X-----\n-----END X-----\n",
        "-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n-----END CERTIFICATE REQUEST-----\n",
        "-----BEGIN ",
        "-----",
        "-",
        "\n",
        "A",
        "0",
        "MIIEvQIBADANBgkqhkiG9w0BAQEFAASC",
        "MI",
        " MI",
        "BEGIN ",
        "BEGIN KEY",
        "---- END KEY \n",
        "> ",
        "0x3",
        "\\n",
    ];
    const STARTS: [&str; 3] = ["", "-----BEGIN PRIVATE KEY-----\n", "-----BEGIN X-----\n"];
    let time_for = |start: &str, piece: &str, len: usize| {
        let file = [start, &piece.repeat(len / piece.len())].concat();
        time_of(|| refuse_everywhere(file.as_bytes()))
    };
    for start in STARTS {
        for piece in PIECES {
            let (short, long) = (20_000, 400_000);
            let (quick, slow) = (time_for(start, piece, short), time_for(start, piece, long));
            // Twenty times the length: 400 times the time if it grew with the square.
            let floor = Duration::from_micros(50);
            assert!(
                slow <= quick.max(floor) * 100,
                "{start:?} {piece:?}: {quick:?} for {short} bytes, {slow:?} for {long}"
            );
        }
    }
}

#[test]
fn a_public_key_is_loaded_in_place_or_emptied() {
    let mut key = PublicKey::empty();
    key.load(&key_file("rsa2048.spki.pem")).unwrap();
    let expected = PublicKey::from_bytes(&key_file("rsa2048.spki.pem")).unwrap();
    let (mut found, mut wanted) = ([0; 256], [0; 256]);
    assert_eq!(
        key.write_modulus(&mut found).unwrap(),
        expected.write_modulus(&mut wanted).unwrap()
    );
    let error = key.load(b"no key").unwrap_err();
    assert_eq!(Err(error), PublicKey::from_bytes(b"no key").map(drop));
    assert_eq!(key.modulus_len(), 0, "nothing is left of the key before");
}

/// Keys are compared by their numbers, whatever file and kernel they came with.
#[test]
fn public_keys_are_equal_where_both_numbers_are() {
    let load = |numbers: &KeyNumbers| PublicKey::from_der(&numbers.spki_der()).unwrap();
    let good = good_numbers();
    let key = load(&good);
    let mut same = PublicKey::from_pem(&key_file("rsa2048.public-pkcs1.pem")).unwrap();
    assert!(same.use_kernel(Kernel::Portable));
    assert_eq!(key, same);
    let (mut other_n, mut other_e) = (good.clone(), good);
    other_n.n -= number(2);
    other_e.e += number(2);
    assert_ne!(key, load(&other_n));
    assert_ne!(key, load(&other_e));
    assert_ne!(key, PublicKey::empty());
}

#[test]
fn keys_show_their_size_and_no_number_but_e() {
    let private = PrivateKey::from_pem(&key_file("rsa3072.pkcs8.pem")).unwrap();
    assert_eq!(format!("{private:?}"), "PrivateKey { bits: 3072, .. }");
    let public = format!("{:?}", private.public_key());
    assert_eq!(public, "PublicKey { bits: 3072, e: 65537, .. }");
}
