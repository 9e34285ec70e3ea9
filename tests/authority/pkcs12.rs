//! PKCS#12 files (RFC 7292): what is written is read by OpenSSL, what OpenSSL writes is read, and what is damaged,
//! changed or takes too long is refused.

use std::collections::BTreeSet;
use std::fs;

use daxsign_core::{PrivateKey, RandomnessFailed, Sha256};
use daxsign_pki::{Pkcs12, PkiError, certificate_pem, write_pkcs12};
use daxsign_tests::cases::{key_file, key_path};
use daxsign_tests::made_certificate::element;
use daxsign_tests::openssl::OpenSsl;
use daxsign_tests::public_vectors::{pkcs12_files, pkits};

const PASSPHRASE: &str = "correct horse battery staple";
const PASS: &str = "-passout file:pass";

fn random(bytes: &mut [u8]) -> Result<(), RandomnessFailed> {
    for (place, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::try_from(place % 251).map_err(|_| RandomnessFailed)?;
    }
    Ok(())
}

fn key() -> PrivateKey {
    PrivateKey::from_bytes(&key_file("rsa2048.pkcs8.pem")).expect("a key")
}

/// A root, one below it, and a client's certificate below that for the key `key.pem`; the passphrase in `pass`.
fn with_chain() -> OpenSsl {
    let openssl = OpenSsl::default();
    openssl.write("pass", format!("{PASSPHRASE}\n"));
    openssl.write("key.pem", key_file("rsa2048.pkcs8.pem"));
    let root = key_path("rsa4096.pkcs8.pem");
    let middle = key_path("rsa3072.pkcs8.pem");
    let (root, middle) = (root.display(), middle.display());
    openssl.run(&format!(
        "req -x509 -new -key {root} -subj /CN=root -days 90 -out root.pem"
    ));
    openssl.write("ca.cnf", "basicConstraints = critical, CA:TRUE\n");
    for (key, name, above, above_key) in [
        (middle.to_string(), "middle", "root", root.to_string()),
        ("key.pem".to_owned(), "client", "middle", middle.to_string()),
    ] {
        openssl.run(&format!(
            "req -new -key {key} -subj /CN={name} -out {name}.csr"
        ));
        openssl.run(&format!(
            "x509 -req -in {name}.csr -CA {above}.pem -CAkey {above_key} -set_serial 2 -days 30 -extfile ca.cnf -out {name}.pem"
        ));
    }
    openssl
}

fn exported(openssl: &OpenSsl, more: &str) -> Vec<u8> {
    openssl.run(&format!(
        "pkcs12 -export -inkey key.pem -in client.pem {more} -out made.p12"
    ));
    openssl.read("made.p12")
}

fn pem(openssl: &OpenSsl, file: &str) -> String {
    let pem = openssl.run(&format!("x509 -in {file}"));
    String::from_utf8(pem).expect("text")
}

#[test]
fn openssl_reads_what_is_written() {
    let openssl = with_chain();
    let chain = [openssl.read("root.pem"), openssl.read("middle.pem")].concat();
    let files = [&*chain, &*openssl.read("client.pem"), &*chain];
    for name in [None, Some("Änna 🔑")] {
        let file = write_pkcs12(&key(), &files, name, PASSPHRASE, &mut random).expect("a file");
        openssl.write("own.p12", &file);
        let output = openssl.try_run("pkcs12 -in own.p12 -info -noenc -passin file:pass");
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{said}");
        let parts = "PBES2, PBKDF2, AES-256-CBC, Iteration 300000, PRF hmacWithSHA256";
        assert_eq!(said.matches(parts).count(), 2, "{said}");
        assert!(said.contains("MAC: sha256, Iteration 300000"), "{said}");
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        let blocks = |text: &str| {
            let mut all = BTreeSet::new();
            for block in text.split("-----BEGIN CERTIFICATE").skip(1) {
                let end = block.find("-----END ").expect("an end");
                all.insert(block[..end].to_owned());
            }
            all
        };
        let certificates = ["root.pem", "middle.pem", "client.pem"].map(|file| pem(&openssl, file));
        assert_eq!(blocks(&text), blocks(&certificates.concat()));
        assert_eq!(blocks(&text).len(), 3);
        openssl.write("out.pem", &text);
        let said = openssl.run("rsa -in out.pem -check -noout");
        assert!(said.starts_with(b"RSA key ok"), "{name:?}");
        let public = openssl.run("pkey -in out.pem -pubout");
        assert_eq!(public, openssl.run("pkey -in key.pem -pubout"));
        // The key and its certificate have the same mark, and no other has one.
        assert_eq!(text.matches("localKeyID").count(), 2, "{text}");
        let client = text
            .split("subject=CN = client")
            .next()
            .expect("the client");
        assert!(client.contains("localKeyID"), "{text}");
        assert_eq!(
            text.matches("friendlyName").count(),
            if name.is_some() { 2 } else { 0 }
        );
        let read = Pkcs12::from_bytes(&file, PASSPHRASE).expect("it is read again");
        assert_eq!(read.name(), name);
        assert!(!read.is_old() && read.others() == 0);
    }
}

/// What OpenSSL is told, and whether something in it is old.
const WAYS: [(&str, bool); 14] = [
    ("", false),
    ("-name client", false),
    ("-keypbe AES-128-CBC -certpbe AES-192-CBC", false),
    ("-keypbe NONE", false),
    ("-certpbe NONE", false),
    ("-keypbe NONE -certpbe NONE", false),
    ("-macalg sha1", false),
    ("-macalg sha384", false),
    ("-macalg sha512", false),
    ("-nomaciter -iter 1", false),
    (
        "-keypbe PBE-SHA1-3DES -certpbe PBE-SHA1-3DES -macalg sha1",
        true,
    ),
    ("-keypbe PBE-SHA1-2DES", true),
    ("-legacy", true),
    (
        "-legacy -certpbe PBE-SHA1-RC2-128 -keypbe PBE-SHA1-RC2-40",
        true,
    ),
];

#[test]
fn what_openssl_writes_is_read() {
    let openssl = with_chain();
    // In the wrong order, and one twice.
    let more = [
        openssl.read("root.pem"),
        openssl.read("middle.pem"),
        openssl.read("root.pem"),
    ];
    openssl.write("more.pem", more.concat());
    let expected = ["client.pem", "middle.pem", "root.pem"].map(|file| pem(&openssl, file));
    let mut count = 0;
    for (way, is_old) in WAYS {
        let file = exported(
            &openssl,
            format!("-certfile more.pem {PASS} {way}").trim_end(),
        );
        let read =
            Pkcs12::from_bytes(&file, PASSPHRASE).unwrap_or_else(|error| panic!("{way}: {error}"));
        assert!(
            read.key().expect("a key").public_key() == key().public_key(),
            "{way}"
        );
        let certificates = read.certificates().iter().map(|der| certificate_pem(der));
        assert_eq!(certificates.collect::<Vec<_>>(), expected, "{way}");
        assert_eq!(read.is_old(), is_old, "{way}");
        assert_eq!(
            read.name(),
            way.contains("-name").then_some("client"),
            "{way}"
        );
        assert_eq!(read.others(), 0, "{way}");
        count += 1;
    }
    assert_eq!(count, WAYS.len());
}

#[test]
fn certificates_may_come_without_a_key() {
    let openssl = with_chain();
    openssl.run("pkcs12 -export -nokeys -in root.pem -passout file:pass -out made.p12");
    let read = Pkcs12::from_bytes(&openssl.read("made.p12"), PASSPHRASE).expect("a file");
    assert!(read.key().is_none());
    assert_eq!(read.certificates().len(), 1);
}

#[test]
fn a_passphrase_is_the_same_to_both() {
    let openssl = with_chain();
    for passphrase in ["", "secret", "smörgåsbord", "ключ 🔑"] {
        openssl.write("pass", format!("{passphrase}\n"));
        for way in ["", "-legacy"] {
            let file = exported(&openssl, format!("{PASS} {way}").trim_end());
            assert!(
                Pkcs12::from_bytes(&file, passphrase).is_ok(),
                "{passphrase} {way}"
            );
            for wrong in [
                format!("{passphrase}x"),
                " ".to_owned(),
                "Secret".to_owned(),
                String::new(),
            ] {
                if wrong != passphrase {
                    let refused = Pkcs12::from_bytes(&file, &wrong);
                    assert!(
                        matches!(refused, Err(PkiError::WrongPassphrase)),
                        "{wrong} for {passphrase}"
                    );
                }
            }
        }
        if !passphrase.is_empty() {
            let certificate = openssl.read("client.pem");
            let file = write_pkcs12(&key(), &[&certificate], None, passphrase, &mut random);
            openssl.write("own.p12", file.expect("a file"));
            openssl.run("pkcs12 -in own.p12 -noout -passin file:pass");
        }
    }
}

/// Few iterations, so that much can be tried.
fn quick(openssl: &OpenSsl) -> Vec<u8> {
    exported(openssl, &format!("{PASS} -nomaciter -iter 1"))
}

#[test]
fn what_is_cut_off_or_changed_is_refused() {
    let openssl = with_chain();
    let file = quick(&openssl);
    assert!(Pkcs12::from_bytes_within(&file, PASSPHRASE, 10).is_ok());
    for len in 0..file.len() {
        let refused = Pkcs12::from_bytes_within(&file[..len], PASSPHRASE, 10);
        assert!(matches!(refused, Err(PkiError::MalformedPkcs12)), "{len}");
    }
    let longer = [&*file, &[0]].concat();
    let refused = Pkcs12::from_bytes(&longer, PASSPHRASE);
    assert!(matches!(refused, Err(PkiError::MalformedPkcs12)));
    for place in 0..file.len() {
        for bit in [1, 0x80] {
            let mut changed = file.clone();
            changed[place] ^= bit;
            let read = Pkcs12::from_bytes_within(&changed, PASSPHRASE, 10);
            assert!(read.is_err(), "byte {place} changed by {bit}");
        }
    }
    // BER of indefinite length.
    let refused = Pkcs12::from_bytes(&[0x30, 0x80, 0x02, 0x01, 0x03, 0, 0], PASSPHRASE);
    assert!(matches!(refused, Err(PkiError::MalformedPkcs12)));
}

#[test]
fn no_file_says_how_long_it_takes() {
    let openssl = with_chain();
    // 2 048 for each: the MAC, the certificates and the key.
    for way in ["", "-legacy"] {
        let file = exported(&openssl, format!("{PASS} {way}").trim_end());
        assert!(Pkcs12::from_bytes_within(&file, PASSPHRASE, 3 * 2048).is_ok());
        for limit in [0, 2047, 2 * 2048 - 1, 3 * 2048 - 1] {
            let refused = Pkcs12::from_bytes_within(&file, PASSPHRASE, limit);
            assert!(
                matches!(refused, Err(PkiError::TooMuchWork { limit: said }) if said == limit),
                "{limit}"
            );
        }
    }
    // The last number in the file is that of the MAC: 2^31 - 1, and one of 64 bits.
    let file = exported(&openssl, PASS);
    for number in [&[0x7F, 0xFF, 0xFF, 0xFF][..], &[1, 0, 0, 0, 0, 0, 0, 0]] {
        let file = with_iterations(&file, number);
        let start = std::time::Instant::now();
        let refused = Pkcs12::from_bytes(&file, PASSPHRASE);
        assert!(matches!(
            refused,
            Err(PkiError::TooMuchWork { limit: 10_000_000 })
        ));
        assert!(start.elapsed().as_millis() < 100);
    }
    for number in [&[0][..], &[0xFF]] {
        let refused = Pkcs12::from_bytes(&with_iterations(&file, number), PASSPHRASE);
        assert!(
            matches!(refused, Err(PkiError::MalformedPkcs12)),
            "{number:?}"
        );
    }
}

/// The file with another number at the end of its MacData, whose lengths are right again.
fn with_iterations(file: &[u8], number: &[u8]) -> Vec<u8> {
    /// MacData with SHA-256, a salt of 8 bytes and 2 048 iterations.
    const MAC_LEN: usize = 0x41;
    let (before, mac) = file.split_at(file.len() - MAC_LEN);
    assert!(before.ends_with(&[0x30, 0x41]) && mac.ends_with(&[2, 2, 8, 0]));
    let len = |bytes: &[u8]| u8::try_from(bytes.len()).unwrap();
    let mac = [&mac[..MAC_LEN - 4], &[2, len(number)], number].concat();
    let rest = [&before[4..before.len() - 1], &[len(&mac)], &mac].concat();
    let len = u16::try_from(rest.len()).unwrap().to_be_bytes();
    [&[0x30, 0x82], &len[..], &rest].concat()
}

#[test]
fn what_nothing_protects_is_not_taken() {
    let openssl = with_chain();
    let file = exported(&openssl, &format!("{PASS} -nomac"));
    let refused = Pkcs12::from_bytes(&file, PASSPHRASE);
    assert!(matches!(refused, Err(PkiError::NoMac)));
}

/// MacData with SHA-256, 8 bytes of salt, one iteration and no passphrase at all, not even the end of an empty one
/// (RFC 7292 4, and B.2 with an empty P).
fn mac_of_nobody(content: &[u8]) -> Vec<u8> {
    const SALT: [u8; 8] = *b"saltsalt";
    const BLOCK: usize = 64;
    let salt: Vec<u8> = SALT.iter().copied().cycle().take(BLOCK).collect();
    let key = Sha256::digest(&[&[3; BLOCK][..], &salt].concat());
    // RFC 2104.
    let padded = |with: u8| {
        let mut block = [with; BLOCK];
        for (byte, key) in block.iter_mut().zip(key) {
            *byte ^= key;
        }
        block
    };
    let inner = Sha256::digest(&[&padded(0x36)[..], content].concat());
    let mac = Sha256::digest(&[&padded(0x5C)[..], &inner].concat());
    let sha_256 = [0x30, 13, 6, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 1, 5, 0];
    let digest = element(0x30, &[&sha_256[..], &element(4, &mac)].concat());
    let parts = [digest, element(4, &SALT), vec![2, 1, 1]].concat();
    element(0x30, &parts)
}

/// Whoever has no passphrase can make such a file: for one who gives a passphrase it proves nothing.
#[test]
fn a_mac_without_a_passphrase_is_not_one_for_a_passphrase() {
    let openssl = with_chain();
    let plain = "-nomac -keypbe NONE -certpbe NONE";
    let file = exported(&openssl, &format!("{PASS} {plain}"));
    // Behind the heads of PFX, version, ContentInfo with its type, [0] and OCTET STRING.
    let (heads, content) = file.split_at(4 + 3 + 4 + 11 + 4 + 4);
    let pfx = [&heads[4..], content, &mac_of_nobody(content)].concat();
    let file = element(0x30, &pfx);
    openssl.write("nobody.p12", &file);
    openssl.run("pkcs12 -in nobody.p12 -noout -passin pass:");
    let opened = Pkcs12::from_bytes(&file, "").expect("without a passphrase");
    assert!(opened.key().is_some() && opened.key_is_bare());
    for passphrase in [PASSPHRASE, " "] {
        let refused = Pkcs12::from_bytes(&file, passphrase);
        assert!(
            matches!(refused, Err(PkiError::WrongPassphrase)),
            "{passphrase}: {refused:?}"
        );
    }
}

#[test]
fn a_file_is_for_a_key_and_its_certificate() {
    let openssl = with_chain();
    let (root, client) = (openssl.read("root.pem"), openssl.read("client.pem"));
    let write = |files: &[&[u8]], passphrase: &str| {
        write_pkcs12(&key(), files, None, passphrase, &mut random)
    };
    for files in [&[][..], &[&*root]] {
        assert!(matches!(
            write(files, PASSPHRASE),
            Err(PkiError::NotItsCertificate)
        ));
    }
    assert!(matches!(
        write(&[&client], ""),
        Err(PkiError::EmptyPassphrase)
    ));
    assert!(matches!(
        write(&[&client, b"none"], PASSPHRASE),
        Err(PkiError::Enrol(_))
    ));
    let broken = &mut |_: &mut [u8]| Err(RandomnessFailed);
    let refused = write_pkcs12(&key(), &[&client], None, PASSPHRASE, broken);
    assert_eq!(
        refused.expect_err("no randomness").name(),
        "randomness-failed"
    );
}

#[test]
fn keys_that_are_not_rsa_are_refused() {
    let openssl = with_chain();
    openssl.run("ecparam -name prime256v1 -genkey -noout -out key.pem");
    openssl.run("req -x509 -new -key key.pem -subj /CN=ec -days 30 -out client.pem");
    let refused = Pkcs12::from_bytes(&exported(&openssl, PASS), PASSPHRASE);
    assert_eq!(refused.expect_err("no RSA").name(), "unsupported-key");
}

/// NIST's files for its Public Key Interoperability Test Suite: triple DES, made in 2010.
#[test]
fn nist_s_files_are_read() {
    let folder = pkits();
    let (mut read, mut refused) = (0, BTreeSet::new());
    for entry in fs::read_dir(folder.join("pkcs12")).expect("a folder") {
        let path = entry.expect("a file").path();
        let name = path
            .file_stem()
            .expect("a name")
            .to_string_lossy()
            .into_owned();
        match Pkcs12::from_bytes(&fs::read(&path).expect("a file"), "password") {
            Ok(opened) => {
                let own =
                    fs::read(folder.join(format!("certs/{name}.crt"))).expect("its certificate");
                assert!(opened.key().is_some() && opened.is_old(), "{name}");
                assert_eq!(opened.certificates().first(), Some(&own), "{name}");
                read += 1;
            }
            Err(error) => {
                refused.insert((error.name(), name));
            }
        }
    }
    let dsa = [
        "DSACACert",
        "DSAParametersInheritedCACert",
        "InvalidDSASignatureTest6EE",
        "ValidDSAParameterInheritanceTest5EE",
        "ValidDSASignaturesTest4EE",
    ];
    let expected = dsa.map(|name| ("unsupported-key", name.to_owned()));
    assert_eq!((read, refused), (400, BTreeSet::from(expected)));
}

/// Files of the tests of Python's `cryptography`, made by OpenSSL, Java and others.
#[test]
fn other_programs_files_are_read() {
    let openssl = OpenSsl::default();
    let mut count = 0;
    for entry in fs::read_dir(pkcs12_files()).expect("a folder") {
        let path = entry.expect("a file").path();
        let name = path
            .file_name()
            .expect("a name")
            .to_string_lossy()
            .into_owned();
        if path.extension().is_none_or(|extension| extension != "p12") {
            continue;
        }
        let passphrase = match &*name {
            name if name.ends_with("-no-pwd.p12")
                || ["no-password.p12", "java-truststore.p12"].contains(&name) =>
            {
                ""
            }
            name if name.ends_with("-pwd.p12") => "password",
            _ => "cryptography",
        };
        let file = path.display();
        let text = openssl.run(&format!(
            "pkcs12 -in {file} -passin pass:{passphrase} -noenc -legacy"
        ));
        let text = String::from_utf8_lossy(&text);
        let certificates = text.matches("BEGIN CERTIFICATE").count();
        let has_key = text.contains("BEGIN PRIVATE KEY");
        match Pkcs12::from_bytes(&fs::read(&path).expect("a file"), passphrase) {
            Ok(opened) => {
                assert_eq!(opened.certificates().len(), certificates, "{name}");
                assert_eq!(opened.key().is_some(), has_key, "{name}");
            }
            // All keys there are on curves.
            Err(error) => assert!(
                has_key && error.name() == "unsupported-key",
                "{name}: {error}"
            ),
        }
        count += 1;
    }
    assert_eq!(count, 31);
}

#[test]
fn no_file_holds_certificates_without_end() {
    let openssl = with_chain();
    let root = openssl.run("x509 -in root.pem -outform DER");
    // Each another: its last byte is part of the signature, which is not judged.
    let mut all = String::new();
    for number in 0..1001_u16 {
        let mut other = root.clone();
        let len = other.len();
        other[len - 2..].copy_from_slice(&number.to_be_bytes());
        all += &certificate_pem(&other);
        if number == 999 {
            openssl.write("thousand.pem", &all);
        }
    }
    openssl.write("more.pem", &all);
    for (file, is_read) in [("thousand.pem", true), ("more.pem", false)] {
        openssl.run(&format!(
            "pkcs12 -export -nokeys -in {file} {PASS} -out made.p12"
        ));
        let read = Pkcs12::from_bytes(&openssl.read("made.p12"), PASSPHRASE);
        match read {
            Ok(read) => assert!(is_read && read.certificates().len() == 1000),
            Err(error) => assert!(
                !is_read && matches!(error, PkiError::TooManyCertificates),
                "{error}"
            ),
        }
    }
}
