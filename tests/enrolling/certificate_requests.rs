//! Requests for certificates: the bytes are OpenSSL's but for the signature, which OpenSSL accepts, and
//! what cannot stand in one is refused by its field.

use daxsign_core::{
    CertificateRequest, DaxNames, Digest, EnrolError, Error, FieldProblem, KeyEncoding,
    ObjectIdentifier, PrivateKey, PublicKey, RequestField, Signer,
};
use daxsign_tests::cases::{key_file, key_path};
use daxsign_tests::openssl::OpenSsl;
use daxsign_tests::rsa_keys::seeded_rng;
use rand::RngExt;
use rand::rngs::ChaCha8Rng;

const INSTANCE: &str = "01234567-89AB-cdef-0123-456789ABCDEF";
const PARTNER: &str = "7f8c2b1a-0000-4000-8000-00000000abcd";

const NAMES: DaxNames<'_> = DaxNames {
    instance_id: INSTANCE,
    partner_id: PARTNER,
    environment: DaxNames::PRODUCTION,
    country: "SE",
    locality: "Gothenburg",
    organization: "Partner Name",
    unit: "IS/IT",
};

fn key(name: &str) -> PrivateKey {
    PrivateKey::from_bytes(&key_file(name)).expect("a key")
}

fn written(
    request: &CertificateRequest<'_>,
    signer: &PrivateKey,
    encoding: KeyEncoding,
) -> Vec<u8> {
    let len = request.encoded_len(encoding);
    let mut buffer = vec![0xAA; len + 7];
    let bytes = request
        .write(signer, encoding, &mut buffer)
        .expect("a request");
    assert_eq!(bytes.len(), len, "the size told before");
    bytes.to_vec()
}

/// DAX's `request.conf`, with the values where the text has its variables.
fn request_conf(names: &DaxNames<'_>) -> String {
    let quoted = |text: &str| {
        let escaped = text.replace('\\', "\\\\").replace('"', "\\\"");
        format!("\"{}\"", escaped.replace('$', "\\$"))
    };
    let host = |id: &str, role: &str| {
        let environment = names.environment;
        format!("{}.{role}.{environment}.dax.amido.io", id.to_lowercase())
    };
    let instance = host(names.instance_id, "instance");
    let partner = host(names.partner_id, "partner");
    format!(
        "[ dn ]\nC = {}\nL = {}\nO = {}\nOU = {}\nCN = {instance}\n\
         [ req ]\ndistinguished_name = dn\nreq_extensions = req_ext\nprompt = no\n\
         [ req_ext ]\nsubjectAltName = DNS:{instance},DNS:{partner}\n",
        names.country,
        quoted(names.locality),
        quoted(names.organization),
        quoted(names.unit),
    )
}

fn oid(text: &str) -> ObjectIdentifier {
    ObjectIdentifier::parse(text).expect("an object identifier")
}

/// What OpenSSL makes of a configuration, in DER.
fn by_openssl(openssl: &OpenSsl, configuration: &str, key: &str) -> Vec<u8> {
    openssl.write("request.conf", configuration);
    let key = key_path(key);
    openssl.run(&format!(
        "req -new -utf8 -sha256 -config request.conf -key {} -outform DER",
        key.display()
    ))
}

/// Fails unless OpenSSL finds the request signed by the key in it.
fn assert_accepted(openssl: &OpenSsl, request: &[u8], form: &str) {
    openssl.write("request", request);
    let output = openssl.try_run(&format!("req -verify -noout -in request -inform {form}"));
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success() && said.contains("verify OK"),
        "{said}"
    );
}

/// Fails unless both are the same up to the signature, which stands at the end.
fn assert_alike(ours: &[u8], theirs: &[u8], signature_len: usize) {
    let signed = ours.len() - signature_len;
    assert_eq!(ours.len(), theirs.len());
    assert!(ours[..signed] == theirs[..signed], "not OpenSSL's bytes");
}

/// The key signs with a padding that has no randomness in it, so even the signature is the same.
#[test]
fn a_request_to_dax_is_openssls_to_the_byte() {
    let openssl = OpenSsl::default();
    for (file, bits, len) in [
        ("rsa2048.pkcs1.pem", 2048, 897),
        ("rsa3072.pkcs8.pem", 3072, 1153),
        ("rsa4096.pkcs1.pem", 4096, 1409),
    ] {
        let key = key(file);
        let request = CertificateRequest::dax(key.public_key(), &NAMES).unwrap();
        let ours = written(&request, &key, KeyEncoding::Der);
        let theirs = by_openssl(&openssl, &request_conf(&NAMES), file);
        assert_eq!(theirs.len(), len, "{file}");
        assert_alike(&ours, &theirs, bits / 8);
        assert!(ours == theirs, "{file}: another signature");
        assert_accepted(&openssl, &ours, "DER");

        let pem = written(&request, &key, KeyEncoding::Pem);
        openssl.write("request", &ours);
        let theirs = openssl.run("req -in request -inform DER");
        assert_eq!(
            String::from_utf8_lossy(&pem),
            String::from_utf8_lossy(&theirs)
        );
        assert_accepted(&openssl, &pem, "PEM");
    }
}

/// Text of `len` characters for a field, which neither OpenSSL's configuration nor the core cuts.
fn made_up_text(rng: &mut ChaCha8Rng, len: usize) -> String {
    const CHARS: &str = "abcXYZ019 åÄößé漢字я🔑'()+,-./:=?@&%#$\\\"<>;*_|~^`!{}[]";
    let chars: Vec<char> = CHARS.chars().collect();
    let mut text: String = (0..len)
        .map(|_| chars[rng.random_range(0..chars.len())])
        .collect();
    // OpenSSL trims what is not quoted, and some versions what is.
    if text.starts_with(' ') || text.ends_with(' ') {
        text = format!("x{}y", &text.trim()).chars().take(len).collect();
    }
    text
}

fn made_up_guid(rng: &mut ChaCha8Rng) -> String {
    let digits: String = (0..32)
        .map(|_| {
            let digits = b"0123456789abcdefABCDEF";
            char::from(digits[rng.random_range(0..digits.len())])
        })
        .collect();
    let parts = [
        &digits[..8],
        &digits[8..12],
        &digits[12..16],
        &digits[16..20],
        &digits[20..],
    ];
    parts.join("-")
}

#[test]
fn names_of_every_length_and_script_are_openssls() {
    let openssl = OpenSsl::default();
    let key = key("rsa2048.pkcs1.pem");
    let mut rng = seeded_rng(17);
    let mut cases = 0;
    for round in 0..60 {
        // All lengths of each field come up, its longest one too.
        let lens = [1 + round * 128 / 60, 1 + round * 64 / 60, 64 - round];
        let texts = lens.map(|len| made_up_text(&mut rng, len.clamp(1, 128)));
        let (instance, partner) = (made_up_guid(&mut rng), made_up_guid(&mut rng));
        let names = DaxNames {
            instance_id: &instance,
            partner_id: &partner,
            environment: ["prod", "stage", "t-1", "A"][round % 4],
            country: ["SE", "NO", "US", "XK"][round % 4],
            locality: &texts[0],
            organization: &texts[1],
            unit: &texts[2],
        };
        let request = CertificateRequest::dax(key.public_key(), &names);
        let request = request.unwrap_or_else(|error| panic!("{names:?}: {error}"));
        let ours = written(&request, &key, KeyEncoding::Der);
        let theirs = by_openssl(&openssl, &request_conf(&names), "rsa2048.pkcs1.pem");
        assert!(ours == theirs, "{names:?}");
        cases += 1;
    }
    assert_eq!(cases, 60);
}

/// The names of an Open Banking client, with the string types that they have there, and some more.
#[test]
fn names_by_their_object_identifiers_are_openssls() {
    let openssl = OpenSsl::default();
    let names = [
        ("businessCategory", "2.5.4.15", "Third Party Provider 1"),
        ("jurisdictionC", "1.3.6.1.4.1.311.60.2.1.3", "US"),
        ("serialNumber", "2.5.4.5", "18505934000140"),
        ("C", "2.5.4.6", "US"),
        ("O", "2.5.4.10", "AXWAY"),
        ("ST", "2.5.4.8", "Arizona"),
        ("L", "2.5.4.7", "Phoenix"),
        ("OU", "2.5.4.11", "00000000-0000-0000-0000-000000000002"),
        (
            "UID",
            "0.9.2342.19200300.100.1.1",
            "00000000-0000-0000-0000-000000000002",
        ),
        ("title", "2.5.4.12", "Überprüfer"),
        ("DC", "0.9.2342.19200300.100.1.25", "example"),
        ("emailAddress", "1.2.840.113549.1.9.1", "a@example.org"),
        ("dnQualifier", "2.5.4.46", "1-2"),
        (
            // OpenSSL drops what stands before the first point.
            "0.1.3.6.1.4.1.99999.4294967296.7",
            "1.3.6.1.4.1.99999.4294967296.7",
            "mine",
        ),
        ("0.2.999.3", "2.999.3", "arc"),
        ("CN", "2.5.4.3", "tpp1.demo.axway.com"),
    ];
    let key = key("rsa2048.pkcs1.pem");
    // As many as are held, so that the writer's room for lengths is used up.
    let hosts = ["*", "a", "b", "c", "d", "e", "f", "g"].map(|name| format!("{name}.example.org"));
    let oids = names.map(|(_, text, _)| oid(text));
    for (oid, (_, text, _)) in oids.iter().zip(names) {
        assert_eq!(oid.to_string(), text);
    }
    let mut request = CertificateRequest::new(key.public_key());
    for (oid, (_, _, value)) in oids.iter().zip(names) {
        request.add_name(oid, value).unwrap();
    }
    for name in &hosts {
        request.add_dns_name(name).unwrap();
    }
    let lines: String = names
        .map(|(name, _, value)| format!("{name} = {value}\n"))
        .concat();
    let alternatives = hosts.each_ref().map(|name| format!("DNS:{name}")).join(",");
    let configuration = format!(
        "[req]\nprompt = no\nstring_mask = utf8only\ndistinguished_name = dn\nreq_extensions = ext\n\
         [dn]\n{lines}[ext]\nsubjectAltName = {alternatives}\n"
    );
    let ours = written(&request, &key, KeyEncoding::Der);
    let theirs = by_openssl(&openssl, &configuration, "rsa2048.pkcs1.pem");
    assert!(ours == theirs, "not OpenSSL's bytes");
    assert!(
        request.add_name(&oids[0], "one more").is_err(),
        "16 are held"
    );
    assert!(request.add_dns_name("h.example.org").is_err(), "8 are held");
}

/// Without names and without a subjectAltName, as far as OpenSSL makes one.
#[test]
fn a_request_without_a_subject_alt_name_is_openssls() {
    let openssl = OpenSsl::default();
    let key = key("rsa2048.pkcs1.pem");
    let common_name = oid("2.5.4.3");
    let mut request = CertificateRequest::new(key.public_key());
    request.add_name(&common_name, "x").unwrap();
    let configuration = "[req]\nprompt = no\ndistinguished_name = dn\n[dn]\nCN = x\n";
    let theirs = by_openssl(&openssl, configuration, "rsa2048.pkcs1.pem");
    assert!(written(&request, &key, KeyEncoding::Der) == theirs);
    let bare = CertificateRequest::new(key.public_key());
    assert_accepted(&openssl, &written(&bare, &key, KeyEncoding::Der), "DER");
}

fn refusal(change: impl FnOnce(&mut DaxNames<'static>)) -> EnrolError {
    let mut names = NAMES;
    change(&mut names);
    let key = key("rsa2048.pkcs1.pem");
    CertificateRequest::dax(key.public_key(), &names).expect_err("refused")
}

fn field(field: RequestField, problem: FieldProblem) -> EnrolError {
    EnrolError::InvalidField { field, problem }
}

/// The longest name that a place and its like may have, and one more character.
const LONG: &str = "ååååååååååååååååååååååååååååååååååååååååååååååååååååååååååååååååå";

#[test]
fn what_cannot_stand_in_a_request_is_refused_by_its_field() {
    use FieldProblem::{ControlCharacter, Empty, NotACountry, NotADnsName, NotAGuid, TooLong};
    use RequestField::{
        CommonName, Country, Environment, InstanceId, Locality, Organization, PartnerId, Unit,
    };
    assert_eq!(LONG.chars().count(), 65);
    let cases: [(EnrolError, EnrolError); 14] = [
        (
            refusal(|names| names.instance_id = "{01234567-89ab-cdef-0123-456789abcdef}"),
            field(InstanceId, NotAGuid { offset: 0 }),
        ),
        (
            refusal(|names| names.instance_id = "0123456789abcdef0123456789abcdef"),
            field(InstanceId, NotAGuid { offset: 8 }),
        ),
        (
            refusal(|names| names.partner_id = "01234567-89ab-cdef-0123-456789abcdeg"),
            field(PartnerId, NotAGuid { offset: 35 }),
        ),
        (
            refusal(|names| names.partner_id = "01234567-89ab-cdef-0123-456789abcdef0"),
            field(PartnerId, NotAGuid { offset: 36 }),
        ),
        (
            refusal(|names| names.partner_id = ""),
            field(PartnerId, NotAGuid { offset: 0 }),
        ),
        (
            refusal(|names| names.environment = "sandbox"),
            field(CommonName, TooLong { len: 66, max: 64 }),
        ),
        (
            refusal(|names| names.environment = "a b"),
            field(Environment, NotADnsName { offset: 1 }),
        ),
        (
            refusal(|names| names.environment = ""),
            field(Environment, NotADnsName { offset: 0 }),
        ),
        (
            refusal(|names| names.country = "Sweden"),
            field(Country, NotACountry),
        ),
        (
            refusal(|names| names.country = "se"),
            field(Country, NotACountry),
        ),
        (refusal(|names| names.locality = ""), field(Locality, Empty)),
        (
            refusal(|names| names.organization = LONG),
            field(Organization, TooLong { len: 65, max: 64 }),
        ),
        (
            refusal(|names| names.unit = LONG),
            field(Unit, TooLong { len: 65, max: 64 }),
        ),
        (
            refusal(|names| names.unit = "å\nO=x"),
            field(Unit, ControlCharacter { offset: 2 }),
        ),
    ];
    for (found, expected) in cases {
        assert_eq!(found, expected);
        assert_eq!(found.name(), "invalid-field");
    }
    assert_eq!(
        refusal(|names| names.environment = "sandbox").to_string(),
        "the common name (CN) cannot be used: it has 66 characters and 64 are allowed (RFC 5280): \
         shorten it, or what it is made of"
    );
}

#[test]
fn names_that_their_type_cannot_hold_are_refused() {
    let long = [
        "a".repeat(63),
        "b".repeat(63),
        "c".repeat(63),
        "d".repeat(63),
    ]
    .join(".");
    let key = key("rsa2048.pkcs1.pem");
    let mut request = CertificateRequest::new(key.public_key());
    let add = |text, value| {
        let (oid, key) = (oid(text), key.public_key());
        let mut request = CertificateRequest::new(key);
        match request.add_name(&oid, value).expect_err("refused") {
            EnrolError::InvalidField { problem, .. } => problem,
            other => panic!("{other}"),
        }
    };
    assert_eq!(
        add("2.5.4.5", "12_3"),
        FieldProblem::NotPrintable { offset: 2 }
    );
    assert_eq!(
        add("1.2.840.113549.1.9.1", "ö@x"),
        FieldProblem::NotAscii { offset: 0 }
    );
    assert_eq!(
        add("1.3.6.1.4.1.311.60.2.1.3", "U"),
        FieldProblem::NotACountry
    );
    for oid in [
        "", "2", "2.", "3.1", "1.40", "2.5.04.3", "CN", "2.5.4.-3", "2.5.4.3 ",
    ] {
        assert_eq!(ObjectIdentifier::parse(oid), None, "{oid}");
    }
    let numbers = "1.18446744073709551615.".to_owned() + &["18446744073709551615"; 3].join(".");
    assert_eq!(
        ObjectIdentifier::parse(&numbers),
        None,
        "the second number has its bound"
    );
    for name in [
        "", ".", "a..b", "-a.b", "a-.b", "a_b", "a.*", "*", "ö.se", "a.b.",
    ] {
        assert!(request.add_dns_name(name).is_err(), "{name}");
    }
    assert!(request.add_dns_name(&long[..253]).is_ok());
    assert!(request.add_dns_name(&long).is_err(), "255 characters");
}

#[test]
fn the_size_is_exact_and_nothing_stays_behind_an_error() {
    let (key, other) = (key("rsa2048.pkcs1.pem"), key("rsa3072.pkcs1.pem"));
    let request = CertificateRequest::dax(key.public_key(), &NAMES).unwrap();
    for (encoding, needed) in [(KeyEncoding::Der, 897), (KeyEncoding::Pem, 1285)] {
        let mut small = vec![0xAA; needed - 1];
        let refused = request.write(&key, encoding, &mut small);
        assert_eq!(refused, Err(Error::BufferTooSmall { needed }));
        assert!(small.iter().all(|byte| *byte == 0), "output after an error");
    }
    let mut out = [0xAA; 897];
    let refused = request.write(&other, KeyEncoding::Der, &mut out);
    assert_eq!(refused, Err(Error::SigningFault), "a key of another size");
    assert_eq!(out, [0; 897]);
    let empty = PublicKey::empty();
    let request = CertificateRequest::new(&empty);
    let refused = request.write(&PrivateKey::empty(), KeyEncoding::Der, &mut out);
    assert_eq!(refused.expect_err("no key").name(), "invalid-key");
}

/// A key elsewhere: OpenSSL signs the digest.
struct Elsewhere<'o>(&'o OpenSsl, &'static str);

impl Signer for Elsewhere<'_> {
    type Error = Error;

    fn modulus_len(&self) -> usize {
        256
    }

    fn sign_digest(&self, digest: &Digest, signature: &mut [u8]) -> Result<(), Error> {
        let Self(openssl, key) = self;
        openssl.write("digest", digest.0);
        let made = openssl.run(&format!(
            "pkeyutl -sign -inkey {key} -in digest -pkeyopt digest:sha256"
        ));
        signature.copy_from_slice(&made);
        Ok(())
    }
}

/// As with a secure element: the private key is not here. If it is not the one of the request's public
/// key, no request comes out.
#[test]
fn a_key_elsewhere_signs_its_own_request_only() {
    let openssl = OpenSsl::default();
    openssl.run("genrsa -traditional -out own.pem 2048");
    openssl.run("genrsa -traditional -out another.pem 2048");
    let public = PublicKey::from_bytes(&openssl.run("rsa -in own.pem -pubout")).unwrap();
    let request = CertificateRequest::dax(&public, &NAMES).unwrap();
    let mut out = [0xAA; 897];
    let signed = request.write(&Elsewhere(&openssl, "own.pem"), KeyEncoding::Der, &mut out);
    assert_accepted(&openssl, signed.unwrap(), "DER");
    let refused = request.write(
        &Elsewhere(&openssl, "another.pem"),
        KeyEncoding::Der,
        &mut out,
    );
    assert_eq!(refused, Err(Error::SigningFault));
    assert_eq!(out, [0; 897]);
}
