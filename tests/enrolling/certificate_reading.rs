//! Certificates and requests are read as OpenSSL and the crate `x509-cert` read them, whatever their
//! string types; what is damaged is refused.

use std::fmt::Write;

use daxsign_core::{
    CertificateFile, CertificateRequest, Document, EnrolError, KeyEncoding, ObjectIdentifier,
    PrivateKey, RequestFile, Thumbprint, ThumbprintKind,
};
use daxsign_tests::cases::key_file;
use daxsign_tests::made_certificate::{
    BMP, KEY_USAGE, Made, PRINTABLE, Part, SHA256_WITH_RSA, SUBJECT_ALT_NAME, UTF8, authority,
    common_name, element, extension, key_pair, name, oid, pem, utc_time,
};
use daxsign_tests::openssl::OpenSsl;
use daxsign_tests::rsa_keys::{seeded_rng, sequence};
use rand::RngExt;
use rand::rngs::ChaCha8Rng;
use rsa::pkcs8::EncodePublicKey;
use x509_cert::der::asn1::{
    BmpString, Ia5StringRef, PrintableStringRef, TeletexStringRef, Utf8StringRef,
};
use x509_cert::der::{Decode, Tag, Tagged};

const TELETEX: u8 = 0x14;
const UNIVERSAL: u8 = 0x1C;

const VISIBLE: u8 = 0x1A;

/// NumericString, PrintableString, TeletexString, IA5String, UniversalString, BMPString, UTF8String.
/// (OpenSSL takes no name with a VisibleString.)
const STRING_TYPES: [u8; 7] = [0x12, PRINTABLE, TELETEX, 0x16, UNIVERSAL, BMP, UTF8];

/// Types with the names that OpenSSL has for them.
const TYPES: [(&str, &str); 8] = [
    ("2.5.4.6", "C"),
    ("2.5.4.7", "L"),
    ("2.5.4.10", "O"),
    ("2.5.4.11", "OU"),
    ("2.5.4.3", "CN"),
    ("2.5.4.8", "ST"),
    ("2.5.4.5", "serialNumber"),
    ("2.5.4.15", "businessCategory"),
];

/// One value of a string type: its bytes, and the text that they stand for.
fn made_up_value(rng: &mut ChaCha8Rng, tag: u8) -> (Vec<u8>, String) {
    let chars: Vec<char> = match tag {
        0x12 => "0123456789",
        TELETEX => "abcXYZ089-åÄößé",
        BMP => "abcXYZ089-åÄößé漢字я",
        UNIVERSAL | UTF8 => "abcXYZ089-åÄößé漢字я🔑",
        _ => "abcXYZ089-()/:?",
    }
    .chars()
    .collect();
    let len = rng.random_range(1..20);
    let text: String = (0..len)
        .map(|_| chars[rng.random_range(0..chars.len())])
        .collect();
    let code = |c: char| u32::from(c).to_be_bytes();
    let bytes = match tag {
        TELETEX => text.chars().map(|c| code(c)[3]).collect(),
        BMP => text.chars().flat_map(|c| code(c)[2..].to_vec()).collect(),
        UNIVERSAL => text.chars().flat_map(code).collect(),
        _ => text.as_bytes().to_vec(),
    };
    (bytes, text)
}

/// A name of one to six parts, of which some form one step; with its DER, and as OpenSSL shows it.
fn made_up_name(rng: &mut ChaCha8Rng) -> (Vec<u8>, String) {
    let mut types = TYPES.to_vec();
    let mut steps: Vec<Vec<(&str, u8, Vec<u8>)>> = Vec::new();
    let mut shown = String::new();
    for index in 0..rng.random_range(1..=6) {
        let (kind, short) = types.remove(rng.random_range(0..types.len()));
        let tag = STRING_TYPES[rng.random_range(0..STRING_TYPES.len())];
        let (value, text) = made_up_value(rng, tag);
        if index > 0 {
            shown.push_str(", ");
        }
        write!(shown, "{short}={text}").unwrap();
        steps.push(vec![(kind, tag, value)]);
    }
    let steps: Vec<Vec<Part<'_>>> = steps
        .iter()
        .map(|parts| parts.iter().map(|(a, b, c)| (*a, *b, &c[..])).collect())
        .collect();
    (name(&steps), shown)
}

/// What a value says to x509-cert; `None` if it does not know the string type.
fn by_x509_cert(value: &der::Any) -> Option<String> {
    Some(match value.tag() {
        Tag::Utf8String => value.decode_as::<Utf8StringRef<'_>>().ok()?.as_str().into(),
        Tag::PrintableString => value
            .decode_as::<PrintableStringRef<'_>>()
            .ok()?
            .as_str()
            .into(),
        Tag::Ia5String => value.decode_as::<Ia5StringRef<'_>>().ok()?.as_str().into(),
        Tag::TeletexString => value
            .decode_as::<TeletexStringRef<'_>>()
            .ok()?
            .as_str()
            .into(),
        Tag::BmpString => value.decode_as::<BmpString>().ok()?.to_string(),
        _ => return None,
    })
}

/// Compares each text that x509-cert can read; returns how many those are.
fn assert_as_x509_cert(der: &[u8], ours: &CertificateFile<'_>) -> usize {
    let Ok(theirs) = x509_cert::Certificate::from_der(der) else {
        return 0;
    };
    let tbs = theirs.tbs_certificate();
    assert_eq!(
        ours.serial().as_bytes(),
        trimmed(tbs.serial_number().as_bytes())
    );
    let seconds =
        |time: &x509_cert::time::Time| i64::try_from(time.to_unix_duration().as_secs()).unwrap();
    assert_eq!(
        ours.not_before().seconds(),
        seconds(&tbs.validity().not_before)
    );
    assert_eq!(
        ours.not_after().seconds(),
        seconds(&tbs.validity().not_after)
    );
    let mut compared = 0;
    for (ours, theirs) in [
        (ours.subject(), tbs.subject()),
        (ours.issuer(), tbs.issuer()),
    ] {
        let mut parts = ours.parts();
        for rdn in theirs.iter_rdn() {
            for (index, theirs) in rdn.iter().enumerate() {
                let part = parts.next().expect("as many parts");
                assert_eq!(part.oid().to_string(), theirs.oid.to_string());
                assert_eq!(part.is_joined(), index > 0);
                if let Some(text) = by_x509_cert(&theirs.value) {
                    assert_eq!(part.text().expect("text").to_string(), text);
                    compared += 1;
                }
            }
        }
        assert!(parts.next().is_none(), "as many parts");
    }
    compared
}

fn trimmed(bytes: &[u8]) -> &[u8] {
    match bytes {
        [0, rest @ ..] if !rest.is_empty() => rest,
        bytes => bytes,
    }
}

/// What `openssl x509` prints, by the name before the first `=`.
fn by_openssl(openssl: &OpenSsl, der: &[u8]) -> impl Fn(&str) -> String {
    openssl.write("certificate.der", der);
    let printed = openssl.run(
        "x509 -in certificate.der -inform DER -noout -subject -issuer -serial -startdate -enddate \
         -dateopt iso_8601 -fingerprint -sha1 -nameopt sep_comma_plus_space,sname,utf8",
    );
    let printed = String::from_utf8(printed).expect("UTF-8");
    move |name| {
        let mut lines = printed.lines();
        let found = lines.find_map(|line| line.strip_prefix(name)?.strip_prefix('='));
        found
            .unwrap_or_else(|| panic!("no {name} in {printed}"))
            .to_owned()
    }
}

/// Seconds since 1970, with another crate.
fn seconds(iso: &str) -> i64 {
    let format = time::macros::format_description!(
        version = 2,
        "[year]-[month]-[day] [hour]:[minute]:[second]Z"
    );
    let time = time::PrimitiveDateTime::parse(iso, format).expect("a time");
    time.assume_utc().unix_timestamp()
}

#[test]
fn certificates_of_all_string_types_are_read_alike() {
    let openssl = OpenSsl::default();
    let key = key_pair(2048);
    let mut rng = seeded_rng(29);
    let (mut certificates, mut texts) = (0, 0);
    for round in 0..220_u32 {
        let (issuer, issuer_shown) = made_up_name(&mut rng);
        let (subject, subject_shown) = made_up_name(&mut rng);
        let mut made = Made::new(issuer, subject, &key);
        made.serial = (0..=round % 20)
            .map(|index| u8::try_from((round + index * 37) % 127 + 1).unwrap())
            .collect();
        made.validity = [
            utc_time(["700101000000Z", "991231235959Z", "200229120000Z"][round as usize % 3]),
            match round % 3 {
                0 => utc_time("491231235959Z"),
                1 => element(0x18, b"20500101000000Z"),
                _ => element(0x18, b"99991231235959Z"),
            },
        ];
        let der = made.sign(&key);
        let file = match round % 2 {
            0 => der.clone(),
            _ => pem("CERTIFICATE", &der).into_bytes(),
        };
        let ours = CertificateFile::from_bytes(&file).expect("a certificate");
        assert_eq!(ours.version(), 3);
        assert_eq!(ours.subject().to_string(), subject_shown);
        assert_eq!(ours.issuer().to_string(), issuer_shown);
        texts += assert_as_x509_cert(&der, &ours);

        let theirs = by_openssl(&openssl, &der);
        assert_eq!(ours.subject().to_string(), theirs("subject"));
        assert_eq!(ours.issuer().to_string(), theirs("issuer"));
        assert_eq!(ours.serial().to_string(), theirs("serial"));
        assert_eq!(ours.not_before().seconds(), seconds(&theirs("notBefore")));
        assert_eq!(ours.not_after().seconds(), seconds(&theirs("notAfter")));
        let fingerprint = theirs("sha1 Fingerprint");
        assert_eq!(
            ours.thumbprint(ThumbprintKind::Sha1),
            Thumbprint::parse(&fingerprint).unwrap()
        );
        assert_eq!(
            ours.thumbprint(ThumbprintKind::Sha1).to_string(),
            fingerprint.replace(':', "")
        );
        certificates += 1;
    }
    assert_eq!(certificates, 220);
    assert!(texts > 300, "x509-cert read only {texts} texts");
}

/// As OpenSSL compares names (RFC 5280 7.1).
#[test]
fn names_are_equal_as_text_whatever_their_string_type() {
    let key = key_pair(2048);
    let wide = |text: &str| -> Vec<u8> { text.encode_utf16().flat_map(u16::to_be_bytes).collect() };
    let (bmp, ca) = (wide("Räksmörgås AB"), "Räksmörgås AB".as_bytes());
    let same = [
        (common_name(UTF8, ca), common_name(BMP, &bmp)),
        (
            common_name(UTF8, ca),
            common_name(TELETEX, b"R\xE4ksm\xF6rg\xE5s AB"),
        ),
        (
            common_name(UTF8, b"DAX CA"),
            common_name(PRINTABLE, b"DAX CA"),
        ),
        (
            common_name(UTF8, b"DAX CA"),
            common_name(VISIBLE, b"DAX CA"),
        ),
        (
            common_name(UTF8, b"DAX CA"),
            common_name(PRINTABLE, b"  dax \t ca "),
        ),
    ];
    let other = [
        (common_name(UTF8, b"DAX CA"), common_name(UTF8, b"DAXCA")),
        (
            common_name(UTF8, "Å".as_bytes()),
            common_name(UTF8, "å".as_bytes()),
        ),
        (common_name(UTF8, b"DAX CA"), common_name(UTF8, b"DAX CA2")),
        (
            name(&[
                vec![("2.5.4.6", PRINTABLE, b"SE")],
                vec![("2.5.4.3", UTF8, b"x")],
            ]),
            // Printed reversed, and parsed back wrong.
            name(&[
                vec![("2.5.4.3", UTF8, b"x")],
                vec![("2.5.4.6", PRINTABLE, b"SE")],
            ]),
        ),
        (
            name(&[vec![("2.5.4.6", PRINTABLE, b"SE"), ("2.5.4.3", UTF8, b"x")]]),
            name(&[
                vec![("2.5.4.3", UTF8, b"x")],
                vec![("2.5.4.6", PRINTABLE, b"SE")],
            ]),
        ),
        (common_name(UTF8, b"x"), sequence(&[])),
    ];
    for (expected, pairs) in [(true, &same[..]), (false, &other[..])] {
        for (one, two) in pairs {
            let der = Made::new(one.clone(), two.clone(), &key).sign(&key);
            let certificate = CertificateFile::from_bytes(&der).unwrap();
            let (issuer, subject) = (certificate.issuer(), certificate.subject());
            assert_eq!(issuer == subject, expected, "{issuer} and {subject}");
        }
    }
}

#[test]
fn what_could_deceive_a_reader_of_a_name_is_shown_as_bytes() {
    let key = key_pair(2048);
    let subject = name(&[
        vec![("2.5.4.10", UTF8, "a, CN=b\u{202E}\n".as_bytes())],
        vec![("2.5.4.45", 3, &[0, 0xAB])],
        vec![("1.2.3.4", PRINTABLE, b"x"), ("2.5.4.3", UTF8, b"y+z")],
    ]);
    let der = Made::new(sequence(&[]), subject, &key).sign(&key);
    let certificate = CertificateFile::from_bytes(&der).unwrap();
    assert_eq!(
        certificate.subject().to_string(),
        r"O=a\, CN\=b\E2\80\AE\0A, 2.5.4.45=#030200AB, 1.2.3.4=x + CN=y\+z"
    );
    assert!(certificate.subject().common_name().unwrap().is("y+z"));
    assert!(certificate.issuer().is_empty());
}

/// What the extensions of an Open Banking client say, as OpenSSL makes them of its configuration.
#[test]
fn extensions_are_those_that_openssl_wrote() {
    const CONFIGURATION: &str = "[req]\nprompt = no\ndistinguished_name = dn\nx509_extensions = ext\n\
         [dn]\nCN = tpp1.demo.axway.com\n[ext]\nbasicConstraints = CA:FALSE\n\
         keyUsage = critical,digitalSignature,keyEncipherment\nextendedKeyUsage = clientAuth,1.2.3.4\n\
         subjectAltName = DNS:tpp1.demo.axway.com,IP:192.0.2.1,IP:2001:db8::1,email:a@b.se,URI:https://c.se/\n\
         1.2.3.4.5 = critical,ASN1:NULL\n";
    let openssl = OpenSsl::default();
    openssl.write("made.conf", CONFIGURATION);
    openssl.write("key.pem", key_file("rsa2048.pkcs8.pem"));
    let file = openssl.run("req -new -x509 -days 3650 -config made.conf -key key.pem");
    let certificate = CertificateFile::from_bytes(&file).unwrap();
    let extensions = certificate.extensions();
    let usage = extensions.key_usage().unwrap();
    assert!(usage.digital_signature() && !usage.key_cert_sign());
    assert_eq!(
        usage.names().collect::<Vec<_>>(),
        ["digitalSignature", "keyEncipherment"]
    );
    let constraints = extensions.basic_constraints().unwrap();
    assert_eq!(
        (constraints.is_authority, constraints.path_len),
        (false, None)
    );
    let uses: Vec<String> = extensions
        .extended_key_usage()
        .unwrap()
        .map(|oid| oid.to_string())
        .collect();
    assert_eq!(uses, ["1.3.6.1.5.5.7.3.2", "1.2.3.4"]);
    let names: Vec<String> = extensions
        .alternative_names()
        .map(|name| name.to_string())
        .collect();
    assert_eq!(
        names,
        [
            "DNS:tpp1.demo.axway.com",
            "IP:192.0.2.1",
            "IP:2001:0DB8:0000:0000:0000:0000:0000:0001",
            "email:a@b.se",
            "URI:https://c.se/",
        ]
    );
    let unknown = extensions.unknown_critical().unwrap();
    assert_eq!(*unknown, ObjectIdentifier::parse("1.2.3.4.5").unwrap());
    assert_eq!(
        certificate.public_key().unwrap(),
        *PrivateKey::from_bytes(&key_file("rsa2048.pkcs8.pem"))
            .unwrap()
            .public_key()
    );
}

/// `x509 -req` without `-copy_extensions` drops every extension that was asked for, and makes version 1.
#[test]
fn a_certificate_that_lost_its_extensions_shows_it() {
    let openssl = OpenSsl::default();
    openssl.write("key.pem", key_file("rsa2048.pkcs8.pem"));
    let key = PrivateKey::from_bytes(&key_file("rsa2048.pkcs8.pem")).unwrap();
    let common_name = ObjectIdentifier::parse("2.5.4.3").unwrap();
    let mut request = CertificateRequest::new(key.public_key());
    request
        .add_name(&common_name, "tpp1.demo.axway.com")
        .unwrap();
    request.add_dns_name("tpp1.demo.axway.com").unwrap();
    let mut buffer = vec![0; request.encoded_len(KeyEncoding::Pem)];
    let pem = request.write(&key, KeyEncoding::Pem, &mut buffer).unwrap();
    openssl.write("request.pem", pem);
    let asked = RequestFile::from_bytes(pem).unwrap();
    assert_eq!(asked.extensions().count(), 1);
    let file = openssl.run("x509 -req -days 9 -in request.pem -signkey key.pem");
    let certificate = CertificateFile::from_bytes(&file).unwrap();
    assert_eq!(certificate.version(), 1);
    assert_eq!(certificate.extensions().count(), 0);
    assert!(certificate.extensions().dns_names().next().is_none());
    let file =
        openssl.run("x509 -req -days 9 -in request.pem -signkey key.pem -copy_extensions copyall");
    let certificate = CertificateFile::from_bytes(&file).unwrap();
    assert_eq!(certificate.version(), 3);
    let mut names = certificate.extensions().dns_names();
    assert!(names.next().unwrap().is("tpp1.demo.axway.com"));
}

/// The recipe that signs the first client's request a second time: the certificate has the first one's
/// key and name, whatever its file is called.
#[test]
fn the_wrong_request_signed_shows_by_its_key() {
    let openssl = OpenSsl::default();
    openssl.run("req -new -newkey rsa:2048 -nodes -keyout tpp1.key -out tpp1.csr -subj /CN=tpp1");
    openssl.run("genrsa -out tpp2.key 2048");
    openssl.write("ca.key", key_file("rsa2048.pkcs8.pem"));
    openssl.run("req -new -x509 -key ca.key -subj /CN=ca -out ca.crt");
    openssl.run("x509 -req -in tpp1.csr -CA ca.crt -CAkey ca.key -CAcreateserial -out tpp2.crt");
    let file = openssl.read("tpp2.crt");
    let certificate = CertificateFile::from_bytes(&file).unwrap();
    let key = |name: &str| PrivateKey::from_bytes(&openssl.read(name)).unwrap();
    assert!(certificate.public_key().unwrap() != *key("tpp2.key").public_key());
    assert!(certificate.public_key().unwrap() == *key("tpp1.key").public_key());
    assert!(certificate.subject().common_name().unwrap().is("tpp1"));
}

/// `genrsa` of OpenSSL 3 writes PKCS#8 unless told otherwise: both make the same request.
#[test]
fn both_forms_of_a_private_key_make_the_same_request() {
    let openssl = OpenSsl::default();
    openssl.run("genrsa -out new.pem 2048");
    openssl.run("rsa -in new.pem -traditional -out traditional.pem");
    let [new, traditional] = ["new.pem", "traditional.pem"].map(|name| openssl.read(name));
    assert!(
        new.starts_with(b"-----BEGIN PRIVATE KEY") && traditional.starts_with(b"-----BEGIN RSA")
    );
    let [first, second] = [new, traditional].map(|file| {
        let key = PrivateKey::from_bytes(&file).unwrap();
        let mut buffer = [0; 600];
        let request = CertificateRequest::new(key.public_key());
        request
            .write(&key, KeyEncoding::Der, &mut buffer)
            .unwrap()
            .to_vec()
    });
    assert!(first == second);
}

#[test]
fn thumbprints_are_read_as_people_paste_them() {
    let sha1 = "A94A8FE5CCB19BA61C4C0873D391E987982FBBD3";
    let colons = "A9:4A:8F:E5:CC:B1:9B:A6:1C:4C:08:73:D3:91:E9:87:98:2F:BB:D3";
    let spaces = "a9 4a 8f e5 cc b1 9b a6 1c 4c 08 73 d3 91 e9 87 98 2f bb d3";
    let pasted = [
        sha1.to_owned(),
        sha1.to_lowercase(),
        colons.to_owned(),
        format!("\u{200E}{spaces}"),
        format!("\u{200F}{spaces}\u{200E}"),
        format!("\u{FEFF}{colons}\r\n"),
        format!(" \t{}\u{A0}", spaces.replace(' ', "-")),
    ];
    for text in pasted {
        let read = Thumbprint::parse(&text).unwrap_or_else(|error| panic!("{text:?}: {error}"));
        assert_eq!(read.to_string(), sha1, "{text:?}");
        assert_eq!(read.as_bytes().len(), 20);
    }
    assert_eq!(
        Thumbprint::parse(&"0".repeat(64)).unwrap().as_bytes(),
        [0; 32]
    );
    let refused = |digits, offset| EnrolError::InvalidThumbprint { digits, offset };
    for (text, error) in [
        ("", refused(0, None)),
        (&sha1[1..], refused(39, None)),
        (&format!("{sha1}0"), refused(41, None)),
        (&"0".repeat(66), refused(66, None)),
        ("A9 4G", refused(3, Some(4))),
        ("sha1 Fingerprint=A9", refused(0, Some(0))),
    ] {
        assert_eq!(Thumbprint::parse(text), Err(error), "{text}");
    }
}

#[test]
fn requests_are_read_and_their_signature_is_checked() {
    let openssl = OpenSsl::default();
    openssl.run("req -new -newkey rsa:2048 -nodes -keyout k.pem -out r.pem -subj /C=SE/CN=x -addext subjectAltName=DNS:x.se");
    let file = openssl.read("r.pem");
    let request = RequestFile::from_bytes(&file).unwrap();
    assert_eq!(request.subject().to_string(), "C=SE, CN=x");
    assert!(request.extensions().dns_names().next().unwrap().is("x.se"));
    let key = PrivateKey::from_bytes(&openssl.read("k.pem")).unwrap();
    assert!(request.public_key().unwrap() == *key.public_key());

    // Each bit of what is signed, and of the signature, counts.
    let der = openssl.run("req -in r.pem -outform DER");
    let (mut refused, mut damaged) = (0, 0);
    for place in 0..der.len() {
        let mut changed = der.clone();
        changed[place] ^= 1 << (place % 8);
        match RequestFile::from_bytes(&changed) {
            Err(EnrolError::NotSignedByItsKey) => refused += 1,
            Err(_) => damaged += 1,
            // The tag of a string type, and the like, are signed, too.
            Ok(_) => panic!("byte {place} does not count"),
        }
    }
    assert_eq!(refused + damaged, der.len());
    assert!(refused > 400, "{refused}");
}

/// Another program may take the other one.
#[test]
fn a_request_with_two_lists_of_extensions_is_refused() {
    let list = |host: &[u8]| {
        let names = sequence(&[element(0x82, host)]);
        sequence(&[extension(SUBJECT_ALT_NAME, false, &names)])
    };
    let attribute = |kind: &str, host: &[u8]| sequence(&[oid(kind), element(0x31, &list(host))]);
    let (standard, microsoft) = ("1.2.840.113549.1.9.14", "1.3.6.1.4.1.311.2.1.14");
    let spki = key_pair(2048).to_public_key().to_public_key_der().unwrap();
    let request = |attributes: &[Vec<u8>]| {
        let info = sequence(&[
            vec![2, 1, 0],
            common_name(UTF8, b"x"),
            spki.as_bytes().to_vec(),
            element(0xA0, &attributes.concat()),
        ]);
        let algorithm = sequence(&[oid(SHA256_WITH_RSA), vec![5, 0]]);
        sequence(&[info, algorithm, element(3, &[0; 257])])
    };
    for kind in [standard, microsoft] {
        let one = request(&[attribute(kind, b"good.example")]);
        assert!(RequestFile::unverified(&one).is_ok());
        let two = [
            attribute(standard, b"bad.example"),
            attribute(kind, b"good.example"),
        ];
        assert!(RequestFile::unverified(&request(&two)).is_err());
    }
    let beyond = request(&[attribute(standard, b"good\xE9.example")]);
    assert!(RequestFile::unverified(&beyond).is_err(), "not ASCII");
}

#[test]
fn what_is_cut_off_or_damaged_is_refused_and_nothing_panics() {
    let key = key_pair(2048);
    let usage = extension(KEY_USAGE, true, &[3, 2, 1, 6]);
    let names = extension(
        SUBJECT_ALT_NAME,
        false,
        &sequence(&[element(0x82, b"x.se")]),
    );
    let (subject, _) = made_up_name(&mut seeded_rng(3));
    let made = Made::new(common_name(UTF8, b"ca"), subject, &key);
    let made = made.with(authority(Some(0))).with(usage).with(names);
    let der = made.sign(&key);
    assert!(CertificateFile::from_bytes(&der).is_ok());
    for len in 0..der.len() {
        assert!(
            CertificateFile::from_bytes(&der[..len]).is_err(),
            "{len} bytes"
        );
    }
    let longer = [&der[..], &[0]].concat();
    assert!(CertificateFile::from_bytes(&longer).is_err());
    let mut read = 0;
    for place in 0..der.len() {
        for bit in 0..8 {
            let mut changed = der.clone();
            changed[place] ^= 1 << bit;
            if let Ok(certificate) = CertificateFile::from_bytes(&changed) {
                read += 1;
                let shown = format!("{} {}", certificate.subject(), certificate.issuer());
                assert!(!shown.is_empty());
                for name in certificate.extensions().alternative_names() {
                    assert!(!name.to_string().is_empty());
                }
                let _ = certificate.public_key();
            }
        }
    }
    assert!(read > 1000, "{read}");
}

#[test]
fn errors_say_what_the_file_is_not() {
    let key = key_file("rsa2048.pkcs8.pem");
    let error = CertificateFile::from_bytes(&key).unwrap_err();
    assert!(
        error
            .to_string()
            .contains("found a private key where a certificate is needed"),
        "{error}"
    );
    let error = RequestFile::from_bytes(&key).unwrap_err();
    let malformed = |document, offset| EnrolError::Malformed { document, offset };
    assert_eq!(error, malformed(Document::Request, 0));
    let text = common_name(UTF8, b"\xFF");
    let pair = key_pair(2048);
    let der = Made::new(text, common_name(UTF8, b"x"), &pair).sign(&pair);
    let error = CertificateFile::from_bytes(&der).unwrap_err();
    let EnrolError::Malformed { document, offset } = error else {
        panic!("{error}")
    };
    assert_eq!((document, der[offset]), (Document::Certificate, 0xFF));
    let twice = extension(KEY_USAGE, true, &[3, 2, 1, 6]);
    let made = Made::new(sequence(&[]), sequence(&[]), &pair);
    let der = made.with(twice.clone()).with(twice).sign(&pair);
    assert_eq!(
        CertificateFile::from_bytes(&der).unwrap_err().name(),
        "malformed-certificate"
    );
    assert!(oid("2.5.4.3").len() == 5);
}

/// With the zero that keeps a number positive, and without; zero itself keeps it.
#[test]
fn serial_numbers_are_those_that_openssl_shows() {
    let openssl = OpenSsl::default();
    let key = key_pair(2048);
    let name = || common_name(UTF8, b"leaf");
    let serials: [&[u8]; 6] = [
        &[1],
        &[0],
        &[0, 0x80],
        &[0x7F, 0],
        &[0, 0xFF, 1],
        &[0x5A; 20],
    ];
    for serial in serials {
        let mut made = Made::new(name(), name(), &key);
        made.serial = serial.to_vec();
        let der = made.sign(&key);
        openssl.write("serial.der", &der);
        let said = openssl.run("x509 -in serial.der -inform DER -noout -serial");
        let said = String::from_utf8(said).unwrap();
        let read = CertificateFile::from_bytes(&der).unwrap();
        assert_eq!(said.trim(), format!("serial={}", read.serial()));
        // For logs it is the same, and stands in what is shown of the certificate.
        let shown = format!("{:?}", read.serial());
        assert_eq!(shown, read.serial().to_string());
        let whole = format!("{read:?}");
        assert!(whole.contains(&shown) && whole.contains("leaf"), "{whole}");
    }
}
