//! Whether a pinned authority issued a certificate: the verdict is OpenSSL's, and where it is stricter, that
//! is said here.

use daxsign_core::{
    CertificateFile, EnrolError, ObjectIdentifier, Purpose, Timestamp, TrustAnchor, TrustProblem,
};
use daxsign_tests::made_certificate::{
    BASIC_CONSTRAINTS, BMP, EXTENDED_KEY_USAGE, KEY_USAGE, Made, PRINTABLE, SHA256_WITH_RSA, UTF8,
    authority, common_name, element, extension, key_pair, oid, pem, utc_time,
};
use daxsign_tests::openssl::OpenSsl;
use daxsign_tests::rsa_keys::sequence;
use rsa::RsaPrivateKey;

/// 2026-01-01.
const NOW: i64 = 1_767_225_600;

/// The chain `root`, `a`, `b`, `leaf`, each with a key and a name of its own, to be changed.
struct Chain {
    keys: [RsaPrivateKey; 4],
    root: Made,
    a: Made,
    b: Made,
    leaf: Made,
}

fn named(text: &str) -> Vec<u8> {
    common_name(UTF8, text.as_bytes())
}

/// keyUsage with these bits, of which 0x06 are keyCertSign and cRLSign.
fn usage(bits: u8) -> Vec<u8> {
    extension(KEY_USAGE, true, &[3, 2, 1, bits])
}

impl Chain {
    fn new(openssl: &OpenSsl) -> Self {
        use rsa::pkcs8::DecodePrivateKey;
        let made = || {
            let pem = openssl.run("genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048");
            let pem = String::from_utf8(pem).expect("PEM");
            RsaPrivateKey::from_pkcs8_pem(&pem).expect("a key")
        };
        Self::of([key_pair(2048), key_pair(3072), made(), made()])
    }

    fn of(keys: [RsaPrivateKey; 4]) -> Self {
        let authority_made = |issuer, subject, key| {
            Made::new(named(issuer), named(subject), key)
                .with(authority(None))
                .with(usage(0x06))
        };
        let leaf = Made::new(named("b"), named("leaf"), &keys[3]).with(usage(0x80));
        Self {
            root: authority_made("root", "root", &keys[0]),
            a: authority_made("root", "a", &keys[1]),
            b: authority_made("a", "b", &keys[2]),
            leaf,
            keys,
        }
    }

    /// The DER of each.
    fn signed(&self) -> [Vec<u8>; 4] {
        let [root, a, b, _] = &self.keys;
        [
            self.root.sign(root),
            self.a.sign(root),
            self.b.sign(a),
            self.leaf.sign(b),
        ]
    }
}

/// Our verdict and OpenSSL's, at the same moment.
fn verdicts(
    openssl: &OpenSsl,
    [root, leaf]: [&[u8]; 2],
    between: &[&[u8]],
    now: i64,
) -> (Result<(), EnrolError>, bool) {
    let read = |der| CertificateFile::from_bytes(der).expect("a certificate");
    let others: Vec<CertificateFile<'_>> = between.iter().map(|der| read(der)).collect();
    let root_read = read(root);
    let anchor = TrustAnchor::from_certificate(&root_read).expect("its key");
    let moment = Timestamp::from_unix(now, 0).unwrap();
    let ours = anchor.verify(&read(leaf), &others, moment);

    openssl.write("root.pem", pem("CERTIFICATE", root));
    openssl.write("leaf.pem", pem("CERTIFICATE", leaf));
    let untrusted: String = between.iter().map(|der| pem("CERTIFICATE", der)).collect();
    openssl.write("between.pem", untrusted);
    let untrusted = match between {
        [] => "",
        _ => "-untrusted between.pem ",
    };
    let output = openssl.try_run(&format!(
        "verify -attime {now} -CAfile root.pem {untrusted}leaf.pem"
    ));
    (ours, output.status.success())
}

/// Purposes of RFC 5280 4.2.1.12: serverAuth, clientAuth, emailProtection, and any.
const SERVER: &str = "1.3.6.1.5.5.7.3.1";
const CLIENT: &str = "1.3.6.1.5.5.7.3.2";
const EMAIL: &str = "1.3.6.1.5.5.7.3.4";
const ANY: &str = "2.5.29.37.0";

/// The purposes that root, a, b and leaf state; `None` where they state none. And whether the leaf may be used by
/// a client and a server.
type Stated = ([Option<&'static [&'static str]>; 4], bool, bool);

const STATED: [Stated; 12] = [
    ([None; 4], true, true),
    ([None, None, None, Some(&[CLIENT])], true, false),
    ([None, None, None, Some(&[SERVER])], false, true),
    (
        [None, None, None, Some(&[EMAIL, SERVER, CLIENT])],
        true,
        true,
    ),
    ([None, None, None, Some(&[EMAIL])], false, false),
    // What an authority states bounds what is below it, whatever that states.
    ([None, None, Some(&[CLIENT]), None], true, false),
    (
        [None, None, Some(&[EMAIL]), Some(&[CLIENT, SERVER])],
        false,
        false,
    ),
    (
        [None, Some(&[SERVER]), None, Some(&[CLIENT, SERVER])],
        false,
        true,
    ),
    (
        [Some(&[CLIENT]), None, None, Some(&[CLIENT, SERVER])],
        true,
        false,
    ),
    ([Some(&[EMAIL]), None, None, None], false, false),
    // What is left when each says something else.
    (
        [None, Some(&[CLIENT, EMAIL]), Some(&[SERVER, EMAIL]), None],
        false,
        false,
    ),
    (
        [
            Some(&[CLIENT]),
            Some(&[SERVER, CLIENT]),
            Some(&[CLIENT, EMAIL]),
            Some(&[CLIENT]),
        ],
        true,
        false,
    ),
];

impl Chain {
    /// States purposes.
    fn state(&mut self, stated: [Option<&[&str]>; 4]) {
        let parts = [&mut self.root, &mut self.a, &mut self.b, &mut self.leaf];
        for (made, purposes) in parts.into_iter().zip(stated) {
            let Some(purposes) = purposes else { continue };
            let list: Vec<Vec<u8>> = purposes.iter().map(|purpose| oid(purpose)).collect();
            made.extensions
                .push(extension(EXTENDED_KEY_USAGE, false, &sequence(&list)));
        }
    }

    /// Our verdict for a purpose, or for none, and OpenSSL's.
    fn verdicts_for(
        &self,
        openssl: &OpenSsl,
        purpose: Option<(Purpose, &str)>,
    ) -> (Result<(), EnrolError>, bool) {
        let signed = self.signed();
        let [root, a, b, leaf] = signed
            .each_ref()
            .map(|der| CertificateFile::from_bytes(der).unwrap());
        let anchor = TrustAnchor::from_certificate(&root).unwrap();
        let anchor = match purpose {
            Some((purpose, _)) => anchor.for_purpose(purpose),
            None => anchor,
        };
        let ours = anchor.verify(&leaf, &[a, b], Timestamp::from_unix(NOW, 0).unwrap());
        for (name, der) in ["root", "a", "b", "leaf"].into_iter().zip(&signed) {
            openssl.write(&format!("{name}.pem"), pem("CERTIFICATE", der));
        }
        let option = purpose.map_or(String::new(), |(_, name)| format!("-purpose {name} "));
        let output = openssl.try_run(&format!(
            "verify -attime {NOW} {option}-CAfile root.pem -untrusted a.pem -untrusted b.pem leaf.pem"
        ));
        (ours, output.status.success())
    }
}

const PURPOSES: [(Purpose, &str); 2] = [
    (Purpose::ClientAuth, "sslclient"),
    (Purpose::ServerAuth, "sslserver"),
];

/// Where nothing is wanted, nothing is judged.
#[test]
fn purposes_along_a_chain_are_judged_as_openssl_does() {
    let openssl = OpenSsl::default();
    let keys = Chain::new(&openssl).keys;
    let mut count = 0;
    for (stated, client, server) in STATED {
        let mut chain = Chain::of(keys.clone());
        chain.state(stated);
        assert_eq!(chain.verdicts_for(&openssl, None), (Ok(()), true));
        for (purpose, good) in PURPOSES.into_iter().zip([client, server]) {
            let (ours, theirs) = chain.verdicts_for(&openssl, Some(purpose));
            assert_eq!(theirs, good, "{stated:?} {purpose:?}: OpenSSL");
            assert_eq!(ours.is_ok(), good, "{stated:?} {purpose:?}");
            // Of several that refuse, the one that is judged first.
            let refuses = |stated: Option<&[&str]>| {
                let wanted = [CLIENT, SERVER][usize::from(purpose.0 == Purpose::ServerAuth)];
                stated.is_some_and(|stated| !stated.contains(&wanted))
            };
            if let Some(position) = stated.into_iter().rev().position(refuses) {
                let problem = TrustProblem::OtherPurpose;
                assert_eq!(ours, Err(EnrolError::Untrusted { position, problem }));
            }
            count += 1;
        }
    }
    assert_eq!(count, 24);
}

/// Who states any purpose bounds none (RFC 5280 4.2.1.12). OpenSSL wants the purpose itself as well.
#[test]
fn any_purpose_is_no_bound() {
    let openssl = OpenSsl::default();
    let keys = Chain::new(&openssl).keys;
    let any: Option<&[&str]> = Some(&[EMAIL, ANY]);
    for stated in [
        [any, None, None, None],
        [None, None, any, None],
        [None, None, None, any],
    ] {
        let mut chain = Chain::of(keys.clone());
        chain.state(stated);
        for purpose in PURPOSES {
            let verdicts = chain.verdicts_for(&openssl, Some(purpose));
            assert_eq!(verdicts, (Ok(()), false), "{stated:?} {purpose:?}");
        }
    }
    // It is a purpose of its own, not a longer or a shorter one.
    for other in ["2.5.29.37", "2.5.29.37.0.0", "2.5.29.37.1"] {
        let mut chain = Chain::of(keys.clone());
        chain.state([None, None, None, Some(&[other])]);
        let (ours, theirs) = chain.verdicts_for(&openssl, Some(PURPOSES[0]));
        assert!(ours.is_err() && !theirs, "{other}");
    }
}

/// A change of the chain, and the problem that it makes.
type Case = (&'static str, fn(&mut Chain), Option<(usize, TrustProblem)>);

fn add_unknown(made: &mut Made, critical: bool) {
    made.extensions
        .push(extension("1.2.3.4.5", critical, &[5, 0]));
}

fn of_time() -> Vec<Case> {
    use TrustProblem::{Expired, NotYetValid};
    vec![
        ("as it is", |_| {}, None),
        (
            "expired",
            |chain| chain.leaf.validity[1] = utc_time("251231235959Z"),
            Some((0, Expired)),
        ),
        (
            "one second is left",
            |chain| chain.leaf.validity[1] = utc_time("260101000001Z"),
            None,
        ),
        (
            "future",
            |chain| chain.leaf.validity[0] = utc_time("260101000001Z"),
            Some((0, NotYetValid)),
        ),
        (
            "first second",
            |chain| chain.leaf.validity[0] = utc_time("260101000000Z"),
            None,
        ),
        (
            "b expired",
            |chain| chain.b.validity[1] = utc_time("251231235959Z"),
            Some((1, Expired)),
        ),
        (
            "a future",
            |chain| chain.a.validity[0] = utc_time("270101000000Z"),
            Some((2, NotYetValid)),
        ),
        (
            "root expired",
            |chain| chain.root.validity[1] = utc_time("200201000000Z"),
            Some((3, Expired)),
        ),
    ]
}

fn of_authorities() -> Vec<Case> {
    use TrustProblem::{MayNotSign, NotAnAuthority, PathTooLong};
    vec![
        (
            "b no authority",
            |chain| drop(chain.b.extensions.remove(0)),
            Some((1, NotAnAuthority)),
        ),
        (
            "b CA:FALSE",
            |chain| chain.b.extensions[0] = extension(BASIC_CONSTRAINTS, true, &sequence(&[])),
            Some((1, NotAnAuthority)),
        ),
        (
            "b may not sign",
            |chain| chain.b.extensions[1] = usage(0x80),
            Some((1, MayNotSign)),
        ),
        (
            "a says no usage",
            |chain| drop(chain.a.extensions.remove(1)),
            None,
        ),
        (
            "root may not sign",
            |chain| chain.root.extensions[1] = usage(0x02),
            Some((3, MayNotSign)),
        ),
        (
            "b allows none below",
            |chain| chain.b.extensions[0] = authority(Some(0)),
            None,
        ),
        (
            "a allows none below",
            |chain| chain.a.extensions[0] = authority(Some(0)),
            Some((2, PathTooLong { allowed: 0 })),
        ),
        (
            "a allows one below",
            |chain| chain.a.extensions[0] = authority(Some(1)),
            None,
        ),
        (
            "root allows one below",
            |chain| chain.root.extensions[0] = authority(Some(1)),
            Some((3, PathTooLong { allowed: 1 })),
        ),
        (
            "root allows two below",
            |chain| chain.root.extensions[0] = authority(Some(2)),
            None,
        ),
    ]
}

fn of_names_and_extensions() -> Vec<Case> {
    use TrustProblem::{OtherIssuer, Signature};
    let oid = ObjectIdentifier::parse("1.2.3.4.5").unwrap();
    let critical = TrustProblem::UnknownCritical { oid };
    vec![
        (
            "unknown and critical",
            |chain| add_unknown(&mut chain.leaf, true),
            Some((0, critical)),
        ),
        (
            "unknown and not critical",
            |chain| add_unknown(&mut chain.leaf, false),
            None,
        ),
        (
            "unknown and critical in a",
            |chain| add_unknown(&mut chain.a, true),
            Some((2, critical)),
        ),
        (
            "unknown and critical in the root",
            |chain| add_unknown(&mut chain.root, true),
            Some((3, critical)),
        ),
        (
            "another key signs",
            |chain| chain.keys.swap(1, 2),
            Some((1, Signature)),
        ),
        (
            "another string type",
            |chain| chain.a.subject = common_name(PRINTABLE, b"A"),
            None,
        ),
        (
            "another string type still",
            |chain| chain.leaf.issuer = common_name(BMP, b"\0b"),
            None,
        ),
        (
            "another name",
            |chain| chain.leaf.issuer = named("c"),
            Some((1, OtherIssuer)),
        ),
    ]
}

#[test]
fn the_verdict_on_a_chain_is_openssls() {
    let openssl = OpenSsl::default();
    let mut count = 0;
    let keys = Chain::new(&openssl).keys;
    let cases = [of_time(), of_authorities(), of_names_and_extensions()].concat();
    for (what, change, problem) in cases {
        let mut chain = Chain::of(keys.clone());
        change(&mut chain);
        let [root, a, b, leaf] = chain.signed();
        for between in [[&a[..], &b], [&b[..], &a]] {
            let (ours, theirs) = verdicts(&openssl, [&root, &leaf], &between, NOW);
            let expected = problem.map_or(Ok(()), |(position, problem)| {
                Err(EnrolError::Untrusted { position, problem })
            });
            assert_eq!(ours, expected, "{what}");
            assert_eq!(ours.is_ok(), theirs, "{what}: OpenSSL");
            count += 1;
        }
    }
    assert_eq!(count, 52);
}

#[test]
fn chains_of_every_length() {
    let openssl = OpenSsl::default();
    let mut chain = Chain::new(&openssl);
    let [root, a, b, leaf] = chain.signed();
    let (ours, theirs) = verdicts(&openssl, [&root, &leaf], &[], NOW);
    let missing = EnrolError::Untrusted {
        position: 1,
        problem: TrustProblem::OtherIssuer,
    };
    assert_eq!((ours, theirs), (Err(missing), false));
    // The middle one is missing.
    let (ours, theirs) = verdicts(&openssl, [&root, &leaf], &[&b], NOW);
    assert!(ours.is_err() && !theirs);
    // What an authority issued is judged like any other.
    let (ours, theirs) = verdicts(&openssl, [&root, &b], &[&a], NOW);
    assert_eq!((ours, theirs), (Ok(()), true));
    let (ours, theirs) = verdicts(&openssl, [&root, &a], &[], NOW);
    assert_eq!((ours, theirs), (Ok(()), true));

    // Three between: one more than is taken here, where OpenSSL takes any number.
    let top = Made::new(named("top"), named("root"), &chain.keys[0]).with(authority(None));
    let top_root = Made::new(named("top"), named("top"), &chain.keys[3]).with(authority(None));
    let (top, top_root) = (top.sign(&chain.keys[3]), top_root.sign(&chain.keys[3]));
    let (ours, theirs) = verdicts(&openssl, [&top_root, &leaf], &[&top, &a, &b], NOW);
    assert!(ours.is_err() && theirs);

    // An authority that issued itself anew does not count for a path length.
    chain.a.extensions[0] = authority(Some(0));
    let identifier = |kind, value: &[u8]| extension(kind, false, value);
    chain
        .a
        .extensions
        .push(identifier("2.5.29.14", &element(4, b"a")));
    chain.b = Made::new(named("a"), named("a"), &chain.keys[2])
        .with(authority(Some(0)))
        .with(identifier("2.5.29.14", &element(4, b"b")))
        .with(identifier("2.5.29.35", &sequence(&[element(0x80, b"a")])));
    chain.leaf.issuer = named("a");
    let [root, a, b, leaf] = chain.signed();
    let (ours, theirs) = verdicts(&openssl, [&root, &leaf], &[&b, &a], NOW);
    assert_eq!((ours, theirs), (Ok(()), true));
}

/// An expired certificate of the authority stands beside the good one, before it and behind it.
#[test]
fn an_expired_way_does_not_hide_a_good_one() {
    let openssl = OpenSsl::default();
    let chain = Chain::new(&openssl);
    let [root, a, b, leaf] = chain.signed();
    let mut old = chain.b.clone();
    old.validity[1] = utc_time("210101000000Z");
    let old = old.sign(&chain.keys[1]);
    let mut cross = chain.b.clone();
    cross.issuer = named("somebody else");
    let cross = cross.sign(&chain.keys[3]);
    for between in [[&old[..], &cross, &a, &b], [&b[..], &a, &cross, &old]] {
        // OpenSSL takes the first with the name, or finds the way, by their order.
        let (ours, _) = verdicts(&openssl, [&root, &leaf], &between, NOW);
        assert_eq!(ours, Ok(()));
    }
    // More than are looked at: no endless work, and no silent yes.
    let many: Vec<&[u8]> = [&old[..]; 8].into_iter().chain([&a[..], &b]).collect();
    let (ours, _) = verdicts(&openssl, [&root, &leaf], &many, NOW);
    assert_eq!(
        ours,
        Err(EnrolError::Untrusted {
            position: 1,
            problem: TrustProblem::Expired
        })
    );
}

/// OpenSSL accepts a certificate that lost its extensions; rustls does not, nor do we.
#[test]
fn version_1_is_refused_but_for_a_pinned_root() {
    let openssl = OpenSsl::default();
    let mut chain = Chain::new(&openssl);
    chain.leaf.version = 1;
    chain.leaf.extensions.clear();
    let [root, a, b, leaf] = chain.signed();
    let (ours, theirs) = verdicts(&openssl, [&root, &leaf], &[&a, &b], NOW);
    let version = TrustProblem::Version { version: 1 };
    let untrusted = |position| EnrolError::Untrusted {
        position,
        problem: version,
    };
    assert_eq!((ours, theirs), (Err(untrusted(0)), true));
    assert_eq!(
        untrusted(0).to_string(),
        "the certificate is not trusted: it is of version 1, without the extensions that say what it is \
         for: have it issued again as version 3"
    );

    let mut chain = Chain::new(&openssl);
    chain.b.version = 1;
    chain.b.extensions.clear();
    let [root, a, b, leaf] = chain.signed();
    let (ours, theirs) = verdicts(&openssl, [&root, &leaf], &[&a, &b], NOW);
    assert_eq!((ours, theirs), (Err(untrusted(1)), false));

    let mut chain = Chain::new(&openssl);
    chain.root.version = 1;
    chain.root.extensions.clear();
    let [root, a, b, leaf] = chain.signed();
    let (ours, theirs) = verdicts(&openssl, [&root, &leaf], &[&a, &b], NOW);
    assert_eq!((ours, theirs), (Ok(()), true));
}

/// The last moment belongs to the validity (RFC 5280 4.1.2.5), where OpenSSL's `verify` excludes it.
#[test]
fn the_last_second_counts() {
    let openssl = OpenSsl::default();
    let mut chain = Chain::new(&openssl);
    chain.leaf.validity = [utc_time("260101000000Z"), utc_time("260101000000Z")];
    let [root, a, b, leaf] = chain.signed();
    for (now, good) in [(NOW - 1, false), (NOW, true), (NOW + 1, false)] {
        let (ours, _) = verdicts(&openssl, [&root, &leaf], &[&a, &b], now);
        assert_eq!(ours.is_ok(), good, "{now}");
    }
}

/// A bare key: what it signed is good, whatever the issuer is called.
#[test]
fn a_pinned_key_needs_no_name() {
    let openssl = OpenSsl::default();
    let chain = Chain::new(&openssl);
    let signed = chain.signed();
    let [root, a, b, leaf] = signed
        .each_ref()
        .map(|der| CertificateFile::from_bytes(der).unwrap());
    let now = Timestamp::from_unix(NOW, 0).unwrap();
    let anchor = TrustAnchor::from_key(root.public_key().unwrap());
    assert_eq!(anchor.verify(&leaf, &[b.clone(), a.clone()], now), Ok(()));
    let anchor = TrustAnchor::from_key(b.public_key().unwrap());
    assert_eq!(anchor.verify(&leaf, &[], now), Ok(()));
    let other = TrustAnchor::from_key(leaf.public_key().unwrap());
    let problem = TrustProblem::Signature;
    assert_eq!(
        other.verify(&leaf, &[], now),
        Err(EnrolError::Untrusted {
            position: 1,
            problem
        })
    );
}

/// Every bit of what is signed, and of the signature, counts.
#[test]
fn no_changed_certificate_is_trusted() {
    let openssl = OpenSsl::default();
    let mut chain = Chain::new(&openssl);
    chain.leaf.issuer = named("root");
    let der = chain.leaf.sign(&chain.keys[0]);
    let root = chain.root.sign(&chain.keys[0]);
    let root = CertificateFile::from_bytes(&root).unwrap();
    let anchor = TrustAnchor::from_certificate(&root).unwrap();
    let now = Timestamp::from_unix(NOW, 0).unwrap();
    let good = CertificateFile::from_bytes(&der).unwrap();
    assert_eq!(anchor.verify(&good, &[], now), Ok(()));
    let mut read = 0;
    for place in 0..der.len() {
        for bit in 0..8 {
            let mut changed = der.clone();
            changed[place] ^= 1 << bit;
            if let Ok(certificate) = CertificateFile::from_bytes(&changed) {
                read += 1;
                assert!(
                    anchor.verify(&certificate, &[], now).is_err(),
                    "byte {place}"
                );
            }
        }
    }
    assert!(read > 1000, "{read}");
}

/// What stands beside the signature is not signed: were it free, anybody could change a certificate's thumbprint.
#[test]
fn what_stands_beside_the_signature_is_as_it_is_signed() {
    let key = key_pair(2048);
    let der = Made::new(named("root"), named("leaf"), &key)
        .with(usage(0x80))
        .sign(&key);
    let algorithm = |end: &[u8]| sequence(&[oid(SHA256_WITH_RSA), end.to_vec()]);
    let signed = algorithm(&[5, 0]);
    let place = |window: &[u8]| window == &signed[..];
    let outer = der.windows(signed.len()).rposition(place).unwrap();
    let with = |other: &[u8]| {
        let end = outer + signed.len();
        // Without the header of the whole, four bytes.
        element(0x30, &[&der[4..outer], other, &der[end..]].concat())
    };
    assert_eq!(with(&signed), der);
    for other in [algorithm(&[]), algorithm(&[5, 0, 5, 0]), algorithm(&[4, 0])] {
        let changed = with(&other);
        assert!(
            CertificateFile::from_bytes(&changed).is_err(),
            "{other:02X?}"
        );
    }
}

/// Bits that are said to be unused permit nothing.
#[test]
fn padding_is_no_permission() {
    let key = key_pair(2048);
    let read = |bits: &[u8]| {
        let usage = extension(KEY_USAGE, true, &element(3, bits));
        let der = Made::new(named("root"), named("leaf"), &key)
            .with(usage)
            .sign(&key);
        CertificateFile::from_bytes(&der).map(|file| file.extensions().key_usage().is_some())
    };
    for bits in [
        &[7, 0x84][..],
        &[3, 0x84],
        &[1],
        &[7, 0x06, 0x81],
        &[8, 0x80],
    ] {
        assert!(read(bits).is_err(), "{bits:02X?}");
    }
    for bits in [&[2, 0x84][..], &[7, 0x80], &[0, 0x06], &[7, 0x06, 0x80]] {
        assert_eq!(read(bits), Ok(true), "{bits:02X?}");
    }
}
