//! Lists of revoked certificates: OpenSSL's to the byte, read as OpenSSL reads them, large ones in time.

use std::time::{Duration, Instant};

use daxsign_core::{CertificateFile, PrivateKey, Timestamp};
use daxsign_pki::{
    Issuer, ListTerms, PkiError, Reason, Revocation, RevocationList, Revoked, SerialNumber,
    write_list,
};
use daxsign_tests::made_certificate::pem;
use daxsign_tests::made_list::without_end;
use daxsign_tests::open_banking;
use daxsign_tests::openssl::OpenSsl;

/// What `openssl ca -gencrl` needs, with a database of what was revoked.
const CONFIGURATION: &str = "[ca]
default_ca = own
[own]
database = index.txt
crlnumber = crlnumber
certificate = ca1.crt
private_key = ca1.key
default_md = sha256
crl_extensions = all
[all]
authorityKeyIdentifier = keyid:always
";

/// Numbers of all lengths, times in both centuries, and every reason, as OpenSSL's database has them.
const REVOKED: [(&str, &str, &str, Reason); 8] = [
    (
        "8F0102030405060708090A0B0C0D0E0F",
        "260102030405Z",
        "2026-01-02T03:04:05Z",
        Reason::KeyCompromise,
    ),
    (
        "7F",
        "260102030406Z",
        "2026-01-02T03:04:06Z",
        Reason::Unspecified,
    ),
    (
        "80",
        "991231235959Z",
        "1999-12-31T23:59:59Z",
        Reason::CaCompromise,
    ),
    (
        "0100",
        "260102030407Z",
        "2026-01-02T03:04:07Z",
        Reason::AffiliationChanged,
    ),
    (
        "01",
        "491231235959Z",
        "2049-12-31T23:59:59Z",
        Reason::Superseded,
    ),
    (
        "FF",
        "260102030408Z",
        "2026-01-02T03:04:08Z",
        Reason::CessationOfOperation,
    ),
    (
        "0102030405060708090A0B0C0D0E0F1011121314",
        "260102030409Z",
        "2026-01-02T03:04:09Z",
        Reason::Superseded,
    ),
    (
        "00AB00",
        "500102030410Z",
        "1950-01-02T03:04:10Z",
        Reason::KeyCompromise,
    ),
];

fn time(text: &str) -> Timestamp {
    Timestamp::parse(text).expect("a time")
}

fn with_root() -> OpenSsl {
    let openssl = OpenSsl::default();
    open_banking::root(&openssl);
    openssl.write("ca.cnf", CONFIGURATION);
    openssl.write("crlnumber", "80\n");
    openssl.write("index.txt", "");
    openssl
}

fn root(openssl: &OpenSsl) -> (PrivateKey, Issuer) {
    let key = PrivateKey::from_bytes(&openssl.read("ca1.key")).expect("a key");
    let issuer = Issuer::from_certificate(&openssl.read("ca1.crt")).expect("a root");
    (key, issuer)
}

fn revoked() -> Vec<Revoked> {
    let of = |(serial, _, since, reason): &(&str, &str, &str, Reason)| Revoked {
        serial: SerialNumber::parse(serial).expect("a number"),
        time: time(since),
        reason: *reason,
    };
    REVOKED.iter().map(of).collect()
}

/// The list that OpenSSL makes of the same, in PEM, and its DER.
fn openssls(openssl: &OpenSsl) -> (Vec<u8>, Vec<u8>) {
    openssl.run("ca -config ca.cnf -gencrl -crldays 30 -out theirs.crl");
    let der = openssl.run("crl -in theirs.crl -outform DER");
    (openssl.read("theirs.crl"), der)
}

/// Of the list with this number, that of November.
fn november(number: u64) -> ListTerms {
    ListTerms {
        number,
        this_update: time("2026-11-01T00:00:00Z"),
        next_update: time("2026-12-01T00:00:00Z"),
    }
}

fn terms_of(list: &RevocationList) -> ListTerms {
    ListTerms {
        number: list.number().expect("a number"),
        this_update: list.this_update(),
        next_update: list.next_update().expect("a next one"),
    }
}

#[test]
fn a_list_is_openssls_to_the_byte() {
    let openssl = with_root();
    let (key, issuer) = root(&openssl);
    for count in [0, 1, REVOKED.len()] {
        let revoked: Vec<Revoked> = revoked().into_iter().take(count).collect();
        let lines = REVOKED
            .iter()
            .take(count)
            .map(|(serial, since, _, reason)| {
                let reason = match reason {
                    Reason::Unspecified => String::new(),
                    reason => format!(",{}", reason.name().replace("cAC", "CAC")),
                };
                format!("R\t300101000000Z\t{since}{reason}\t{serial}\tunknown\t/CN=x\n")
            });
        openssl.write("index.txt", lines.collect::<String>());
        let (pem, der) = openssls(&openssl);
        let read = RevocationList::from_bytes(&pem).expect("OpenSSL's list");
        let ours = write_list(&issuer, &terms_of(&read), &revoked, &key).expect("a list");
        assert_eq!(ours, der, "{count} revoked");
        assert_eq!(read.len(), count);
    }
}

#[test]
fn what_was_revoked_is_found_by_issuer_and_number() {
    let openssl = with_root();
    let (key, issuer) = root(&openssl);
    let terms = november(7);
    let der = write_list(&issuer, &terms, &revoked(), &key).expect("a list");
    let list = RevocationList::from_bytes(&der).expect("a list");
    assert_eq!(terms_of(&list), terms);
    for one in revoked() {
        let found = list.look_up(one.serial.as_bytes()).copied();
        let Revoked { time, reason, .. } = one;
        assert_eq!(found, Some(Revocation { time, reason }));
    }
    assert_eq!(list.look_up(&[0x02]), None);
    // A certificate of the same number from another authority is not the one that was revoked.
    open_banking::request(&openssl, 1);
    openssl
        .run("x509 -req -in tpp1.csr -CA ca1.crt -CAkey ca1.key -set_serial 0x7F -out revoked.crt");
    openssl.run("x509 -req -in tpp1.csr -signkey tpp1.key -set_serial 0x7F -out other.crt");
    let file = openssl.read("revoked.crt");
    let certificate = CertificateFile::from_bytes(&file).unwrap();
    assert!(
        list.revocation(&certificate)
            .expect("its authority")
            .is_some()
    );
    let file = openssl.read("other.crt");
    let other = CertificateFile::from_bytes(&file).unwrap();
    assert!(matches!(list.revocation(&other), Err(PkiError::OtherList)));
    openssl.write("ours.crl", pem("X509 CRL", &der));
    let said = openssl.try_run(
        "verify -attime 1793500000 -CAfile ca1.crt -crl_check -CRLfile ours.crl revoked.crt",
    );
    let said = String::from_utf8_lossy(&said.stderr).into_owned();
    assert!(said.contains("certificate revoked"), "{said}");
}

/// The one that OpenSSL 3.0 takes from no database, too.
#[test]
fn every_reason_is_read_as_it_was_written() {
    let openssl = with_root();
    let (key, issuer) = root(&openssl);
    let terms = november(1);
    let numbered = (1_u8..).zip(Reason::ALL);
    let revoked: Vec<Revoked> = numbered
        .map(|(number, reason)| Revoked {
            serial: SerialNumber::from_bytes(&[number]).expect("a number"),
            time: terms.this_update,
            reason,
        })
        .collect();
    let der = write_list(&issuer, &terms, &revoked, &key).expect("a list");
    let list = RevocationList::from_bytes(&der).expect("a list");
    openssl.write("ours.crl", &der);
    let text = openssl.run("crl -in ours.crl -inform DER -noout -text");
    let text = String::from_utf8(text).expect("text");
    for (one, told) in revoked.iter().skip(1).zip([
        "Key Compromise",
        "CA Compromise",
        "Affiliation Changed",
        "Superseded",
        "Cessation Of Operation",
        "Privilege Withdrawn",
    ]) {
        let found = list.look_up(one.serial.as_bytes()).expect("revoked");
        assert_eq!(found.reason, one.reason);
        assert!(text.contains(told), "{told}: {text}");
    }
}

/// Trap: `nextUpdate` that has passed, a list of somebody else, a list that was changed.
#[test]
fn a_list_is_trusted_in_its_time_and_from_its_authority() {
    let openssl = with_root();
    let (key, issuer) = root(&openssl);
    let terms = november(1);
    let der = write_list(&issuer, &terms, &revoked(), &key).unwrap();
    let list = RevocationList::from_bytes(&der).unwrap();
    let file = openssl.read("ca1.crt");
    let authority = CertificateFile::from_bytes(&file).unwrap();
    list.trust(&authority, time("2026-12-01T00:00:00Z"))
        .expect("in time");
    let late = list.trust(&authority, time("2026-12-01T00:00:01Z"));
    assert!(
        matches!(late, Err(PkiError::ListOverdue { next_update }) if next_update == "2026-12-01T00:00:00Z")
    );

    let early = list.trust(&authority, time("2026-10-31T23:59:59Z"));
    assert!(
        matches!(early, Err(PkiError::ListNotYet { this_update }) if this_update == "2026-11-01T00:00:00Z")
    );

    open_banking::request(&openssl, 1);
    openssl.run("req -x509 -key tpp1.key -subj /CN=other -out other.crt");
    openssl.run("req -x509 -key tpp1.key -subj /C=US/ST=Arizona/L=Phoenix/O=Axway/CN=Axway_Root_CA -out same.crt");
    for (file, signature) in [("other.crt", false), ("same.crt", true)] {
        let file = openssl.read(file);
        let refused = list.trust(
            &CertificateFile::from_bytes(&file).unwrap(),
            time("2026-11-02T00:00:00Z"),
        );
        match refused {
            Err(PkiError::ListSignature) => assert!(signature),
            Err(PkiError::OtherList) => assert!(!signature),
            other => panic!("{other:?}"),
        }
    }
    let never = ListTerms {
        next_update: terms.this_update,
        ..terms
    };
    assert!(matches!(
        write_list(&issuer, &never, &[], &key),
        Err(PkiError::NoTime)
    ));
}

/// One that holds for ever hides what was revoked since; one who may not make lists makes none.
#[test]
fn a_list_says_until_when_and_its_authority_may_make_it() {
    let openssl = with_root();
    let (key, issuer) = root(&openssl);
    let terms = november(1);
    let der = write_list(&issuer, &terms, &[], &key).unwrap();
    let now = time("2026-11-02T00:00:00Z");
    for (usage, good) in [
        ("", true),
        ("keyUsage = keyCertSign, cRLSign\n", true),
        ("keyUsage = keyCertSign\n", false),
    ] {
        openssl.write(
            "usage.cnf",
            format!("[req]\ndistinguished_name = none\nx509_extensions = all\n[none]\n[all]\nbasicConstraints = critical, CA:TRUE\n{usage}"),
        );
        openssl.run(&format!(
            "req -new -x509 -config usage.cnf -key ca1.key -subj {} -out usage.crt",
            open_banking::ROOT_SUBJECT
        ));
        let file = openssl.read("usage.crt");
        let authority = CertificateFile::from_bytes(&file).unwrap();
        match RevocationList::from_bytes(&der)
            .unwrap()
            .trust(&authority, now)
        {
            Ok(()) => assert!(good, "{usage}"),
            Err(error) => assert!(!good && matches!(error, PkiError::NoListSigner), "{error}"),
        }
    }
    let file = openssl.read("ca1.crt");
    let authority = CertificateFile::from_bytes(&file).unwrap();
    let refused = RevocationList::from_bytes(&without_end(&der, &key)).unwrap();
    let refused = refused.trust(&authority, now);
    assert!(
        matches!(refused, Err(PkiError::ListWithoutEnd)),
        "{refused:?}"
    );
}

/// No byte of it may be wrong unseen: either the structure or the signature tells.
#[test]
fn every_changed_byte_is_seen() {
    let openssl = with_root();
    let (key, issuer) = root(&openssl);
    let terms = november(1);
    let der = write_list(&issuer, &terms, &revoked(), &key).unwrap();
    let mut seen = 0;
    for place in 0..der.len() {
        for bit in [0x01, 0x80] {
            let mut changed = der.clone();
            changed[place] ^= bit;
            let read = RevocationList::from_bytes(&changed);
            assert!(
                read.is_err() || read.unwrap().verify(key.public_key()).is_err(),
                "byte {place}"
            );
            seen += 1;
        }
    }
    assert_eq!(seen, 2 * der.len());
    for len in 0..der.len() {
        assert!(
            RevocationList::from_bytes(&der[..len]).is_err(),
            "{len} bytes"
        );
    }
}

/// What stands in a list and is not understood may say that it is not the whole list.
#[test]
fn a_part_of_a_list_is_refused_whatever_is_marked_critical() {
    let openssl = with_root();
    for (extension, expected) in [
        (
            "issuingDistributionPoint = critical, @point",
            Some("partial-list"),
        ),
        ("issuingDistributionPoint = @point", Some("partial-list")),
        ("2.5.29.27 = critical, DER:02:01:01", Some("partial-list")),
        ("2.5.29.27 = DER:02:01:01", Some("partial-list")),
        ("1.2.3.4 = critical, DER:05:00", Some("unknown-critical")),
        ("1.2.3.4 = DER:05:00", None),
    ] {
        let point = "[point]\nonlyuser = TRUE\n";
        openssl.write("ca.cnf", format!("{CONFIGURATION}{extension}\n{point}"));
        let (pem, _) = openssls(&openssl);
        let refused = RevocationList::from_bytes(&pem).err();
        let name = refused.map(|error| error.name());
        assert_eq!(name, expected, "{extension}");
    }
}

/// 100 000 entries: written in less than a second, each looked up in less than a microsecond.
#[test]
fn large_lists_are_quick() {
    const COUNT: u32 = 100_000;
    let openssl = with_root();
    let (key, issuer) = root(&openssl);
    let numbers: Vec<SerialNumber> = (1..=COUNT)
        .map(|number| {
            let spread = u128::from(number).wrapping_mul(0x9E37_79B9_7F4A_7C15_F39C_C060_5CED_C835);
            SerialNumber::from_bytes(&spread.to_be_bytes()).expect("a number")
        })
        .collect();
    let revoked: Vec<Revoked> = numbers
        .iter()
        .map(|serial| Revoked {
            serial: serial.clone(),
            time: time("2026-01-01T00:00:00Z"),
            reason: Reason::KeyCompromise,
        })
        .collect();
    let terms = november(1);
    let (mut written, mut each) = (Duration::MAX, Duration::MAX);
    // The quickest of some passes: this machine does other things meanwhile.
    for _ in 0..3 {
        let started = Instant::now();
        let der = write_list(&issuer, &terms, &revoked, &key).expect("a list");
        written = written.min(started.elapsed());
        let list = RevocationList::from_bytes(&der).expect("a list");
        for _ in 0..5 {
            let started = Instant::now();
            let found = numbers
                .iter()
                .filter(|one| list.look_up(one.as_bytes()).is_some());
            assert_eq!(found.count(), numbers.len());
            each = each.min(started.elapsed() / COUNT);
        }
    }
    println!("written in {written:?}, {each:?} for each look-up");
    assert!(written < Duration::from_secs(1), "{written:?}");
    assert!(each < Duration::from_micros(1), "{each:?}");
}
