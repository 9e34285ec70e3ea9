//! The readers of certificates and requests on hostile ones.

use daxsign_core::{
    CertificateFile, ObjectIdentifier, Purpose, RequestFile, Sha256, Timestamp, TrustAnchor,
};
use daxsign_tests::made_certificate::{
    EXTENDED_KEY_USAGE, Made, SUBJECT_ALT_NAME, UTF8, authority, common_name, element, extension,
    key_pair, name, oid, pem,
};
use daxsign_tests::rsa_keys::sequence;

use crate::{Operation, Work, work};

pub(crate) const OPERATIONS: &[Operation] = &[
    ("certificate: a name of many parts", |n| {
        read(&made(many_parts(n)))
    }),
    ("certificate: a long name", |n| {
        read(&made(common_name(UTF8, "\u{e5}".repeat(n).as_bytes())))
    }),
    ("certificate: many extensions", |n| {
        let mut made = made(root());
        made.extensions = (0..n).map(unknown).collect();
        read(&made)
    }),
    ("certificate: many alternative names", |n| {
        let names = sequence(&vec![element(0x82, b"a.example"); n]);
        read(&made(root()).with(extension(SUBJECT_ALT_NAME, false, &names)))
    }),
    ("certificate: many purposes", |n| {
        read(&made(root()).with(extension(EXTENDED_KEY_USAGE, false, &purposes(n))))
    }),
    ("certificate: many in a file", |n| {
        let one = pem("CERTIFICATE", &made(root()).sign(&key_pair(2048)));
        in_file(one.repeat(n.div_ceil(20)).into_bytes())
    }),
    ("certificate: BEGIN lines", |n| {
        in_file(b"-----BEGIN CERTIFICATE-----\n".repeat(n))
    }),
    ("certificate: nested sequences", |n| {
        in_file([0x30, 0x80].repeat(n))
    }),
    ("certificate: blank lines", |n| {
        let text = pem("CERTIFICATE", &made(root()).sign(&key_pair(2048)));
        in_file(text.replace('\n', &"\r\n \t".repeat(n / 10)).into_bytes())
    }),
    ("trust: names of many parts, alike but for the last", trust),
    ("trust: many purposes", |n| {
        let made = made(root()).with(extension(EXTENDED_KEY_USAGE, false, &purposes(n)));
        judged(&made, root())
    }),
    ("certificate request: BEGIN lines", |n| {
        request(b"-----BEGIN CERTIFICATE REQUEST-----\n".repeat(n))
    }),
];

fn root() -> Vec<u8> {
    common_name(UTF8, b"root")
}

/// With this subject, of the root.
fn made(subject: Vec<u8>) -> Made {
    Made::new(root(), subject, &key_pair(2048))
}

fn many_parts(n: usize) -> Vec<u8> {
    name(&vec![vec![("2.5.4.11", UTF8, &b"x"[..])]; n])
}

/// An extension that nobody knows, not critical.
fn unknown(number: usize) -> Vec<u8> {
    extension(&format!("1.2.{number}"), false, b"")
}

fn purposes(n: usize) -> Vec<u8> {
    sequence(&vec![oid("1.2.3"); n])
}

fn read(made: &Made) -> Work {
    let der = made.sign(&key_pair(2048));
    let unit = ObjectIdentifier::parse("2.5.4.10").expect("an OID");
    work(move || {
        let certificate = CertificateFile::from_bytes(&der).expect("a certificate");
        let mut text = Sha256::default();
        certificate.subject().write_text(&mut text);
        let extensions = certificate.extensions();
        let purposes = extensions.extended_key_usage().map(Iterator::count);
        (
            certificate.subject().find(&unit).is_some(),
            extensions.alternative_names().count(),
            extensions.dns_names().count(),
            purposes,
            text.finish(),
        )
    })
}

/// All that a file holds, and whether the first was issued by one of them.
fn in_file(file: Vec<u8>) -> Work {
    work(move || {
        let all: Vec<_> = CertificateFile::all(&file).map_while(Result::ok).collect();
        let anchor = all.last().map(TrustAnchor::from_certificate);
        let judged = anchor.and_then(Result::ok).zip(all.first()).map(|pair| {
            let (anchor, first) = pair;
            anchor.verify(first, &all, now()).is_ok()
        });
        (all.len(), judged)
    })
}

fn now() -> Timestamp {
    Timestamp::parse("2026-01-01T00:00:00Z").expect("a time")
}

/// Two names that only their ends tell apart, of issuer and authority, and others of the same kind between.
fn trust(n: usize) -> Work {
    let parts = vec![vec![("2.5.4.11", UTF8, &b"x"[..])]; n / 10];
    let ending =
        |end: &'static [u8]| name(&[parts.clone(), vec![vec![("2.5.4.3", UTF8, end)]]].concat());
    let mut made = made(ending(b"one"));
    made.issuer = ending(b"two");
    judged(&made, ending(b"three"))
}

/// Judged by a root of this name, with others of its own name beside it.
fn judged(made: &Made, root: Vec<u8>) -> Work {
    let key = key_pair(2048);
    let der = made.sign(&key);
    let root = Made::new(root.clone(), root, &key).with(authority(None));
    let root = root.sign(&key);
    work(move || {
        let certificate = CertificateFile::from_bytes(&der).expect("a certificate");
        let root = CertificateFile::from_bytes(&root).expect("a certificate");
        let anchor = TrustAnchor::from_certificate(&root).expect("a key");
        let anchor = anchor.for_purpose(Purpose::ClientAuth);
        let others = vec![certificate.clone(); 20];
        anchor.verify(&certificate, &others, now()).is_ok()
    })
}

fn request(file: Vec<u8>) -> Work {
    work(move || RequestFile::from_bytes(&file).is_ok())
}
