//! All cases of `vectors/signing.json`: what must come out comes out, in every form the core offers.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use daxsign_core::{
    Certificate, Components, Error, HeaderField, HeaderSource, Headers, Options, Policy,
    PrivateKey, Profile, PublicKey, Request, RequestSigner, Sha256, Signer, SigningStream,
    Timestamp, Verifier, identify_key, signature_header_len, signing_digest, signing_string,
    signing_string_len, write_signature_header,
};
use daxsign_tests::cases::{self, Case, Good, KnownSignature};
use daxsign_tests::kernels::available_kernels;
use sha2::Digest;

const KEYS: [(&str, usize); 3] = [("rsa2048", 2048), ("rsa3072", 3072), ("rsa4096", 4096)];

/// The exact text that S-FORM asks for.
fn header_text(headers_parameter: &str, signature: &str) -> String {
    format!(
        "realm=\"dax\" algorithm=\"sha256withrsa\" headers=\"{headers_parameter}\" \
         signature=\"{signature}\""
    )
}

/// Runs `check` on every good case and makes sure that it ran as often as the file is long.
fn for_each_good(mut check: impl FnMut(&Case, &Good)) {
    let good = cases::good();
    for (case, result) in &good {
        eprintln!("case {}", case.name);
        check(case, result);
    }
    assert_eq!(good.len(), cases::GOOD, "the number of good cases");
}

/// As [`for_each_good`], for every known signature.
fn for_each_signature(mut check: impl FnMut(&Case, &Good, &KnownSignature)) {
    let mut count = 0;
    for_each_good(|case, good| {
        for signature in &good.signatures {
            check(case, good, signature);
            count += 1;
        }
    });
    assert_eq!(count, cases::SIGNATURES, "the number of signatures");
}

fn private_key(name: &str) -> PrivateKey {
    PrivateKey::from_bytes(&cases::key_file(&format!("{name}.pkcs1.pem"))).expect("a key")
}

fn public_key(name: &str) -> PublicKey {
    PublicKey::from_bytes(&cases::key_file(&format!("{name}.spki.pem"))).expect("a key")
}

#[test]
fn signing_strings() {
    for_each_good(|case, good| {
        let names = case.names();
        let components = Components::from_names(&names).unwrap();
        let fields = case.request.fields();
        let request = case.request.borrow(&fields);
        let options = Options::default();
        let expected = &good.signing_string;
        let mut out = vec![0; expected.len()];
        let string = signing_string(&request, &components, options, &mut out).unwrap();
        assert_eq!(string, expected);
        let len = signing_string_len(&request, &components, options).unwrap();
        assert_eq!(len, expected.len());
        let digest = signing_digest(&request, &components, Profile::Documented, options).unwrap();
        assert_eq!(digest.as_bytes().as_slice(), good.sha256);
        assert_eq!(Sha256::digest(expected).as_slice(), good.sha256);
        let digest = signing_digest(&request, &components, Profile::VendorSdk, options).unwrap();
        let twice = sha2::Sha256::digest(sha2::Sha256::digest(expected));
        assert_eq!(digest.as_bytes().as_slice(), twice.as_slice());
    });
}

/// Fields that are looked up one by one.
struct Table<'a>(&'a [HeaderField<'a>]);

impl HeaderSource for Table<'_> {
    fn get(&self, index: usize) -> Option<HeaderField<'_>> {
        self.0.get(index).copied()
    }
}

#[test]
fn fields_that_lie_elsewhere_give_the_same_string() {
    for_each_good(|case, good| {
        let names = case.names();
        let components = Components::from_names(&names).unwrap();
        let fields = case.request.fields();
        let table = Table(&fields);
        let request = Request {
            headers: Headers::Source(&table),
            ..case.request.borrow(&fields)
        };
        let mut out = vec![0; good.signing_string.len()];
        let string = signing_string(&request, &components, Options::default(), &mut out);
        assert_eq!(string.unwrap(), good.signing_string);
    });
}

#[test]
fn a_buffer_too_small_names_the_exact_size_and_holds_nothing() {
    for_each_good(|case, good| {
        let names = case.names();
        let components = Components::from_names(&names).unwrap();
        let fields = case.request.fields();
        let request = case.request.borrow(&fields);
        let needed = good.signing_string.len();
        for len in [0, 1, needed / 2, needed - 1] {
            let mut out = vec![0xAA; len];
            let result = signing_string(&request, &components, Options::default(), &mut out);
            assert_eq!(result, Err(Error::BufferTooSmall { needed }));
            assert!(out.iter().all(|byte| *byte == 0));
        }
    });
}

#[test]
fn a_body_in_pieces_gives_the_same_digest() {
    for_each_good(|case, good| {
        let names = case.names();
        let components = Components::from_names(&names).unwrap();
        let fields = case.request.fields();
        let head = case.request.borrow_head(&fields);
        let body = &case.request.body;
        let len = u64::try_from(body.len()).unwrap();
        for piece_len in [1, 2, 3, 7, 55, 56, 57, 63, 64, 65, 128, 1000, 65_536] {
            for known_len in [None, Some(len)] {
                let options = Options::default();
                let mut stream = SigningStream::new(&head, &components, options, known_len)
                    .unwrap_or_else(|error| panic!("{error}"));
                for piece in body.chunks(piece_len) {
                    stream.update(piece).unwrap();
                    stream.update(b"").unwrap();
                }
                let digest = stream.finish(Profile::Documented).unwrap();
                assert_eq!(digest.as_bytes().as_slice(), good.sha256);
            }
        }
    });
}

#[test]
fn the_headers_parameter_and_the_field() {
    for_each_signature(|case, good, known| {
        let names = case.names();
        let components = Components::from_names(&names).unwrap();
        let mut parameter = Vec::new();
        components.write_to(&mut |bytes: &[u8]| parameter.extend_from_slice(bytes));
        assert_eq!(parameter, good.headers_parameter.as_bytes());
        assert_eq!(components.encoded_len(), parameter.len());
        let signature = known.bytes();
        let expected = header_text(&good.headers_parameter, &known.base64);
        let needed = signature_header_len(signature.len() * 8, parameter.len());
        assert_eq!(needed, expected.len());
        let mut out = vec![0; needed];
        let text = write_signature_header(&components, &signature, &mut out).unwrap();
        assert_eq!(text, expected);
        let mut small = vec![0; needed - 1];
        let error = write_signature_header(&components, &signature, &mut small).unwrap_err();
        assert_eq!(error, Error::BufferTooSmall { needed });
        assert!(small.iter().all(|byte| *byte == 0));
    });
}

#[test]
fn a_list_as_one_text_is_the_same_list() {
    for_each_good(|case, good| {
        let text = case.components.join(" ");
        let components = Components::parse(&text).unwrap();
        let mut parameter = Vec::new();
        components.write_to(&mut |bytes: &[u8]| parameter.extend_from_slice(bytes));
        assert_eq!(parameter, good.headers_parameter.as_bytes());
    });
}

#[test]
fn every_signature_is_made_again() {
    let keys = KEYS.map(|(name, _)| (name, private_key(name)));
    for_each_signature(|case, good, known| {
        let (_, key) = keys.iter().find(|(name, _)| *name == known.key).unwrap();
        let names = case.names();
        let components = Components::from_names(&names).unwrap();
        let fields = case.request.fields();
        let request = case.request.borrow(&fields);
        let expected = header_text(&good.headers_parameter, &known.base64);
        let mut out = vec![0; expected.len()];
        let options = Options::default();
        let text = RequestSigner::new(key, known.profile)
            .components(components)
            .options(options)
            .sign(&request, &mut out)
            .unwrap();
        assert_eq!(text, expected);
        let mut small = vec![0xAA; expected.len() - 1];
        let result = RequestSigner::new(key, known.profile)
            .components(components)
            .options(options)
            .sign(&request, &mut small);
        let needed = expected.len();
        assert_eq!(result.unwrap_err(), Error::BufferTooSmall { needed });
        assert!(
            small.iter().all(|byte| *byte == 0),
            "no part of a signature is left"
        );
    });
}

/// The digest that is signed.
fn digest_of(good: &Good, profile: Profile) -> daxsign_core::Digest {
    let digest = match profile {
        Profile::VendorSdk => sha2::Sha256::digest(&good.sha256).to_vec(),
        Profile::Documented => good.sha256.clone(),
    };
    daxsign_core::Digest(digest.try_into().expect("32 bytes"))
}

#[test]
fn every_kernel_makes_and_verifies_every_signature() {
    for kernel in available_kernels() {
        let mut keys = KEYS.map(|(name, _)| (name, private_key(name), public_key(name)));
        for (_, key, public) in &mut keys {
            assert!(key.use_kernel(kernel) && public.use_kernel(kernel));
        }
        for_each_signature(|_, good, known| {
            let (_, key, public) = keys.iter().find(|(name, ..)| *name == known.key).unwrap();
            let digest = digest_of(good, known.profile);
            let mut signature = vec![0; key.modulus_len()];
            key.sign_digest(&digest, &mut signature).unwrap();
            assert_eq!(signature, known.bytes(), "{kernel:?}");
            public.verify_digest(&digest, &signature).unwrap();
        });
    }
}

#[test]
fn the_signatures_of_a_key_are_made_together() {
    let mut made = 0;
    for (name, _) in KEYS {
        let (mut digests, mut expected) = (Vec::new(), Vec::new());
        for_each_signature(|_, good, known| {
            if known.key == name {
                digests.push(digest_of(good, known.profile));
                expected.extend(known.bytes());
            }
        });
        let mut signatures = vec![0; expected.len()];
        let key = private_key(name);
        key.sign_batch(&digests, &mut signatures).unwrap();
        assert_eq!(signatures, expected, "{name}");
        made += digests.len();
        // Some keys have few.
        let len = key.modulus_len();
        let mut eight = vec![0; 8 * len];
        key.sign_batch(&[digests[0]; 8], &mut eight).unwrap();
        assert_eq!(eight, expected[..len].repeat(8), "{name}");
    }
    assert_eq!(made, cases::SIGNATURES);
}

#[test]
fn every_signature_verifies_under_its_profile_only() {
    let keys = KEYS.map(|(name, _)| (name, public_key(name)));
    for_each_signature(|case, good, known| {
        let (_, key) = keys.iter().find(|(name, _)| *name == known.key).unwrap();
        let header = header_text(&good.headers_parameter, &known.base64);
        let signed = case.request.clone().with_header("Signature", header);
        let fields = signed.fields();
        let request = signed.borrow(&fields);
        for profile in Profile::ALL {
            let verifier = Verifier::new(key, profile).policy(Policy::Interop);
            let result = verifier.verify(&request, date_of(case));
            if profile == known.profile {
                let proof = result.unwrap();
                assert_eq!(proof.date, date_of(case));
                assert_eq!(proof.string_hash.as_slice(), good.sha256);
                let covered = proof.components.iter().map(|c| c.to_string());
                let covered: Vec<_> = covered.collect();
                assert_eq!(covered.join(" "), good.headers_parameter);
            } else {
                assert_eq!(result.unwrap_err(), Error::SignatureMismatch);
            }
        }
    });
}

/// The date field's time, which the verifier is given as the present.
fn date_of(case: &Case) -> Timestamp {
    let is_date = |(name, _): &&(String, Vec<u8>)| name.eq_ignore_ascii_case("date");
    let (_, value) = case.request.headers.iter().find(is_date).unwrap();
    let text = std::str::from_utf8(value).unwrap();
    let (seconds, nanos) = daxsign_tests::model::date_seconds(text.trim()).unwrap();
    Timestamp::from_unix(seconds, nanos).unwrap()
}

#[test]
fn refused_cases_give_the_named_error() {
    let refused = cases::refused();
    for (case, expected) in &refused {
        let names = case.names();
        let fields = case.request.fields();
        let request = case.request.borrow(&fields);
        let mut out = vec![0xAA; 4096];
        let options = Options::default();
        let result = Components::from_names(&names)
            .and_then(|list| signing_string(&request, &list, options, &mut out));
        let error = result.expect_err(&case.name);
        assert_eq!(error.name(), expected, "case {}: {error}", case.name);
        let Ok(list) = Components::from_names(&names) else {
            continue;
        };
        assert!(out.iter().all(|byte| *byte == 0), "case {}", case.name);
        assert_eq!(signing_string_len(&request, &list, options), Err(error));
        let digest = signing_digest(&request, &list, Profile::Documented, options);
        assert_eq!(digest, Err(error), "case {}", case.name);
    }
    assert_eq!(refused.len(), cases::REFUSED, "the number of refused cases");
}

#[test]
fn refused_cases_are_not_signed() {
    let key = private_key("rsa2048");
    let mut signed = 0;
    for (case, expected) in cases::refused() {
        let names = case.names();
        let Ok(list) = Components::from_names(&names) else {
            continue;
        };
        let fields = case.request.fields();
        let request = case.request.borrow(&fields);
        let mut out = vec![0xAA; 4096];
        let options = Options::default();
        let result = RequestSigner::new(&key, Profile::Documented)
            .components(list)
            .options(options)
            .sign(&request, &mut out);
        assert_eq!(result.unwrap_err().name(), expected, "case {}", case.name);
        assert!(
            out.iter().all(|byte| *byte == 0),
            "case {}: output",
            case.name
        );
        signed += 1;
    }
    // All but the six that have no valid list.
    assert_eq!(signed, cases::REFUSED - 6);
}

#[test]
fn every_key_file_loads_and_agrees() {
    let mut files = 0;
    for (name, bits) in KEYS {
        let spki = public_key(name);
        assert_eq!(spki.modulus_bits(), bits);
        assert_eq!(spki.modulus_len(), bits / 8);
        assert_eq!(spki.exponent(), 65_537);
        let modulus = modulus(&spki);
        for form in ["spki", "public-pkcs1"] {
            for encoding in ["pem", "der"] {
                let bytes = cases::key_file(&format!("{name}.{form}.{encoding}"));
                let key = PublicKey::from_bytes(&bytes).unwrap();
                assert_eq!(
                    (self::modulus(&key), key.exponent()),
                    (modulus.clone(), 65_537)
                );
                assert!(!identify_key(&bytes).unwrap().0.is_private());
                assert_eq!(
                    PrivateKey::from_bytes(&bytes).unwrap_err().name(),
                    "unsupported-key"
                );
                Certificate::from_bytes(&bytes).unwrap_err();
                files += 1;
            }
        }
        for form in ["pkcs1", "pkcs8"] {
            for encoding in ["pem", "der"] {
                let bytes = cases::key_file(&format!("{name}.{form}.{encoding}"));
                let key = PrivateKey::from_bytes(&bytes).unwrap();
                assert_eq!(self::modulus(key.public_key()), modulus);
                assert!(identify_key(&bytes).unwrap().0.is_private());
                assert_eq!(
                    PublicKey::from_bytes(&bytes).unwrap_err().name(),
                    "unsupported-key"
                );
                files += 1;
            }
        }
    }
    assert_eq!(files, 24, "every file of vectors/keys");
}

fn modulus(key: &PublicKey) -> Vec<u8> {
    let mut out = vec![0; key.modulus_len()];
    key.write_modulus(&mut out).unwrap().to_vec()
}

/// The known base64 is what an independent encoder writes, so comparing text compares bytes.
#[test]
fn the_known_signatures_are_canonical_base64() {
    for_each_signature(|_, _, known| {
        assert_eq!(BASE64_STANDARD.encode(known.bytes()), known.base64);
    });
}
