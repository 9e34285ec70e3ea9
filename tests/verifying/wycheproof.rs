//! Project Wycheproof's vectors for PKCS#1 v1.5 with SHA-256, on every kernel that this machine
//! can run.

use daxsign_core::{EncodingProblem, Error, PublicKey, Signer};
use daxsign_tests::public_vectors::{
    digest, hex_member, private_for_each_kernel, public_for_each_kernel, text_member, wycheproof,
};
use serde_json::Value;

/// What Wycheproof says of a case.
#[derive(Debug, Default, PartialEq, Eq)]
struct Counts {
    valid: usize,
    invalid: usize,
    acceptable: usize,
}

impl Counts {
    fn total(&self) -> usize {
        self.valid + self.invalid + self.acceptable
    }
}

fn tests(group: &Value) -> &[Value] {
    group["tests"].as_array().expect("tests")
}

/// The key of a group, which stands there in three forms.
fn public_key(group: &Value) -> PublicKey {
    let key = PublicKey::from_bytes(text_member(group, "publicKeyPem").as_bytes()).unwrap();
    for name in ["publicKeyDer", "publicKeyAsn"] {
        let other = PublicKey::from_bytes(&hex_member(group, name)).unwrap();
        assert_eq!(other, key, "{name}");
    }
    key
}

/// V-SIG: the expected encoding is built and compared whole. So the one thing that Wycheproof
/// leaves open, a DigestInfo without its NULL, is refused too.
fn check_verify(test: &Value, keys: &[PublicKey], counts: &mut Counts) {
    let (message, signature) = (hex_member(test, "msg"), hex_member(test, "sig"));
    for key in keys {
        let verdict = key.verify_digest(&digest(&message), &signature);
        let expected = match text_member(test, "result") {
            "valid" => Ok(()),
            _ if signature.len() != key.modulus_len() => Err(Error::InvalidSignatureEncoding {
                expected: key.modulus_len(),
                found: signature.len(),
                problem: EncodingProblem::Bytes,
            }),
            _ => Err(Error::SignatureMismatch),
        };
        assert_eq!(verdict, expected, "{} {test}", key.kernel().name());
    }
    match text_member(test, "result") {
        "valid" => counts.valid += 1,
        "invalid" => counts.invalid += 1,
        "acceptable" => {
            counts.acceptable += 1;
            assert_eq!(test["flags"], serde_json::json!(["MissingNull"]));
        }
        other => panic!("{other}: unknown to this test"),
    }
}

#[test]
fn signatures_are_judged_as_wycheproof_says() {
    let mut counts = Counts::default();
    for bits in [2048, 3072, 4096] {
        for group in wycheproof(&format!("rsa_signature_{bits}_sha256_test.json")) {
            let key = public_key(&group);
            assert_eq!(key.modulus_bits(), bits);
            let keys = public_for_each_kernel(&key);
            for test in tests(&group) {
                check_verify(test, &keys, &mut counts);
            }
        }
    }
    let expected = Counts {
        valid: 24,
        invalid: 749,
        acceptable: 3,
    };
    assert_eq!(counts, expected);
    assert_eq!(counts.total(), 776);
}

/// Keys with e = 3, which Wycheproof calls acceptable only for their exponent, sign too: one whose
/// signature starts with zeros and one whose signature is close to n.
#[test]
fn signatures_are_made_as_wycheproof_has_them() {
    let mut counts = Counts::default();
    for bits in [2048, 3072, 4096] {
        for group in wycheproof(&format!("rsa_pkcs1_{bits}_sig_gen_test.json")) {
            let mut keys = private_for_each_kernel(text_member(&group, "privateKeyPem").as_bytes());
            keys.extend(private_for_each_kernel(&hex_member(
                &group,
                "privateKeyPkcs8",
            )));
            for test in tests(&group) {
                let (message, expected) = (hex_member(test, "msg"), hex_member(test, "sig"));
                for key in &keys {
                    let mut signature = vec![0; key.modulus_len()];
                    key.sign_digest(&digest(&message), &mut signature).unwrap();
                    assert_eq!(signature, expected, "{test}");
                }
                if text_member(test, "result") == "valid" {
                    counts.valid += 1;
                } else {
                    counts.acceptable += 1;
                    assert_eq!(test["flags"], serde_json::json!(["SmallPublicKey"]));
                }
            }
        }
    }
    let expected = Counts {
        valid: 24,
        invalid: 0,
        acceptable: 3,
    };
    assert_eq!(counts, expected);
    assert_eq!(counts.total(), 27);
}
