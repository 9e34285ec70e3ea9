//! What an authority issues: OpenSSL's to the byte for the same content, and what is refused.

use daxsign_core::{
    CertificateFile, CertificateRequest, Digest, EnrolError, KeyEncoding, ObjectIdentifier,
    PrivateKey, RandomnessFailed, RequestFile, Signer, Timestamp, TrustAnchor,
};
use daxsign_pki::{Asked, Issuer, PkiError, Profile, SerialNumber, Terms, issue, issue_root};
use daxsign_tests::cases::key_file;
use daxsign_tests::faster::assert_faster;
use daxsign_tests::open_banking::{self, ROOT_SUBJECT};
use daxsign_tests::openssl::OpenSsl;

/// What OpenSSL is told to put into a certificate, for each profile, in the order in which they stand.
const PROFILES: [(Profile, &str); 5] = [
    (
        Profile::Dax,
        "subjectAltName = DNS:tpp1.demo.axway.com
keyUsage = critical, digitalSignature
extendedKeyUsage = clientAuth",
    ),
    (
        Profile::OpenBanking,
        "basicConstraints = CA:FALSE
subjectAltName = DNS:tpp1.demo.axway.com
keyUsage = critical, digitalSignature, keyEncipherment
extendedKeyUsage = clientAuth",
    ),
    (
        Profile::Server,
        "basicConstraints = critical, CA:FALSE
subjectAltName = DNS:tpp1.demo.axway.com
keyUsage = critical, digitalSignature, keyEncipherment
extendedKeyUsage = serverAuth",
    ),
    (
        Profile::Authority { path_len: Some(0) },
        "basicConstraints = critical, CA:TRUE, pathlen:0
subjectAltName = DNS:tpp1.demo.axway.com
keyUsage = critical, keyCertSign, cRLSign",
    ),
    (
        Profile::Authority { path_len: None },
        "basicConstraints = critical, CA:TRUE
subjectAltName = DNS:tpp1.demo.axway.com
keyUsage = critical, keyCertSign, cRLSign",
    ),
];
const IDENTIFIERS: &str = "subjectKeyIdentifier = hash\nauthorityKeyIdentifier = keyid:always\n";

fn loaded(openssl: &OpenSsl, file: &str) -> PrivateKey {
    PrivateKey::from_bytes(&openssl.read(file)).expect("a key")
}

fn terms_of(made: &[u8], profile: Profile) -> Terms {
    let made = CertificateFile::from_bytes(made).expect("OpenSSL's certificate");
    Terms {
        profile,
        serial: SerialNumber::from_bytes(made.serial().as_bytes()).expect("a number"),
        not_before: made.not_before(),
        not_after: made.not_after(),
    }
}

/// The DER of what is in PEM.
fn der(file: &[u8]) -> Vec<u8> {
    let mut der = Vec::new();
    let certificate = CertificateFile::from_bytes(file).expect("a certificate");
    certificate.write_der(&mut |bytes: &[u8]| der.extend_from_slice(bytes));
    der
}

/// The root and the first client's request of the text, made by its own commands.
fn of_the_text() -> OpenSsl {
    let openssl = OpenSsl::default();
    open_banking::root(&openssl);
    open_banking::request(&openssl, 1);
    openssl
}

#[test]
fn each_profile_is_openssls_to_the_byte() {
    let openssl = of_the_text();
    let root = loaded(&openssl, "ca1.key");
    let issuer = Issuer::from_certificate(&openssl.read("ca1.crt")).expect("the root");
    let asked = Asked::from_request(&openssl.read("tpp1.csr")).expect("the request");
    // A number whose first bit is set, and which has zeros before it.
    for serial in [
        "0x8F00000000000000000000000000AB01",
        "0x00000000000000000000000000000017",
    ] {
        for (profile, extensions) in PROFILES {
            openssl.write("extensions", format!("[all]\n{extensions}\n{IDENTIFIERS}"));
            openssl.run(&format!(
                "x509 -req -in tpp1.csr -CA ca1.crt -CAkey ca1.key -set_serial {serial} -sha256 -days 300 \
                 -extfile extensions -extensions all -out theirs.crt"
            ));
            let theirs = openssl.read("theirs.crt");
            let terms = terms_of(&theirs, profile);
            let ours = issue(&issuer, &asked, &terms, &root).expect("a certificate");
            assert_eq!(ours, der(&theirs), "{profile:?} {serial}");
        }
    }
}

#[test]
fn a_root_is_openssls_to_the_byte() {
    let openssl = of_the_text();
    openssl.write(
        "root.cnf",
        "[req]\nstring_mask = utf8only\ndistinguished_name = none\nx509_extensions = all\n[none]\n\
         [all]\nbasicConstraints = critical, CA:TRUE\nkeyUsage = critical, keyCertSign, cRLSign\n"
            .to_owned()
            + IDENTIFIERS,
    );
    openssl.run(&format!(
        "req -new -x509 -config root.cnf -days 3650 -key ca1.key -subj {ROOT_SUBJECT} -out theirs.crt"
    ));
    openssl.run(&format!(
        "req -new -config root.cnf -key ca1.key -subj {ROOT_SUBJECT} -out root.csr"
    ));
    let theirs = openssl.read("theirs.crt");
    let key = loaded(&openssl, "ca1.key");
    let asked = Asked::from_request(&openssl.read("root.csr")).expect("the request");
    let terms = terms_of(&theirs, Profile::Authority { path_len: None });
    let ours = issue_root(&asked, key.public_key(), &terms, &key).expect("a root");
    assert_eq!(ours, der(&theirs));
}

/// Trap of the text's recipe: `x509 -req` drops what was asked for, and makes version 1.
#[test]
fn always_version_3_with_every_name_of_the_request() {
    let openssl = of_the_text();
    openssl.run(
        "x509 -req -days 3650 -in tpp1.csr -CA ca1.crt -CAkey ca1.key -CAcreateserial -out v1.crt",
    );
    let theirs = openssl.read("v1.crt");
    assert_eq!(CertificateFile::from_bytes(&theirs).unwrap().version(), 1);

    let root = openssl.read("ca1.crt");
    let issuer = Issuer::from_certificate(&root).unwrap();
    let csr = openssl.read("tpp1.csr");
    let asked = Asked::from_request(&csr).unwrap();
    let mut terms = terms_of(&theirs, Profile::OpenBanking);
    // The text's clients are valid for some seconds longer than its root.
    terms.not_after = issuer.not_after().expect("an end");
    let made = issue(&issuer, &asked, &terms, &loaded(&openssl, "ca1.key"));
    let made = made.expect("a certificate");
    let made = CertificateFile::from_bytes(&made).unwrap();
    assert_eq!(made.version(), 3);
    let request = RequestFile::from_bytes(&csr).unwrap();
    assert_eq!(made.subject().to_string(), request.subject().to_string());
    assert_eq!(made.subject().parts().count(), 10);
    assert_eq!(made.extensions().dns_names().count(), 1);
    let anchor = CertificateFile::from_bytes(&root).unwrap();
    let anchor = TrustAnchor::from_certificate(&anchor).unwrap();
    anchor
        .verify(&made, &[], made.not_before())
        .expect("trusted");
}

/// Trap of the text's recipe: its second command signs the first client's request.
#[test]
fn the_certificate_is_that_of_the_request_it_was_made_from() {
    let openssl = of_the_text();
    open_banking::request(&openssl, 2);
    let issuer = Issuer::from_certificate(&openssl.read("ca1.crt")).unwrap();
    let root = loaded(&openssl, "ca1.key");
    for number in [1, 2] {
        let asked = Asked::from_request(&openssl.read(&format!("tpp{number}.csr"))).unwrap();
        let made = issue(&issuer, &asked, &terms(Profile::OpenBanking), &root).unwrap();
        openssl.write("made.der", &made);
        let subject = openssl.run("x509 -in made.der -inform DER -noout -subject");
        let subject = String::from_utf8(subject).unwrap();
        assert!(
            subject.contains(&format!("CN = tpp{number}.demo.axway.com")),
            "{subject}"
        );
        let own = openssl.run(&format!("pkey -in tpp{number}.key -pubout"));
        assert!(openssl.run("x509 -in made.der -inform DER -noout -pubkey") == own);
    }
}

/// From 2026 to 2030.
fn terms(profile: Profile) -> Terms {
    let time = |text: &str| Timestamp::parse(text).expect("a time");
    Terms {
        profile,
        serial: SerialNumber::parse("01").expect("a number"),
        not_before: time("2026-01-01T00:00:00Z"),
        not_after: time("2030-01-01T00:00:00Z"),
    }
}

/// A request with these names, and its key.
fn request(common_name: Option<&str>, host: Option<&str>) -> (PrivateKey, Vec<u8>) {
    let file = if common_name == Some("Root") {
        "rsa2048.pkcs8.pem"
    } else {
        "rsa4096.pkcs8.pem"
    };
    let key = PrivateKey::from_bytes(&key_file(file)).expect("a key");
    let oid = ObjectIdentifier::parse("2.5.4.3").expect("an OID");
    let mut request = CertificateRequest::new(key.public_key());
    if let Some(name) = common_name {
        request.add_name(&oid, name).expect("a name");
    }
    if let Some(host) = host {
        request.add_dns_name(host).expect("a host");
    }
    let mut der = vec![0; request.encoded_len(KeyEncoding::Der)];
    request
        .write(&key, KeyEncoding::Der, &mut der)
        .expect("a request");
    drop(request);
    (key, der)
}

fn root_of(path_len: Option<u8>) -> (PrivateKey, Issuer) {
    let (key, csr) = request(Some("Root"), None);
    let asked = Asked::from_request(&csr).unwrap();
    let terms = terms(Profile::Authority { path_len });
    let root = issue_root(&asked, key.public_key(), &terms, &key).expect("a root");
    (key, Issuer::from_certificate(&root).expect("a root"))
}

#[test]
fn what_cannot_be_issued_is_refused() {
    let (key, root) = root_of(None);
    let (_, csr) = request(Some("somebody"), None);
    let asked = Asked::from_request(&csr).unwrap();
    let named = |terms: &Terms| issue(&root, &asked, terms, &key).map(drop);
    let mut late = terms(Profile::Dax);
    late.not_after = Timestamp::parse("2030-01-01T00:00:01Z").unwrap();
    assert!(
        matches!(named(&late), Err(PkiError::Outlives { end }) if end == "2030-01-01T00:00:00Z")
    );
    let mut never = terms(Profile::Dax);
    never.not_after = never.not_before;
    assert!(matches!(named(&never), Err(PkiError::NoTime)));
    assert!(matches!(
        named(&terms(Profile::Server)),
        Err(PkiError::NoServerName)
    ));
    assert!(named(&terms(Profile::Dax)).is_ok());

    let other_key = PrivateKey::from_bytes(&key_file("rsa3072.pkcs8.pem")).unwrap();
    let refused = issue(&root, &asked, &terms(Profile::Dax), &other_key);
    assert!(matches!(refused, Err(PkiError::OtherKey)));

    let (_, nobody) = request(None, None);
    assert!(matches!(
        Asked::from_request(&nobody),
        Err(PkiError::NoName)
    ));
    let mut changed = csr.clone();
    let place = changed
        .windows(8)
        .position(|part| part == b"somebody")
        .unwrap();
    changed[place] ^= 1;
    let refused = Asked::from_request(&changed);
    assert!(matches!(
        refused,
        Err(PkiError::Enrol(EnrolError::NotSignedByItsKey))
    ));
}

/// As OpenSSL asks for them: with nothing in the list, with names that are none, with what is not shown.
#[test]
fn alternative_names_are_names() {
    let (root_key, root) = root_of(None);
    let openssl = OpenSsl::default();
    openssl.write("client.key", key_file("rsa4096.pkcs8.pem"));
    let many: Vec<String> = (0..102)
        .map(|number| format!("DNS:n{number}.example"))
        .collect();
    let many = many.join(",");
    for (subject, names, profile, expected) in [
        ("/CN=x", "DER:30:00", Profile::Server, "no-server-name"),
        ("/", "DER:30:00", Profile::Dax, "no-name"),
        ("/", "DER:30:02:81:00", Profile::Dax, "no-name"),
        ("/CN=x", "DER:30:02:82:00", Profile::Dax, "invalid-field"),
        (
            "/CN=x",
            "DER:30:05:82:03:61:00:62",
            Profile::Dax,
            "invalid-field",
        ),
        ("/CN=x", "DNS:*", Profile::Server, "invalid-field"),
        (
            "/CN=x",
            "DNS:a.example,DNS:a b",
            Profile::Dax,
            "invalid-field",
        ),
        (
            "/CN=x",
            "email:a@example.org",
            Profile::Server,
            "no-server-name",
        ),
        (
            "/CN=x",
            "URI:https://a.example",
            Profile::Server,
            "no-server-name",
        ),
        (
            "/CN=x",
            "DNS:a.example,RID:1.2.3",
            Profile::Server,
            "unshown-name",
        ),
        ("/CN=x", &many, Profile::Server, "too-many-names"),
        ("/CN=x", "IP:192.0.2.1", Profile::Server, ""),
        ("/", "DNS:*.example.org", Profile::Server, ""),
        ("/CN=x", "DER:30:00", Profile::Dax, ""),
    ] {
        openssl.write(
            "x.cnf",
            format!(
                "[req]\ndistinguished_name = none\nreq_extensions = all\n[none]\n[all]\nsubjectAltName = {names}\n"
            ),
        );
        openssl.run(&format!(
            "req -new -key client.key -config x.cnf -subj {subject} -out x.csr"
        ));
        let asked = Asked::from_request(&openssl.read("x.csr"));
        let made = asked.and_then(|asked| issue(&root, &asked, &terms(profile), &root_key));
        match made {
            Ok(made) => {
                assert_eq!(expected, "", "{subject} {names}");
                let made = CertificateFile::from_bytes(&made).unwrap();
                let count = made.extensions().alternative_names().count();
                assert_eq!(count, usize::from(!names.starts_with("DER")));
            }
            Err(error) => assert_eq!(error.name(), expected, "{subject} {names}: {error}"),
        }
    }
}

/// With its name or its key somebody could pass for the authority.
#[test]
fn nobody_else_gets_the_authoritys_name_or_key() {
    let (key, root) = root_of(None);
    let other = PrivateKey::from_bytes(&key_file("rsa3072.pkcs8.pem")).unwrap();
    for (name, its_key, good) in [
        ("ROOT", &other, false),
        ("x", &key, false),
        ("x", &other, true),
    ] {
        let oid = ObjectIdentifier::parse("2.5.4.3").unwrap();
        let mut request = CertificateRequest::new(its_key.public_key());
        request.add_name(&oid, name).unwrap();
        let mut der = vec![0; request.encoded_len(KeyEncoding::Der)];
        request.write(its_key, KeyEncoding::Der, &mut der).unwrap();
        let asked = Asked::from_request(&der).unwrap();
        match issue(&root, &asked, &terms(Profile::Dax), &key) {
            Ok(_) => assert!(good, "{name}"),
            Err(error) => assert!(!good && matches!(error, PkiError::AuthoritysOwn), "{error}"),
        }
    }
}

/// An authority's certificate may leave out what is needed here.
#[test]
fn an_authority_signs_certificates_and_lists() {
    let openssl = OpenSsl::default();
    openssl.write("ca.key", key_file("rsa2048.pkcs8.pem"));
    for (usage, good) in [
        ("", true),
        ("keyUsage = keyCertSign, cRLSign\n", true),
        ("keyUsage = keyCertSign\n", false),
        ("keyUsage = cRLSign\n", false),
        ("keyUsage = digitalSignature\n", false),
    ] {
        openssl.write(
            "ca.cnf",
            format!("[req]\ndistinguished_name = none\nx509_extensions = all\n[none]\n[all]\nbasicConstraints = critical, CA:TRUE\n{usage}"),
        );
        openssl.run("req -new -x509 -config ca.cnf -key ca.key -subj /CN=ca -out ca.crt");
        match Issuer::from_certificate(&openssl.read("ca.crt")) {
            Ok(_) => assert!(good, "{usage}"),
            Err(error) => assert!(
                !good && matches!(error, PkiError::NotAnAuthority),
                "{usage}"
            ),
        }
    }
}

#[test]
fn an_authority_has_no_more_below_it_than_it_may() {
    let (_, csr) = request(Some("below"), None);
    let asked = Asked::from_request(&csr).unwrap();
    for (own, wanted, made) in [
        (None, None, Some(None)),
        (None, Some(0), Some(Some(0))),
        (Some(1), None, Some(Some(0))),
        (Some(2), Some(0), Some(Some(0))),
        (Some(2), Some(9), Some(Some(1))),
        (Some(0), Some(0), None),
    ] {
        let (key, root) = root_of(own);
        let terms = terms(Profile::Authority { path_len: wanted });
        let issued = issue(&root, &asked, &terms, &key);
        let Some(made) = made else {
            assert!(matches!(issued, Err(PkiError::NotAnAuthority)));
            continue;
        };
        let issued = issued.expect("an authority");
        let issued = CertificateFile::from_bytes(&issued).unwrap();
        let constraints = issued.extensions().basic_constraints().unwrap();
        assert_eq!(constraints.path_len, made, "{own:?} {wanted:?}");
    }
    let (key, root) = root_of(None);
    let leaf = issue(&root, &asked, &terms(Profile::Dax), &key).unwrap();
    assert!(matches!(
        Issuer::from_certificate(&leaf),
        Err(PkiError::NotAnAuthority)
    ));
}

/// RFC 5280 4.2.1.6: then whoever reads it must understand the names.
#[test]
fn names_are_critical_where_there_is_no_subject() {
    let (key, root) = root_of(None);
    for (subject, critical) in [(Some("a"), false), (None, true)] {
        let (_, csr) = request(subject, Some("a.example"));
        let asked = Asked::from_request(&csr).unwrap();
        let made = issue(&root, &asked, &terms(Profile::Server), &key).unwrap();
        let openssl = OpenSsl::default();
        openssl.write("made.der", made);
        let text = openssl.run("x509 -in made.der -inform DER -noout -text");
        let text = String::from_utf8(text).unwrap();
        let found = text.contains("X509v3 Subject Alternative Name: critical");
        assert_eq!(found, critical, "{text}");
    }
}

/// What a request asks for and does not get is told; what it gets as it asked is not.
#[test]
fn extensions_that_were_not_taken_are_told() {
    let openssl = of_the_text();
    let asked = Asked::from_request(&openssl.read("tpp1.csr")).unwrap();
    let none: [&str; 0] = [];
    assert_eq!(asked.not_taken(Profile::OpenBanking), none);
    assert_eq!(
        asked.not_taken(Profile::Server),
        ["basicConstraints", "extendedKeyUsage"]
    );
    openssl.write(
        "wide.cnf",
        "[req]\nprompt = no\ndistinguished_name = name\nreq_extensions = all\nattributes = more\n[name]\nCN = x\n\
         [more]\nchallengePassword = secret\n[all]\nbasicConstraints = critical, CA:TRUE\n\
         keyUsage = keyCertSign\n1.2.3.4 = ASN1:NULL\nsubjectAltName = DNS:x.example\n",
    );
    openssl.run("req -new -key tpp1.key -config wide.cnf -out wide.csr");
    let asked = Asked::from_request(&openssl.read("wide.csr")).unwrap();
    assert_eq!(
        asked.not_taken(Profile::Dax),
        [
            "basicConstraints",
            "keyUsage",
            "1.2.3.4",
            "attribute 1.2.840.113549.1.9.7"
        ]
    );
}

/// Times of RFC 5280 4.1.2.5, as OpenSSL reads them.
#[test]
fn times_from_2050_on_are_generalized() {
    let (key, csr) = request(Some("Root"), None);
    let asked = Asked::from_request(&csr).unwrap();
    let openssl = OpenSsl::default();
    for (end, tag, text) in [
        (
            "2049-12-31T23:59:59Z",
            0x17,
            "notAfter=Dec 31 23:59:59 2049 GMT",
        ),
        (
            "2050-01-01T00:00:00Z",
            0x18,
            "notAfter=Jan  1 00:00:00 2050 GMT",
        ),
        (
            "9999-12-31T23:59:59Z",
            0x18,
            "notAfter=Dec 31 23:59:59 9999 GMT",
        ),
    ] {
        let mut terms = terms(Profile::Authority { path_len: None });
        terms.not_after = Timestamp::parse(end).unwrap();
        let made = issue_root(&asked, key.public_key(), &terms, &key).unwrap();
        assert!(
            made.windows(2)
                .any(|two| two == [tag, if tag == 0x17 { 13 } else { 15 }])
        );
        openssl.write("made.der", made);
        let said = openssl.run("x509 -in made.der -inform DER -noout -enddate");
        assert_eq!(String::from_utf8(said).unwrap().trim(), text);
    }
}

#[test]
fn serial_numbers_are_random_and_read_as_people_paste_them() {
    let mut next = 0_u8;
    let mut source = |bytes: &mut [u8]| {
        for byte in bytes {
            next = next.wrapping_add(1);
            *byte = next;
        }
        Ok(())
    };
    let serial = SerialNumber::random(&mut source).expect("a number");
    assert_eq!(serial.to_string(), "0102030405060708090A0B0C0D0E0F10");
    for text in [
        "01:02:03:04:05:06:07:08:09:0a:0b:0c:0d:0e:0f:10",
        " 0x102030405060708090A0B0C0D0E0F10\n",
        "0102 0304 0506 0708 090a 0b0c 0d0e 0f10",
    ] {
        assert_eq!(SerialNumber::parse(text).expect(text), serial);
    }
    for text in ["", "0", "00:00", "xyz", "-1", &"11".repeat(21)] {
        assert!(
            matches!(SerialNumber::parse(text), Err(PkiError::InvalidSerial)),
            "{text}"
        );
    }
    let refused = SerialNumber::random(&mut |_: &mut [u8]| Err(RandomnessFailed));
    assert!(matches!(
        refused,
        Err(PkiError::Enrol(EnrolError::RandomnessFailed))
    ));
}

/// A certificate costs little beside its signature: at nine tenths of the speed of signing alone, or better.
#[test]
fn issuing_is_hardly_slower_than_signing() {
    let (key, root) = root_of(None);
    let (_, csr) = request(Some("somebody"), Some("somebody.example"));
    let asked = Asked::from_request(&csr).unwrap();
    let terms = terms(Profile::Dax);
    let mut signature = vec![0; key.modulus_len()];
    assert_faster(
        "81 certificates, and 100 signatures",
        || {
            for _ in 0..81 {
                issue(&root, &asked, &terms, &key).expect("a certificate");
            }
        },
        || {
            for number in 0..100 {
                let digest = Digest([number; 32]);
                key.sign_digest(&digest, &mut signature)
                    .expect("a signature");
            }
        },
    );
}
