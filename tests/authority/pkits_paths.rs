//! The cases of NIST's Public Key Interoperability Test Suite (PKITS): each certificate with its path and its lists of
//! revoked certificates, judged by the core's check of a chain and this library's lists, by rustls's own check
//! (rustls-webpki), and as mutual TLS does with both. Where one of them says something else than NIST, the table says why.
//!
//! All 221 cases that are signed with RSA and SHA-256; the suite's three others (4.1.4 to 4.1.6) are DSA's. Which
//! policies a path has is not judged here, so that of the policies' sections the default settings are taken: any policy
//! will do, none is needed. OpenSSL says whether NIST's word was read right.
//!
//! That a bad certificate is refused need not be for NIST's reason: a list that is understood by none (of a part, of
//! several authorities, or of changes) is refused whole, and with it what was to be looked up there.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use daxsign_core::{CertificateFile, EnrolError, Timestamp, TrustAnchor, TrustProblem};
use daxsign_pki::tls::rustls::pki_types::{CertificateDer, CertificateRevocationListDer, UnixTime};
use daxsign_pki::tls::rustls::server::WebPkiClientVerifier;
use daxsign_pki::tls::rustls::{self, RootCertStore};
use daxsign_pki::tls::{IdentityFrom, Lists, Policy, RootSet};
use daxsign_pki::{RevocationList, certificate_pem};
use daxsign_tests::openssl::OpenSsl;
use daxsign_tests::pkits::{Case, cases, root};

/// 2027-01-15: between the suite's 2010 and its 2030.
const NOW: i64 = 1_800_000_000;
/// The certificates below the root of a way that has too many authorities for the core.
const TOO_LONG: usize = 4;

/// A case's section and number.
type Number = (u8, u8);
/// The cases that somebody judges in another way than NIST, by how.
type Differences = &'static [(&'static str, &'static [(u8, &'static [u8])])];

/// What the core and this library's lists say in another way.
const OWN: Differences = &[
    // Bad, and found good: policies are not judged, and these require one without a critical mark, which would have
    // had them refused.
    ("good", &[(8, &[4, 5, 12])]),
    // Good, and refused, for want of what is not done: more than two authorities between the certificate and the root;
    (
        "long",
        &[
            (6, &[13, 14, 17]),
            (8, &[6]),
            (9, &[1, 2, 4]),
            (10, &[3]),
            (11, &[4, 7]),
            (12, &[7, 9]),
        ],
    ),
    // policy mappings and bounds for policies, and name constraints, all critical;
    (
        "critical",
        &[
            (10, &[1, 5, 6, 9, 11, 12, 13, 14]),
            (11, &[2]),
            (12, &[2, 3]),
            (
                13,
                &[1, 4, 5, 6, 11, 14, 18, 21, 23, 25, 27, 30, 32, 34, 36],
            ),
        ],
    ),
    // the same, but the authority has two certificates with critical extensions in one, and what is told is that the
    // other's key did not sign;
    ("signature", &[(9, &[6]), (13, &[19])]),
    // a list that another of the authority's keys signed;
    ("no list", &[(4, &[19]), (5, &[1]), (6, &[15])]),
    // lists of a part of the certificates or reasons, of several authorities, and of changes.
    (
        "list",
        &[
            (5, &[3, 4, 6]),
            (14, &[1, 4, 5, 7, 13, 18, 19, 22, 24, 25, 28, 29, 30, 33]),
            (15, &[2, 5, 7, 8]),
        ],
    ),
];

/// And rustls's check, where lists are required for the whole path and must not be overdue.
const RUSTLS: Differences = &[
    // Bad, and found good: the key usage of authorities is not looked at, and policies are not judged.
    ("good", &[(7, &[1, 2]), (8, &[4, 5, 9, 12])]),
    // Good, and refused: times before 1970, unique identifiers;
    ("BadEncoding", &[(2, &[3]), (3, &[6])]),
    // names that are the same but for case, spaces and string types;
    ("UnknownIssuer", &[(3, &[3, 4, 5, 10, 11])]),
    // two keys of an authority under one name;
    (
        "BadSignature",
        &[(4, &[19]), (5, &[1, 3, 4, 6]), (6, &[15, 17]), (13, &[19])],
    ),
    // an authority's own certificate as the one in question;
    ("CaUsedAsEndEntity", &[(6, &[8, 14]), (8, &[6])]),
    // policies that are critical;
    (
        "UnsupportedCriticalExtension",
        &[
            (9, &[1, 2, 4, 6]),
            (10, &[1, 3, 5, 6, 9, 11, 12, 13, 14]),
            (11, &[2, 4, 7]),
            (12, &[2, 3, 7, 9]),
        ],
    ),
    // name constraints for other names than DNS's;
    (
        "NameConstraintViolation",
        &[(13, &[1, 4, 5, 6, 11, 14, 18, 21, 23, 25, 27, 34, 36])],
    ),
    // distribution points that are not named by URIs;
    ("UnknownRevocationStatus", &[(14, &[1, 4])]),
    // lists of several points, of a part of the reasons, of several authorities, and of changes.
    (
        "list",
        &[
            (14, &[5, 7, 13, 18, 19, 22, 24, 25, 28, 29, 30, 33]),
            (15, &[2, 5, 7, 8]),
        ],
    ),
];

/// And mutual TLS: rustls-webpki's way up, with this library's lists. That authorities may sign, which that way leaves out,
/// is looked at.
const TLS: Differences = &[
    // Bad, and found good: policies are not judged.
    ("good", &[(8, &[4, 5, 9, 12])]),
    // Good, and refused: as above, under the names that people are told;
    ("no-path", &[(2, &[3]), (3, &[6])]),
    (
        "name-constraints",
        &[(13, &[1, 4, 5, 6, 11, 14, 18, 21, 23, 25, 27, 34, 36])],
    ),
    ("other-issuer", &[(3, &[3, 4, 5, 10, 11])]),
    ("certificate-signature", &[(6, &[15, 17]), (13, &[19])]),
    ("authority-shown", &[(6, &[8, 14]), (8, &[6])]),
    (
        "unknown-critical",
        &[
            (9, &[1, 2, 4, 6]),
            (10, &[1, 3, 5, 6, 9, 11, 12, 13, 14]),
            (11, &[2, 4, 7]),
            (12, &[2, 3, 7, 9]),
        ],
    ),
    // a list that another of the authority's keys signed;
    ("no-list", &[(4, &[19]), (5, &[1])]),
    // one that nobody known signed beside a good one, and those that are not understood.
    (
        "list",
        &[
            (4, &[7]),
            (5, &[3, 4, 6]),
            (14, &[1, 4, 5, 7, 13, 18, 19, 22, 24, 25, 28, 29, 30, 33]),
            (15, &[2, 5, 7, 8]),
        ],
    ),
];

fn own(case: &Case, root: &[u8]) -> Result<(), String> {
    let now = Timestamp::from_unix(NOW, 0).expect("a time");
    let read = |der| CertificateFile::from_bytes(der).map_err(|error| format!("{error:?}"));
    let root = read(root)?;
    let certificates = case.certificates.iter().map(|der| read(der));
    let certificates = certificates.collect::<Result<Vec<_>, _>>()?;
    let (own, between) = certificates.split_last().expect("one in question");
    let anchor = TrustAnchor::from_certificate(&root).map_err(|error| error.to_string())?;
    anchor
        .verify(own, between, now)
        .map_err(|error| match error {
            _ if certificates.len() >= TOO_LONG => "long".to_owned(),
            EnrolError::Untrusted {
                problem: TrustProblem::UnknownCritical { .. },
                ..
            } => "critical".to_owned(),
            EnrolError::Untrusted {
                problem: TrustProblem::Signature,
                ..
            } => "signature".to_owned(),
            error => format!("{error:?}"),
        })?;
    let lists = case
        .lists
        .iter()
        .map(|list| RevocationList::from_bytes(list));
    let lists: Vec<_> = lists.collect::<Result<_, _>>().map_err(|_| "list")?;
    let authorities: Vec<_> = [&root].into_iter().chain(between).collect();
    Way {
        authorities,
        lists,
        now,
    }
    .is_good(own, TOO_LONG)
    .map_err(str::to_owned)
}

/// What a way is made of.
struct Way<'a> {
    /// The root first.
    authorities: Vec<&'a CertificateFile<'a>>,
    lists: Vec<RevocationList>,
    now: Timestamp,
}

impl Way<'_> {
    /// Whether none on the way up was revoked, as a list of each one's issuer says.
    fn is_good(&self, certificate: &CertificateFile<'_>, most: usize) -> Result<(), &'static str> {
        let mut problem = "no way";
        for (place, issuer) in self.authorities.iter().enumerate() {
            let issued = TrustAnchor::from_certificate(issuer)
                .and_then(|anchor| anchor.verify(certificate, &[], self.now));
            if issued.is_err() || most == 0 {
                continue;
            }
            let known = |list: &&RevocationList| list.trust(issuer, self.now).is_ok();
            let mut lists = self.lists.iter().filter(known).peekable();
            if lists.peek().is_none() {
                problem = "no list";
                continue;
            }
            let revoked = |list: &RevocationList| {
                list.revocation(certificate)
                    .is_ok_and(|found| found.is_some())
            };
            if lists.any(revoked) {
                problem = "revoked";
                continue;
            }
            let above = if place == 0 {
                Ok(())
            } else {
                self.is_good(issuer, most - 1)
            };
            match above {
                Ok(()) => return Ok(()),
                Err(above) => problem = above,
            }
        }
        Err(problem)
    }
}

fn rustls(case: &Case, root: &[u8]) -> Result<(), String> {
    let mut roots = RootCertStore::empty();
    roots
        .add(CertificateDer::from(root))
        .map_err(|error| format!("{error:?}"))?;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let lists = case
        .lists
        .iter()
        .cloned()
        .map(CertificateRevocationListDer::from);
    let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider)
        .with_crls(lists)
        .enforce_revocation_expiration()
        .build()
        .map_err(|_| "list")?;
    let certificates = case
        .certificates
        .iter()
        .map(|der| CertificateDer::from(der.as_slice()));
    let certificates: Vec<_> = certificates.collect();
    let (own, between) = certificates.split_last().expect("one in question");
    let now = UnixTime::since_unix_epoch(Duration::from_secs(NOW.unsigned_abs()));
    let judged = verifier.verify_client_cert(own, between, now);
    // The variant's name, without the words around it.
    judged.map(drop).map_err(|error| {
        let text = format!("{error:?}");
        let inner = text.trim_end_matches(')').rsplit('(').next();
        inner.unwrap_or_default().to_owned()
    })
}

/// The authorities are known beforehand, as far as they could not be taken for roots, and so are their lists.
fn tls(case: &Case, root: &[u8]) -> Result<(), String> {
    let now = Timestamp::from_unix(NOW, 0).expect("a time");
    let (own, between) = case.certificates.split_last().expect("one in question");
    let is_known = |der: &&Vec<u8>| {
        CertificateFile::from_bytes(der).is_ok_and(|read| read.issuer() != read.subject())
    };
    let known = between.iter().filter(is_known).map(Vec::as_slice);
    let authorities: Vec<&[u8]> = [root].into_iter().chain(known).collect();
    let lists: Vec<&[u8]> = case.lists.iter().map(Vec::as_slice).collect();
    let set = RootSet::new("pkits", &authorities, Lists::Required(&lists));
    let set = set.map_err(|_| "list")?;
    let policy = Policy::of_roots(set.with_identities(IdentityFrom::Subject, None));
    let policy = policy.map_err(|error| error.to_string())?;
    let chain = [own].into_iter().chain(between);
    let chain: Vec<_> = chain
        .map(|der| CertificateDer::from(der.as_slice()))
        .collect();
    let judged = policy.judge_client(&chain, now);
    judged
        .map(drop)
        .map_err(|refusal| refusal.name().to_owned())
}

fn by_openssl(openssl: &OpenSsl, case: &Case) -> bool {
    let (own, between) = case.certificates.split_last().expect("one in question");
    let pem = |certificates: &[Vec<u8>]| -> String {
        certificates
            .iter()
            .map(|der| certificate_pem(der))
            .collect()
    };
    openssl.write("own.pem", certificate_pem(own));
    openssl.write("between.pem", pem(between));
    openssl.write(
        "lists.pem",
        pem(&case.lists).replace("CERTIFICATE", "X509 CRL"),
    );
    let between = if between.is_empty() {
        ""
    } else {
        "-untrusted between.pem "
    };
    let judged = openssl.try_run(&format!(
        "verify -CAfile root.pem {between}-CRLfile lists.pem -crl_check_all -policy_check -policy anyPolicy \
         -extended_crl -use_deltas -attime {NOW} own.pem"
    ));
    judged.status.success()
}

/// How each is judged in another way than NIST does, by how.
fn differences(
    cases: &BTreeMap<Number, Case>,
    judge: impl Fn(&Case) -> Result<(), String>,
) -> BTreeMap<String, Vec<Number>> {
    let mut found: BTreeMap<String, Vec<Number>> = BTreeMap::new();
    for case in cases.values() {
        let judged = judge(case);
        if judged.is_ok() != case.is_valid {
            let how = judged.err().unwrap_or_else(|| "good".to_owned());
            found.entry(how).or_default().push(case.number);
        }
    }
    found
}

fn table(differences: Differences) -> BTreeMap<String, Vec<Number>> {
    let numbers = |sections: &[(u8, &[u8])]| {
        let all = sections
            .iter()
            .flat_map(|(section, numbers)| numbers.iter().map(|number| (*section, *number)));
        all.collect::<Vec<Number>>()
    };
    let rows = differences
        .iter()
        .map(|(how, sections)| ((*how).to_owned(), numbers(sections)));
    rows.collect()
}

/// All, but those of DSA.
fn rsa_cases() -> &'static BTreeMap<Number, Case> {
    static CASES: OnceLock<BTreeMap<Number, Case>> = OnceLock::new();
    CASES.get_or_init(|| {
        let mut cases = cases();
        cases.retain(|number, _| !matches!(number, (1, 4..=6)));
        assert_eq!(cases.len(), 221);
        cases
    })
}

/// Each of the suite's names says whether it is good, or the list in [`daxsign_tests::pkits`]. OpenSSL judges one case
/// in another way, whose lists need each other to be trusted: NIST leaves it out for whom that is too much.
#[test]
fn openssl_judges_as_nist() {
    let openssl = OpenSsl::default();
    openssl.write("root.pem", certificate_pem(&root()));
    let judged = differences(rsa_cases(), |case| {
        let good = by_openssl(&openssl, case);
        good.then_some(()).ok_or_else(|| "bad".to_owned())
    });
    assert_eq!(judged, table(&[("bad", &[(14, &[30])])]));
}

#[test]
fn the_own_check_judges_as_nist_but_for_what_its_table_says() {
    let (cases, root) = (rsa_cases(), root());
    assert_eq!(differences(cases, |case| own(case, &root)), table(OWN));
    // Numbers below zero and long ones are found as what they are.
    for number in [(4, 2), (4, 3), (4, 15), (4, 18)] {
        let judged = own(&cases[&number], &root);
        assert_eq!(judged, Err("revoked".to_owned()), "{number:?}");
    }
}

#[test]
fn rustls_judges_as_nist_but_for_what_its_table_says() {
    let root = root();
    let judged = differences(rsa_cases(), |case| rustls(case, &root));
    assert_eq!(judged, table(RUSTLS));
}

#[test]
fn mutual_tls_judges_as_nist_but_for_what_its_table_says() {
    let root = root();
    let judged = differences(rsa_cases(), |case| tls(case, &root));
    assert_eq!(judged, table(TLS));
    for number in [(7, 1), (7, 2)] {
        let judged = tls(&rsa_cases()[&number], &root);
        assert_eq!(judged, Err("may-not-sign".to_owned()), "{number:?}");
    }
}
