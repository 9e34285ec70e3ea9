//! An authority in its folder: what a person and OpenSSL find there, and that it is whole whatever happens.

use std::collections::BTreeSet;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use daxsign_core::{
    CertificateFile, CertificateRequest, KeyEncoding, ObjectIdentifier, PrivateKey,
    RandomnessFailed, Timestamp,
};
use daxsign_pki::{
    Access, Asked, Authority, Entry, Founding, NewAuthority, PkiError, Profile, Reason,
    SerialNumber, Terms, Validity, decrypt_key, encrypt_key, issue_root,
};
use daxsign_tests::cases::key_file;
use daxsign_tests::folder::Folder;
use daxsign_tests::openssl::OpenSsl;

const PASSPHRASE: &[u8] = b"correct horse battery staple";
/// Set for this program when it runs as the process that issues until it is ended.
const WORKER: &str = "DAXSIGN_TEST_AUTHORITY";
const LONGEST: Duration = Duration::from_mins(2);
/// What stands for the file of an encrypted key, whose making takes long.
const KEY_FILE: &str = "a key, encrypted\n";

fn time(text: &str) -> Timestamp {
    Timestamp::parse(text).expect("a time")
}

/// The operating system's.
fn random(bytes: &mut [u8]) -> Result<(), RandomnessFailed> {
    use std::io::Read;
    let source = fs::File::open("/dev/urandom");
    let filled = source.and_then(|mut source| source.read_exact(bytes));
    filled.map_err(|_| RandomnessFailed)
}

fn key() -> PrivateKey {
    PrivateKey::from_bytes(&key_file("rsa2048.pkcs8.pem")).expect("a key")
}

/// That of who asks the authority.
fn clients_key() -> PrivateKey {
    PrivateKey::from_bytes(&key_file("rsa4096.pkcs8.pem")).expect("a key")
}

fn asked(name: &str) -> Asked {
    asked_for(name, &clients_key())
}

fn asked_for(name: &str, key: &PrivateKey) -> Asked {
    let oid = ObjectIdentifier::parse("2.5.4.3").expect("an OID");
    let mut request = CertificateRequest::new(key.public_key());
    request.add_name(&oid, name).expect("a name");
    let mut der = vec![0; request.encoded_len(KeyEncoding::Der)];
    request
        .write(key, KeyEncoding::Der, &mut der)
        .expect("a request");
    Asked::from_request(&der).expect("a request")
}

const VALIDITY: (&str, &str) = ("2026-01-01T00:00:00Z", "2046-01-01T00:00:00Z");

fn validity() -> Validity {
    Validity {
        not_before: time(VALIDITY.0),
        not_after: time(VALIDITY.1),
    }
}

fn root(path_len: Option<u8>) -> Vec<u8> {
    let key = key();
    let terms = Terms {
        profile: Profile::Authority { path_len },
        serial: SerialNumber::parse("C0FFEE").expect("a number"),
        not_before: validity().not_before,
        not_after: validity().not_after,
    };
    issue_root(&asked_for("Root", &key), key.public_key(), &terms, &key).expect("a root")
}

/// A root's folder, whose key is kept elsewhere.
fn made(folder: &Path) {
    made_with(folder, None).expect("an authority");
}

fn made_with(folder: &Path, encrypted: Option<&str>) -> Result<(), PkiError> {
    let new = NewAuthority {
        certificate: &root(None),
        above: &[],
        earlier: None,
        list_times: (time("2026-01-01T00:00:00Z"), time("2036-01-01T00:00:00Z")),
    };
    Authority::create(folder, encrypted, &new, &key())
}

fn issue_one(authority: &mut Authority, name: &str) -> SerialNumber {
    let terms = (Profile::Dax, validity());
    let issued = authority.issue(&asked(name), terms, &mut random, &key());
    issued.expect("a certificate").serial
}

/// A root's folder with one certificate, and its number.
fn made_with_one(folder: &Path) -> SerialNumber {
    made(folder);
    let mut authority = Authority::open(folder, Access::Change).expect("the authority");
    issue_one(&mut authority, "one")
}

fn files(folder: &Path) -> BTreeSet<String> {
    let entries = fs::read_dir(folder).expect("a folder");
    entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect()
}

#[test]
fn the_key_at_rest_is_openssls_and_opens_with_the_passphrase_alone() {
    let openssl = OpenSsl::default();
    let encrypted = encrypt_key(&key(), PASSPHRASE, &mut random).expect("a file");
    openssl.write("key.pem", &encrypted);
    openssl.write("pass", PASSPHRASE);
    openssl.write("new", PASSPHRASE);
    let plain = openssl.run("pkey -in key.pem -passin file:pass");
    assert!(*PrivateKey::from_bytes(&plain).unwrap().public_key() == *key().public_key());
    let told = openssl.run("asn1parse -in key.pem");
    let told = String::from_utf8(told).unwrap();
    for part in [
        "PBES2",
        "PBKDF2",
        "hmacWithSHA256",
        "aes-256-cbc",
        ":0927C0",
    ] {
        assert!(told.contains(part), "{part}: {told}");
    }
    assert_ne!(
        encrypt_key(&key(), PASSPHRASE, &mut random).unwrap(),
        encrypted
    );

    openssl.run("pkcs8 -topk8 -in key.pem -passin file:pass -passout file:new -v2 aes-256-cbc -out theirs.pem");
    let opened = decrypt_key(&openssl.read("theirs.pem"), PASSPHRASE).expect("OpenSSL's file");
    assert!(*opened.public_key() == *key().public_key());
    let theirs = openssl.read("theirs.pem");
    for (before, after) in [
        (&b""[..], &b"\n\n"[..]),
        (b"\xEF\xBB\xBF", b""),
        (b"Bag Attributes\n    friendlyName: G\xF6teborg\n", b"\r\n"),
        (&root(None), b""),
    ] {
        let opened = decrypt_key(&[before, &theirs, after].concat(), PASSPHRASE);
        opened.expect("whatever stands around it");
    }
    openssl.run("genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -aes256 -pass file:pass -out curve.pem");
    let refused = decrypt_key(&openssl.read("curve.pem"), PASSPHRASE).map(drop);
    assert!(matches!(refused, Err(PkiError::Enrol(_))), "{refused:?}");
    for wrong in [
        &b""[..],
        b"correct horse battery stapl",
        b"Correct horse battery staple",
    ] {
        let refused = decrypt_key(encrypted.as_bytes(), wrong).map(drop);
        assert!(matches!(refused, Err(PkiError::WrongPassphrase)));
    }
    let refused = decrypt_key(&key_file("rsa2048.pkcs8.pem"), PASSPHRASE).map(drop);
    assert!(matches!(refused, Err(PkiError::DamagedKey)));
    let refused = encrypt_key(&key(), b"", &mut random);
    assert!(matches!(refused, Err(PkiError::EmptyPassphrase)));
}

/// Whoever writes a key's file chooses what opening it costs; no more is spent than a careful owner asks for.
#[test]
fn the_work_to_open_a_key_is_bounded() {
    const LONGEST: Duration = Duration::from_secs(5);
    let openssl = OpenSsl::default();
    let encrypted = encrypt_key(&key(), PASSPHRASE, &mut random).expect("a file");
    openssl.write("key.pem", &encrypted);
    openssl.write("pass", PASSPHRASE);
    openssl.write("new", PASSPHRASE);
    let ours = openssl.run("pkey -in key.pem -passin file:pass -outform DER");
    openssl.write("plain.der", &ours);
    let scrypt = "pkcs8 -topk8 -inform DER -in plain.der -passout file:pass -outform DER";
    let small = openssl.run(&format!("{scrypt} -scrypt -scrypt_N 1024"));
    // INTEGER 1024 becomes 2^26 (64 GiB), which has two bytes more.
    let place = small.windows(4).position(|four| four == [2, 2, 4, 0]);
    let place = place.expect("its N");
    let huge = [&small[..place], &[2, 4, 4, 0, 0, 0], &small[place + 4..]].concat();
    let pbkdf2 = openssl.run(&format!("{scrypt} -v2 aes-256-cbc -iter 9999999"));
    // 9 999 999 becomes 10 000 001.
    let count = [2, 4, 0, 0x98, 0x96, 0x7F];
    let place = pbkdf2.windows(count.len()).position(|part| part == count);
    let mut many = pbkdf2;
    many[place.expect("its iterations") + 5] = 0x81;
    let opens = |der: &[u8]| {
        let block = daxsign_tests::made_certificate::pem("ENCRYPTED PRIVATE KEY", der);
        decrypt_key(block.as_bytes(), PASSPHRASE).map(drop)
    };
    opens(&small).expect("scrypt as people use it");
    let started = Instant::now();
    for costly in [lengthened(huge), many] {
        let refused = opens(&costly);
        assert!(matches!(refused, Err(PkiError::KeyCost)), "{refused:?}");
    }
    assert!(started.elapsed() < LONGEST);
}

/// The lengths of the structures around scrypt's parameters, two more each.
fn lengthened(mut der: Vec<u8>) -> Vec<u8> {
    let scrypt = [6, 9, 0x2B, 6, 1, 4, 1, 0xDA, 0x47, 4, 0x0B];
    let oid = der.windows(scrypt.len()).position(|part| part == scrypt);
    let oid = oid.expect("scrypt");
    // The parameters behind it; before it the function, the parameters of PBES2, the algorithm, and the whole.
    for place in [oid + 12, oid - 1, oid - 3, oid - 3 - 13] {
        assert!(der[place] < 0x7E, "a short length at {place}");
        der[place] += 2;
    }
    let [high, low] = [der[2], der[3]];
    let len = u16::from_be_bytes([high, low]) + 2;
    der[2..4].copy_from_slice(&len.to_be_bytes());
    der
}

/// Meanwhile others work in the folder: what a person saw before is judged again when it is done.
#[test]
fn what_was_revoked_meanwhile_is_not_renewed_and_a_stolen_key_gets_nothing() {
    let folder = Folder::default();
    let path = folder.path("root");
    made(&path);
    let now = time("2026-11-01T00:00:00Z");
    let granted = (Profile::Dax, validity());
    let mut authority = Authority::open(&path, Access::Change).unwrap();
    let serial = issue_one(&mut authority, "one");
    let renewed = authority.renew(&serial, &asked("one"), granted, &mut random, &key());
    let renewed = renewed.expect("a certificate").serial;
    authority.revoke(&renewed, Reason::Superseded, now).unwrap();
    let refused = authority.renew(&renewed, &asked("one"), granted, &mut random, &key());
    assert!(matches!(refused, Err(PkiError::AlreadyRevoked { .. })));
    let anew = authority.issue(&asked("one"), granted, &mut random, &key());
    anew.expect("the key is good");
    authority
        .revoke(&serial, Reason::KeyCompromise, now)
        .unwrap();
    let refused = authority.issue(&asked("another"), granted, &mut random, &key());
    assert!(
        matches!(&refused, Err(PkiError::CompromisedKey { serial: told }) if *told == serial.to_string()),
        "{refused:?}"
    );
    let other = PrivateKey::from_bytes(&key_file("rsa3072.pkcs8.pem")).unwrap();
    let anew = authority.issue(&asked_for("one", &other), granted, &mut random, &key());
    let anew = anew.expect("with a new key").serial;
    authority.revoke(&anew, Reason::CaCompromise, now).unwrap();
    let refused = authority.issue(&asked_for("two", &other), granted, &mut random, &key());
    assert!(
        matches!(&refused, Err(PkiError::CompromisedKey { serial: told }) if *told == anew.to_string()),
        "{refused:?}"
    );
}

#[test]
fn a_folder_is_made_whole_and_never_over_another() {
    let folder = Folder::default();
    let path = folder.path("root");
    let encrypted = encrypt_key(&key(), PASSPHRASE, &mut random).unwrap();
    made_with(&path, Some(&encrypted)).expect("an authority");
    let expected = [
        "authority.crl",
        "authority.crt",
        "authority.key",
        "certificates",
        "lock",
        "register.txt",
    ];
    assert_eq!(files(&path), expected.map(str::to_owned).into());
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = |path: PathBuf| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(path.clone()), 0o700);
        assert_eq!(mode(path.join("authority.key")), 0o600);
    }
    assert!(matches!(
        made_with(&path, None),
        Err(PkiError::Exists { .. })
    ));
    let authority = Authority::open(&path, Access::Read).unwrap();
    assert!(*authority.unlock(PASSPHRASE).unwrap().public_key() == *key().public_key());
    assert!(matches!(
        authority.unlock(b"x").map(drop),
        Err(PkiError::WrongPassphrase)
    ));
    drop(authority);

    let other = folder.path("other");
    let new = NewAuthority {
        certificate: &root(None),
        above: &[],
        earlier: None,
        list_times: (time("2026-01-01T00:00:00Z"), time("2036-01-01T00:00:00Z")),
    };
    let wrong = PrivateKey::from_bytes(&key_file("rsa3072.pkcs8.pem")).unwrap();
    let refused = Authority::create(&other, None, &new, &wrong);
    assert!(matches!(refused, Err(PkiError::OtherKey)));
    assert_eq!(
        files(folder.root()),
        ["root".to_owned()].into(),
        "nothing is left"
    );
    let refused = Authority::open(&other, Access::Read);
    assert!(matches!(refused, Err(PkiError::NoAuthority { .. })));
    made(&other);
    let authority = Authority::open(&other, Access::Read).unwrap();
    assert!(matches!(
        authority.unlock(PASSPHRASE).map(drop),
        Err(PkiError::NoKey)
    ));
}

/// Once somebody has signed for a key it is not thrown away, whatever happens to its folder.
#[test]
fn a_key_that_was_signed_for_stays() {
    let folder = Folder::default();
    let path = folder.path("root");
    drop(Founding::begin(&path, Some("a key")).expect("a folder"));
    assert!(files(folder.root()).is_empty(), "nobody has signed for it");
    let mut founding = Founding::begin(&path, Some("a key")).expect("a folder");
    let kept = founding.keep();
    // Meanwhile something comes into its place.
    folder.write("root", "another");
    let new = NewAuthority {
        certificate: &root(None),
        above: &[],
        earlier: None,
        list_times: (time("2026-01-01T00:00:00Z"), time("2036-01-01T00:00:00Z")),
    };
    let refused = founding.finish(&new, &key());
    assert!(
        matches!(refused, Err(PkiError::Exists { .. })),
        "{refused:?}"
    );
    assert_eq!(fs::read_to_string(kept).expect("the key"), "a key");
    assert_eq!(fs::read_to_string(path).expect("the other"), "another");
}

#[test]
fn what_was_issued_is_kept_and_found_by_what_people_have() {
    let folder = Folder::default();
    let path = folder.path("root");
    made(&path);
    let mut authority = Authority::open(&path, Access::Change).unwrap();
    assert!(authority.issued_before(&asked("one")).unwrap().is_empty());
    let serial = issue_one(&mut authority, "one");
    issue_one(&mut authority, "two");
    drop(authority);

    let authority = Authority::open(&path, Access::Read).unwrap();
    let [one, two] = authority.entries() else {
        panic!("{:?}", authority.entries())
    };
    assert_eq!(
        (&one.serial, one.subject.as_str(), one.profile.as_str()),
        (&serial, "CN=one", "dax")
    );
    // The key is the same, the subject is not.
    let before = authority.issued_before(&asked("three")).unwrap();
    assert_eq!(before, [one, two]);
    let file = authority.read_issued(one).expect("its file");
    let openssl = OpenSsl::default();
    openssl.write("made.crt", &file);
    let thumbprint = |hash| {
        let said = openssl.run(&format!("x509 -in made.crt -noout -fingerprint -{hash}"));
        String::from_utf8(said)
            .unwrap()
            .split_once('=')
            .unwrap()
            .1
            .trim()
            .to_owned()
    };
    let (sha1, sha256) = (thumbprint("sha1"), thumbprint("sha256"));
    let lower = serial.to_string().to_ascii_lowercase();
    // Trap: as Windows gives it, with an invisible mark before it.
    let marked = format!("\u{200E}{}", sha1.replace(':', " ").to_ascii_lowercase());
    for text in [serial.to_string(), lower, sha1, sha256, marked] {
        assert_eq!(authority.find(&text).expect(&text), one);
    }
    assert_eq!(authority.find_certificate(&file).expect("its own"), one);
    for text in ["1234", &"AB".repeat(20), "nonsense"] {
        assert!(matches!(
            authority.find(text),
            Err(PkiError::NotIssued { .. })
        ));
    }
    let foreign = root(Some(3));
    assert!(matches!(
        authority.find_certificate(&foreign),
        Err(PkiError::NotIssued { .. })
    ));
}

/// Trap: by number, expired ones too; the list's number only ever grows, and it can be renewed alone.
#[test]
fn what_was_revoked_is_in_the_next_list_for_good() {
    let folder = Folder::default();
    let path = folder.path("root");
    made(&path);
    let mut authority = Authority::open(&path, Access::Change).unwrap();
    let (one, two) = (
        issue_one(&mut authority, "one"),
        issue_one(&mut authority, "two"),
    );
    let expired = Validity {
        not_before: time("2026-01-01T00:00:00Z"),
        not_after: time("2026-01-02T00:00:00Z"),
    };
    let three = authority.issue(
        &asked("three"),
        (Profile::Dax, expired),
        &mut random,
        &key(),
    );
    let three = three.expect("a certificate").serial;
    assert!(authority.list_is_current().unwrap());
    let now = time("2026-11-01T00:00:00Z");
    authority
        .revoke(&one, Reason::KeyCompromise, now)
        .expect("revoked");
    authority
        .revoke(&three, Reason::Unspecified, now)
        .expect("an expired one, too");
    assert!(
        !authority.list_is_current().unwrap(),
        "who trusts it does not know yet"
    );
    let again = authority.revoke(&one, Reason::Superseded, now);
    assert!(
        matches!(again, Err(PkiError::AlreadyRevoked { time }) if time == "2026-11-01T00:00:00Z")
    );
    let nobody = SerialNumber::parse("77").unwrap();
    assert!(matches!(
        authority.revoke(&nobody, Reason::Unspecified, now),
        Err(PkiError::NotIssued { .. })
    ));
    let next = time("2026-12-01T00:00:00Z");
    assert_eq!(authority.renew_list(now, next, &key()).expect("a list"), 2);
    drop(authority);

    for number in 3..5 {
        let mut authority = Authority::open(&path, Access::Change).unwrap();
        assert!(authority.list_is_current().unwrap());
        assert_eq!(authority.renew_list(now, next, &key()).unwrap(), number);
        let list = authority.list().unwrap();
        assert_eq!(
            (list.number(), list.len(), list.next_update()),
            (Some(number), 2, Some(next))
        );
    }
    let openssl = OpenSsl::default();
    for (serial, revoked) in [(&one, true), (&two, false)] {
        let root = path.join("authority.crt");
        let (root, list) = (root.display(), path.join("authority.crl"));
        let file = path.join(format!("certificates/{serial}.crt"));
        let said = openssl.try_run(&format!(
            "verify -attime 1793600000 -CAfile {root} -crl_check -CRLfile {} {}",
            list.display(),
            file.display()
        ));
        let error = String::from_utf8_lossy(&said.stderr).into_owned();
        assert_eq!(said.status.success(), !revoked, "{error}");
        assert_eq!(error.contains("certificate revoked"), revoked, "{error}");
    }
}

/// Trap: a clock that went back, or a person who took long to answer.
#[test]
fn a_newer_list_has_no_earlier_time() {
    let folder = Folder::default();
    let path = folder.path("root");
    made(&path);
    let mut authority = Authority::open(&path, Access::Change).unwrap();
    let (first, next) = (time("2026-11-02T00:00:00Z"), time("2026-12-01T00:00:00Z"));
    authority.renew_list(first, next, &key()).unwrap();
    let earlier = time("2026-11-01T00:00:00Z");
    authority.renew_list(earlier, next, &key()).unwrap();
    assert_eq!(authority.list().unwrap().this_update(), first);
    let refused = authority.renew_list(earlier, first, &key());
    assert!(matches!(refused, Err(PkiError::NoTime)), "{refused:?}");
    assert!(authority.list_is_current().unwrap(), "nothing was begun");
}

#[test]
fn an_intermediate_is_trusted_through_its_root() {
    let folder = Folder::default();
    let (above, below) = (folder.path("root"), folder.path("below"));
    made(&above);
    let other = PrivateKey::from_bytes(&key_file("rsa3072.pkcs8.pem")).unwrap();
    let oid = ObjectIdentifier::parse("2.5.4.3").unwrap();
    let mut request = CertificateRequest::new(other.public_key());
    request.add_name(&oid, "Below").unwrap();
    let mut der = vec![0; request.encoded_len(KeyEncoding::Der)];
    request.write(&other, KeyEncoding::Der, &mut der).unwrap();
    let mut root = Authority::open(&above, Access::Change).unwrap();
    let terms = (Profile::Authority { path_len: Some(0) }, validity());
    let issued = root.issue(
        &Asked::from_request(&der).unwrap(),
        terms,
        &mut random,
        &key(),
    );
    let issued = issued.expect("an authority");
    let new = NewAuthority {
        certificate: issued.pem.as_bytes(),
        above: root.certificate(),
        earlier: None,
        list_times: (time("2026-01-01T00:00:00Z"), time("2036-01-01T00:00:00Z")),
    };
    Authority::create(&below, None, &new, &other).expect("an authority");
    let mut authority = Authority::open(&below, Access::Change).unwrap();
    let leaf = authority.issue(
        &asked("leaf"),
        (Profile::Dax, validity()),
        &mut random,
        &other,
    );
    let leaf = leaf.expect("a certificate").file;
    let openssl = OpenSsl::default();
    openssl.run(&format!(
        "verify -attime 1793600000 -CAfile {} -untrusted {} {}",
        above.join("authority.crt").display(),
        below.join("authority.crt").display(),
        leaf.display()
    ));
}

/// The register is text that people may open; what they break there is told by its line.
#[test]
fn a_register_that_was_changed_is_refused_by_its_line() {
    let folder = Folder::default();
    let path = folder.path("root");
    let serial = made_with_one(&path);
    let register = path.join("register.txt");
    let good = fs::read_to_string(&register).unwrap();
    assert_eq!(good.lines().count(), 3, "{good}");
    for changed in [
        good.replace("issued\t", "isued\t"),
        format!("{good}revoked\t2026-01-01T00:00:00Z\t{serial}\tboredom\n"),
        format!("{good}revoked\t2026-01-01T00:00:00Z\t77\tsuperseded\n"),
        format!("{good}listed\t2026-01-01T00:00:00Z\t1\n"),
        format!("{good}{}\n", good.lines().last().unwrap()),
        format!("{good}\u{FFFD}\n"),
    ] {
        fs::write(&register, &changed).unwrap();
        let line = changed.lines().count();
        match Authority::open(&path, Access::Change) {
            Err(PkiError::Damaged { line: told, .. }) => assert_eq!(told, line, "{changed}"),
            other => panic!("{changed}: {other:?}"),
        }
    }
}

/// Nobody is trusted again because lines are missing, and no list's number is used twice.
#[test]
fn a_register_that_lost_lines_is_refused() {
    let folder = Folder::default();
    let path = folder.path("root");
    made(&path);
    let times = (time("2026-01-01T00:00:00Z"), time("2036-01-01T00:00:00Z"));
    let mut authority = Authority::open(&path, Access::Change).unwrap();
    let serial = issue_one(&mut authority, "one");
    authority
        .revoke(&serial, Reason::KeyCompromise, times.0)
        .unwrap();
    authority.renew_list(times.0, times.1, &key()).unwrap();
    drop(authority);
    let register = path.join("register.txt");
    let good = fs::read_to_string(&register).unwrap();
    let lines: Vec<&str> = good.split_inclusive('\n').collect();
    assert_eq!(lines.len(), 5, "{good}");
    for lost in [0..5, 0..1, 1..5, 2..5, 3..5, 3..4, 4..5] {
        let left = lines
            .iter()
            .enumerate()
            .filter(|(index, _)| !lost.contains(index));
        let left: String = left.map(|(_, line)| *line).collect();
        fs::write(&register, &left).unwrap();
        for access in [Access::Read, Access::Change] {
            let refused = Authority::open(&path, access).map(drop);
            assert!(
                matches!(
                    refused,
                    Err(PkiError::Damaged { .. } | PkiError::Shortened { .. })
                ),
                "{lost:?}: {refused:?}"
            );
        }
        assert_eq!(fs::read_to_string(&register).unwrap(), left, "untouched");
    }
    // An editor dropped the last line's end, in front of the list and behind it.
    let list = fs::read(path.join("authority.crl")).unwrap();
    for (count, listed) in [(4, false), (5, true)] {
        let left: String = lines[..count].concat();
        fs::write(&register, left.trim_end()).unwrap();
        fs::remove_file(path.join("authority.crl")).unwrap();
        let authority = Authority::open(&path, Access::Change).expect("put right");
        assert!(authority.entries()[0].revocation.is_some(), "{left}");
        drop(authority);
        assert_eq!(fs::read_to_string(&register).unwrap(), left);
        fs::write(path.join("authority.crl"), &list).unwrap();
        assert_eq!(Authority::open(&path, Access::Read).is_ok(), listed);
    }
}

/// Trap: a copy that somebody keeps there, a certificate of another authority, something else.
#[test]
fn a_stray_file_among_the_certificates_is_named_and_changes_nothing() {
    let folder = Folder::default();
    let (path, other) = (folder.path("root"), folder.path("other"));
    made(&path);
    made(&other);
    let mut authority = Authority::open(&path, Access::Change).unwrap();
    let serial = issue_one(&mut authority, "one");
    drop(authority);
    let own = fs::read(path.join(format!("certificates/{serial}.crt"))).unwrap();
    let openssl = OpenSsl::default();
    openssl.run(
        "req -x509 -newkey rsa:2048 -nodes -subj /CN=Root -set_serial 0xCAFE -out foreign.crt",
    );
    let register = fs::read(path.join("register.txt")).unwrap();
    let cases = [
        ("CAFE.crt", own),
        ("CAFE.crt", openssl.read("foreign.crt")),
        ("C0FFEE.crt", root(None)),
        ("AB.crt", b"something else".to_vec()),
    ];
    for (name, content) in cases {
        let stray = path.join("certificates").join(name);
        fs::write(&stray, content).unwrap();
        match Authority::open(&path, Access::Change) {
            Err(PkiError::Stray { file }) => assert_eq!(file, stray),
            other => panic!("{name}: {other:?}"),
        }
        assert_eq!(fs::read(path.join("register.txt")).unwrap(), register);
        fs::remove_file(&stray).unwrap();
        Authority::open(&path, Access::Change).expect("as before");
    }
}

/// What a process that ended at any instant can leave behind, one by one.
#[test]
fn what_was_left_unfinished_is_put_right() {
    let folder = Folder::default();
    let path = folder.path("root");
    let serial = made_with_one(&path);
    let register = path.join("register.txt");
    let whole = fs::read(&register).unwrap();
    let lines = whole.split(|byte| *byte == b'\n').count();
    let start = whole
        .windows(7)
        .position(|part| part == b"issued\t")
        .unwrap();
    // The certificate was written, and its line not, or a part of it.
    for len in start..whole.len() {
        fs::write(&register, &whole[..len]).unwrap();
        fs::write(path.join("certificates/.unfinished-AB.crt"), "-----BEGIN").unwrap();
        let authority = Authority::open(&path, Access::Change).expect("put right");
        let [entry] = authority.entries() else {
            panic!("{:?}", authority.entries())
        };
        assert_eq!(
            (&entry.serial, entry.profile.as_str()),
            (&serial, "recovered")
        );
        drop(authority);
        let now = fs::read(&register).unwrap();
        assert_eq!(now.split(|byte| *byte == b'\n').count(), lines);
        assert_eq!(
            files(&path.join("certificates")),
            [format!("{serial}.crt")].into()
        );
    }
    // The number of a list was used, and the list not written.
    let line = "listed\t2026-01-01T00:00:00Z\t2\n";
    fs::write(&register, [&whole[..], line.as_bytes()].concat()).unwrap();
    let mut authority = Authority::open(&path, Access::Change).unwrap();
    assert!(!authority.list_is_current().unwrap());
    let times = (time("2026-01-01T00:00:00Z"), time("2036-01-01T00:00:00Z"));
    assert_eq!(authority.renew_list(times.0, times.1, &key()).unwrap(), 3);
}

/// This program again, as a process that issues and revokes in a folder until it is ended.
fn worker(folder: &Path) -> Child {
    worker_that("issues_until_it_is_ended", folder)
}

fn worker_that(works: &str, folder: &Path) -> Child {
    Command::new(env::current_exe().expect("this program"))
        .args(["--exact", works, "--nocapture"])
        .env(WORKER, folder)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("a process")
}

/// A register that may not grow takes a part of a line at most, and goes on once there is room.
#[test]
fn a_line_that_finds_no_room_leaves_nothing_behind() {
    let folder = Folder::default();
    let path = folder.path("authority");
    made(&path);
    // As on a disk that is full: of a line that does not fit whole the first bytes are written.
    let script =
        "trap '' XFSZ && ulimit -S -f 16 && exec \"$0\" --exact issues_until_there_is_no_room";
    let run = Command::new("sh")
        .args(["-c", script])
        .arg(env::current_exe().expect("this program"))
        .env(WORKER, &path)
        .output()
        .expect("a shell");
    assert!(run.status.success(), "{run:?}");
    let revoked = |entry: &&Entry| entry.revocation.is_some();
    let authority = Authority::open(&path, Access::Read).expect("whole");
    assert_eq!(authority.entries().iter().filter(revoked).count(), 1);
    assert!(authority.list_is_current().expect("a list"));
    assert!(assert_whole(&path) > 10);
}

/// Not a test of its own: what runs with little room.
#[test]
fn issues_until_there_is_no_room() {
    let Some(folder) = env::var_os(WORKER).map(PathBuf::from) else {
        return;
    };
    let times = (time("2026-01-01T00:00:00Z"), time("2036-01-01T00:00:00Z"));
    let mut authority = Authority::open(&folder, Access::Change).expect("the authority");
    let first = issue_one(&mut authority, "the first");
    let terms = (Profile::Dax, validity());
    let asked = asked("one more");
    let error = (0..200).find_map(|_| {
        let issued = authority.issue(&asked, terms, &mut random, &key());
        issued.err()
    });
    assert!(matches!(error, Some(PkiError::File { .. })), "{error:?}");
    let process = std::process::id().to_string();
    let room = Command::new("prlimit")
        .args(["--fsize=unlimited", "--pid", &process])
        .status();
    assert!(room.expect("prlimit").success());
    let revoked = authority.revoke(&first, Reason::Superseded, times.0);
    revoked.expect("revoked");
    let listed = authority.renew_list(times.0, times.1, &key());
    listed.expect("a list");
}

/// Not a test of its own: what [`worker`] runs.
#[test]
fn issues_until_it_is_ended() {
    let Some(folder) = env::var_os(WORKER).map(PathBuf::from) else {
        return;
    };
    let times = (time("2026-01-01T00:00:00Z"), time("2036-01-01T00:00:00Z"));
    // By itself at last, should nobody be there any more to end it.
    let started = Instant::now();
    while started.elapsed() < LONGEST {
        let mut authority = Authority::open(&folder, Access::Change).expect("the authority");
        let serial = issue_one(&mut authority, "worker");
        let granted = (Profile::Dax, validity());
        authority
            .renew(&serial, &asked("worker"), granted, &mut random, &key())
            .expect("renewed");
        authority
            .revoke(&serial, Reason::Superseded, times.0)
            .expect("revoked");
        authority
            .renew_list(times.0, times.1, &key())
            .expect("a list");
        drop(authority);
        // Others' turn.
        thread::sleep(Duration::from_millis(2));
    }
}

/// Not a test of its own: what makes one authority after the other in a folder.
#[test]
fn founds_until_it_is_ended() {
    let Some(folder) = env::var_os(WORKER).map(PathBuf::from) else {
        return;
    };
    let first = fs::read_dir(&folder).expect("a folder").count();
    let started = Instant::now();
    for number in (first..).take_while(|_| started.elapsed() < LONGEST) {
        let made = made_with(&folder.join(number.to_string()), Some(KEY_FILE));
        made.expect("an authority");
    }
}

/// The register and the folder say the same, and each certificate is whole.
fn assert_whole(path: &Path) -> usize {
    let authority = Authority::open(path, Access::Change).expect("whole");
    let registered: BTreeSet<String> = authority
        .entries()
        .iter()
        .map(|entry| format!("{}.crt", entry.serial))
        .collect();
    assert_eq!(registered.len(), authority.entries().len());
    assert_eq!(files(&path.join("certificates")), registered);
    for entry in authority.entries() {
        let file = authority.read_issued(entry).expect("its file");
        let read = CertificateFile::from_bytes(&file).expect("whole");
        assert_eq!(read.subject().to_string(), entry.subject);
    }
    let list = authority.list().expect("a list");
    list.verify(key().public_key()).expect("signed");
    let revoked = authority
        .entries()
        .iter()
        .filter(|entry| entry.revocation.is_some());
    let known = revoked
        .filter(|entry| list.look_up(entry.serial.as_bytes()).is_some())
        .count();
    assert_eq!(
        known,
        list.len(),
        "nobody is in the list who was not revoked"
    );
    authority.entries().len()
}

#[test]
fn ended_at_any_instant_the_folder_is_whole() {
    const TIMES: u64 = 60;
    let folder = Folder::default();
    let path = folder.path("root");
    made(&path);
    let (mut before, mut moved) = (0, 0);
    for round in 0..TIMES {
        let mut child = worker(&path);
        // Past its start, at another instant in each round.
        thread::sleep(Duration::from_micros(20_000 + round * 977));
        child.kill().expect("SIGKILL");
        child.wait().expect("ended");
        let now = assert_whole(&path);
        moved += usize::from(now > before);
        before = now;
    }
    println!("{before} certificates in {TIMES} rounds");
    assert!(
        moved > 10,
        "only {moved} of {TIMES} processes came to issue"
    );
}

/// In its place there is a whole authority or none; the name is free for another try.
#[test]
fn ended_at_any_instant_a_new_authority_is_whole_or_not_there() {
    const TIMES: u64 = 40;
    let folder = Folder::default();
    let (mut unfinished, mut whole) = (0, 0);
    for round in 0..TIMES {
        let path = folder.path(&round.to_string());
        fs::create_dir(&path).expect("a folder");
        let mut child = worker_that("founds_until_it_is_ended", &path);
        let started = Instant::now();
        // Past its start, at another instant in each round.
        while files(&path).len() < 2 {
            assert!(started.elapsed() < LONGEST, "nothing is made");
            thread::sleep(Duration::from_micros(200));
        }
        thread::sleep(Duration::from_micros(round * 977));
        child.kill().expect("SIGKILL");
        child.wait().expect("ended");
        for name in files(&path) {
            if let Some(rest) = name.strip_prefix(".unfinished-") {
                unfinished += 1;
                let (name, _) = rest.split_once('-').expect("the process");
                made(&path.join(name));
                assert_whole(&path.join(name));
            } else {
                let path = path.join(&name);
                assert_whole(&path);
                let key = fs::read_to_string(path.join("authority.key"));
                assert_eq!(key.expect("the key"), KEY_FILE);
                whole += 1;
            }
        }
    }
    println!("{whole} whole, {unfinished} not finished in {TIMES} rounds");
    assert!(whole > 10 && unfinished > 5, "{whole} {unfinished}");
}

#[test]
fn processes_at_once_take_turns() {
    let folder = Folder::default();
    let path = folder.path("root");
    made(&path);
    let mut children: Vec<Child> = (0..3).map(|_| worker(&path)).collect();
    let mut issued = 0;
    for _ in 0..20 {
        thread::sleep(Duration::from_millis(50));
        // Readers come between.
        let authority = Authority::open(&path, Access::Read).expect("a reader");
        assert!(authority.entries().len() >= issued, "nothing is lost");
        issued = authority.entries().len();
    }
    for child in &mut children {
        assert!(child.try_wait().expect("a process").is_none(), "one failed");
        child.kill().expect("SIGKILL");
        child.wait().expect("ended");
    }
    assert!(assert_whole(&path) > 5);
}
