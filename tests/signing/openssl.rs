//! OpenSSL's command line as the other side: its signatures verify here, ours there, and its key
//! files and certificates are read as it reads them.

use std::path::Path;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use daxsign_core::{
    Certificate, Components, Digest, Error, KeyKind, KeyProblem, Options, Policy, PrivateKey,
    Profile, PublicKey, RequestSigner, SignatureHeader, Signer, Timestamp, Verifier, identify_key,
    signing_string, write_signature_header,
};
use daxsign_tests::lowercase_hex;
use daxsign_tests::openssl::OpenSsl;
use daxsign_tests::request::{OwnedRequest, example_post};
use sha2::Digest as _;

const LIST: &str = "(request-target) host cache-control content-length date";
/// The time of the example's date.
const NOW: i64 = 1_589_719_470;

fn now() -> Timestamp {
    Timestamp::from_unix(NOW, 0).unwrap()
}

/// What OpenSSL signs as a message for a profile: `openssl dgst -sha256` hashes once itself.
fn message(request: &OwnedRequest, profile: Profile) -> Vec<u8> {
    let fields = request.fields();
    let components = Components::parse(LIST).unwrap();
    let mut out = vec![0; 1024];
    let request = request.borrow(&fields);
    let string = signing_string(&request, &components, Options::default(), &mut out).unwrap();
    match profile {
        Profile::Documented => string.to_vec(),
        Profile::VendorSdk => sha2::Sha256::digest(string).to_vec(),
    }
}

fn make_key(openssl: &OpenSsl, bits: u32) {
    openssl.run(&format!("genrsa -out key.pem {bits}"));
    openssl.run("pkey -in key.pem -pubout -out public.pem");
}

#[test]
fn its_signatures_verify_here() {
    let openssl = OpenSsl::default();
    for bits in [2048, 3072, 4096] {
        make_key(&openssl, bits);
        let key = PublicKey::from_bytes(&openssl.read("public.pem")).unwrap();
        for profile in Profile::ALL {
            let request = example_post();
            let signature = openssl.sign(Path::new("key.pem"), &message(&request, profile));
            let components = Components::parse(LIST).unwrap();
            let mut out = vec![0; 1024];
            let field = write_signature_header(&components, &signature, &mut out).unwrap();
            let signed = request.with_header("Signature", field);
            let fields = signed.fields();
            let verifier = Verifier::new(&key, profile).policy(Policy::Strict);
            verifier.verify(&signed.borrow(&fields), now()).unwrap();
        }
    }
}

#[test]
fn our_signatures_verify_there() {
    let openssl = OpenSsl::default();
    for bits in [2048, 3072, 4096] {
        make_key(&openssl, bits);
        let key = PrivateKey::from_bytes(&openssl.read("key.pem")).unwrap();
        for profile in Profile::ALL {
            let request = example_post();
            let fields = request.fields();
            let components = Components::parse(LIST).unwrap();
            let mut out = vec![0; 1024];
            let options = Options::default();
            let borrowed = request.borrow(&fields);
            let field = RequestSigner::new(&key, profile)
                .components(components)
                .options(options)
                .sign(&borrowed, &mut out)
                .unwrap();
            let header = SignatureHeader::parse(field).unwrap();
            let signature = BASE64_STANDARD.decode(header.signature_base64()).unwrap();
            let public = Path::new("public.pem");
            let message = message(&request, profile);
            assert!(openssl.verifies(public, &message, &signature));
            let tampered = [message.as_slice(), b"\n"].concat();
            assert!(!openssl.verifies(public, &tampered, &signature));
        }
    }
}

/// One signature in both directions shows that a private key was read right.
fn assert_signs_like_openssl(openssl: &OpenSsl, file: &str) {
    let key = PrivateKey::from_bytes(&openssl.read(file)).unwrap();
    let mut signature = vec![0; key.modulus_len()];
    let digest = Digest(sha2::Sha256::digest(b"message").into());
    key.sign_digest(&digest, &mut signature).unwrap();
    assert_eq!(
        signature,
        openssl.sign(Path::new(file), b"message"),
        "{file}"
    );
}

#[test]
fn its_private_key_files_load() {
    let openssl = OpenSsl::default();
    let commands = [
        ("genrsa -traditional -out key 2048", KeyKind::Pkcs1Private),
        ("genrsa -out key 2048", KeyKind::Pkcs8Private),
        ("genrsa -3 -out key 2048", KeyKind::Pkcs8Private),
        (
            "genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2056 -out key",
            KeyKind::Pkcs8Private,
        ),
        (
            "genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -pkeyopt rsa_keygen_pubexp:4294967291 -out key",
            KeyKind::Pkcs8Private,
        ),
        ("rsa -in key -traditional -out key", KeyKind::Pkcs1Private),
        (
            "rsa -in key -traditional -outform DER -out der",
            KeyKind::Pkcs1Private,
        ),
        (
            "pkcs8 -topk8 -nocrypt -in key -outform DER -out der",
            KeyKind::Pkcs8Private,
        ),
    ];
    for (command, kind) in commands {
        openssl.run(command);
        let (_, file) = command.rsplit_once("-out ").unwrap();
        let file = file.split(' ').next().unwrap();
        assert_eq!(
            identify_key(&openssl.read(file)).unwrap().0,
            kind,
            "{command}"
        );
        assert_signs_like_openssl(&openssl, file);
    }
}

#[test]
fn its_public_key_files_load() {
    let openssl = OpenSsl::default();
    make_key(&openssl, 2048);
    openssl.run("req -x509 -key key.pem -subj /CN=test -days 30 -out certificate.pem");
    let expected = PublicKey::from_bytes(&openssl.read("public.pem")).unwrap();
    let commands = [
        ("rsa -in key.pem -pubout", KeyKind::Spki),
        ("rsa -in key.pem -RSAPublicKey_out", KeyKind::Pkcs1Public),
        ("x509 -in certificate.pem", KeyKind::Certificate),
    ];
    for (command, kind) in commands {
        for format in ["PEM", "DER"] {
            openssl.run(&format!("{command} -outform {format} -out out"));
            let file = openssl.read("out");
            assert_eq!(identify_key(&file).unwrap().0, kind, "{command}");
            assert_eq!(PublicKey::from_bytes(&file).unwrap(), expected, "{command}");
        }
    }
    // With everything that OpenSSL can print around it.
    openssl.run("x509 -in certificate.pem -text -out out");
    assert_eq!(
        PublicKey::from_bytes(&openssl.read("out")).unwrap(),
        expected
    );
    let modulus = String::from_utf8(openssl.run("rsa -in key.pem -modulus -noout")).unwrap();
    let mut out = [0; 256];
    let hex = lowercase_hex(expected.write_modulus(&mut out).unwrap()).to_uppercase();
    assert_eq!(modulus.trim(), format!("Modulus={hex}"));
}

#[test]
fn small_keys_are_refused() {
    let openssl = OpenSsl::default();
    openssl.run("genrsa -out key.pem 1024");
    openssl.run("pkey -in key.pem -pubout -out public.pem");
    let too_small = Error::KeyTooSmall { bits: 1024 };
    assert_eq!(
        PrivateKey::from_bytes(&openssl.read("key.pem")).unwrap_err(),
        too_small
    );
    assert_eq!(
        PublicKey::from_bytes(&openssl.read("public.pem")).unwrap_err(),
        too_small
    );
}

/// `notBefore=2020-05-17 12:44:30Z` as seconds since 1970, read by the `time` crate.
fn seconds(dates: &str, name: &str) -> i64 {
    let format = time::macros::format_description!(
        version = 2,
        "[year]-[month]-[day] [hour]:[minute]:[second]Z"
    );
    let line = dates
        .lines()
        .find_map(|line| line.strip_prefix(name))
        .unwrap();
    let date = time::PrimitiveDateTime::parse(line.trim_start_matches('='), format).unwrap();
    date.assume_utc().unix_timestamp()
}

#[test]
fn a_certificates_validity_is_what_it_says() {
    let openssl = OpenSsl::default();
    make_key(&openssl, 2048);
    openssl.run("req -new -key key.pem -subj /CN=test -out request.pem");
    openssl.write("index.txt", "");
    let config = "[ca]\ndefault_ca=a\n[a]\ndatabase=index.txt\nnew_certs_dir=.\nrand_serial=yes\n\
                  default_md=sha256\npolicy=p\nunique_subject=no\n[p]\ncommonName=supplied\n";
    openssl.write("config", config);
    // Both sides of 2050, where the certificate's date format changes, and the ends.
    let ranges = [
        ("19500101000000Z", "19691231235959Z"),
        ("20000229120000Z", "20491231235959Z"),
        ("20491231235959Z", "20500101000000Z"),
        ("20200517124430Z", "99991231235959Z"),
    ];
    for (start, end) in ranges {
        openssl.run(&format!(
            "ca -batch -config config -selfsign -keyfile key.pem -in request.pem -startdate {start} \
             -enddate {end} -notext -out certificate.pem"
        ));
        let dates = openssl.run("x509 -in certificate.pem -noout -dates -dateopt iso_8601");
        let dates = String::from_utf8(dates).unwrap();
        for format in ["PEM", "DER"] {
            openssl.run(&format!(
                "x509 -in certificate.pem -outform {format} -out out"
            ));
            let certificate = Certificate::from_bytes(&openssl.read("out")).unwrap();
            assert_eq!(
                certificate.not_before().seconds(),
                seconds(&dates, "notBefore")
            );
            assert_eq!(
                certificate.not_after().seconds(),
                seconds(&dates, "notAfter")
            );
            let key = PublicKey::from_bytes(&openssl.read("public.pem")).unwrap();
            assert_eq!(*certificate.public_key(), key);
        }
    }
}

#[test]
fn a_certificate_with_another_key_is_unsupported() {
    let openssl = OpenSsl::default();
    openssl.run("ecparam -name prime256v1 -genkey -noout -out key.pem");
    openssl.run("req -x509 -key key.pem -subj /CN=test -out certificate.pem");
    let error = Certificate::from_bytes(&openssl.read("certificate.pem")).unwrap_err();
    assert_eq!(error.name(), "unsupported-key");
    assert!(error.to_string().contains("elliptic curve"), "{error}");
}

/// Every character of a time that is none of a time's, in both formats.
#[test]
fn a_certificate_with_a_wrong_time_is_refused() {
    let openssl = OpenSsl::default();
    make_key(&openssl, 2048);
    // notAfter before 2050 has two digits for the year, after that four.
    let mut refused = 0;
    for (days, len) in [(365, 13), (365 * 60, 15)] {
        openssl.run(&format!(
            "req -x509 -key key.pem -subj /CN=test -days {days} -outform DER -out certificate"
        ));
        let bytes = openssl.read("certificate");
        Certificate::from_bytes(&bytes).unwrap();
        let is_time = |text: &[u8]| matches!(text, [digits @ .., b'Z'] if digits.iter().all(u8::is_ascii_digit));
        let start = bytes.windows(len).rposition(is_time).expect("notAfter");
        for place in start..start + len {
            for wrong in [b'/', b':', b'x', b' ', b'Z', b'0'] {
                let mut changed = bytes.clone();
                // A zero is a digit: only where the Z stands is it none.
                if changed[place] == wrong || (wrong == b'0' && place + 1 < start + len) {
                    continue;
                }
                changed[place] = wrong;
                let error = Certificate::from_bytes(&changed).unwrap_err();
                let problem = KeyProblem::Validity;
                assert_eq!(error, Error::InvalidKey { problem }, "{place} {wrong}");
                refused += 1;
            }
        }
    }
    assert_eq!(refused, (13 + 15) * 5);
}

#[test]
fn a_certificate_cut_off_or_changed_makes_no_trouble() {
    let openssl = OpenSsl::default();
    make_key(&openssl, 2048);
    openssl.run("req -x509 -key key.pem -subj /CN=test -outform DER -out certificate");
    let bytes = openssl.read("certificate");
    Certificate::from_bytes(&bytes).unwrap();
    for len in 0..bytes.len() {
        Certificate::from_bytes(&bytes[..len]).expect_err("a certificate that is cut off");
    }
    for more in [&[0][..], b"\n"] {
        let longer = [bytes.as_slice(), more].concat();
        Certificate::from_bytes(&longer).expect_err("bytes behind the certificate");
    }
    // What follows the key (extensions, signature) is not judged; nothing may panic.
    for place in 0..bytes.len() {
        let mut changed = bytes.clone();
        changed[place] ^= 0x55;
        let _ = Certificate::from_bytes(&changed);
    }
}
