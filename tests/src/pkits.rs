//! NIST's Public Key Interoperability Test Suite (PKITS): a signed message for each case, with the certificates and the
//! lists that it is judged by.

use std::collections::BTreeMap;
use std::fs;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::openssl::OpenSsl;
use crate::public_vectors::pkits;

/// The sections of the suite: how many cases each has, and what their names have between `Valid` or `Invalid` and
/// `Test` with the number.
const SECTIONS: [(u8, u8, &str); 16] = [
    (
        1,
        6,
        "Signatures CASignature EESignature DSASignatures DSAParameterInheritance DSASignature",
    ),
    (
        2,
        8,
        "CAnotBeforeDate EEnotBeforeDate pre2000UTCnotBeforeDate GeneralizedTimenotBeforeDate CAnotAfterDate \
         EEnotAfterDate pre2000UTCEEnotAfterDate GeneralizedTimenotAfterDate",
    ),
    (
        3,
        11,
        "NameChainingEE NameChainingOrder NameChainingWhitespace NameChainingCapitalization NameChainingUIDs \
         RFC3280MandatoryAttributeTypes RFC3280OptionalAttributeTypes UTF8StringEncodedNames \
         RolloverfromPrintableStringtoUTF8String UTF8StringCaseInsensitiveMatch",
    ),
    (
        4,
        21,
        "MissingCRL RevokedCA RevokedEE BadCRLSignature BadCRLIssuerName WrongCRL TwoCRLs UnknownCRLEntryExtension \
         UnknownCRLExtension OldCRLnextUpdate pre2000CRLnextUpdate GeneralizedTimeCRLnextUpdate NegativeSerialNumber \
         LongSerialNumber SeparateCertificateandCRLKeys",
    ),
    (
        5,
        8,
        "BasicSelfIssuedOldWithNew BasicSelfIssuedNewWithOld BasicSelfIssuedCRLSigningKey",
    ),
    (
        6,
        17,
        "MissingbasicConstraints cAFalse basicConstraintsNotCritical pathLenConstraint SelfIssuedpathLenConstraint",
    ),
    (
        7,
        5,
        "keyUsageCriticalkeyCertSignFalse keyUsageNotCriticalkeyCertSignFalse keyUsageNotCritical \
         keyUsageCriticalcRLSignFalse keyUsageNotCriticalcRLSignFalse",
    ),
    (
        8,
        20,
        "AllCertificatesSamePolicy AllCertificatesNoPolicies DifferentPolicies OverlappingPolicies \
         AllCertificatesSamePolicies AllCertificatesAnyPolicy AnyPolicy UserNoticeQualifier CPSPointerQualifier",
    ),
    (
        9,
        8,
        "RequireExplicitPolicy SelfIssuedrequireExplicitPolicy",
    ),
    (
        10,
        14,
        "PolicyMapping MappingFromanyPolicy MappingToanyPolicy",
    ),
    (
        11,
        11,
        "inhibitPolicyMapping SelfIssuedinhibitPolicyMapping",
    ),
    (12, 10, "inhibitAnyPolicy SelfIssuedinhibitAnyPolicy"),
    (
        13,
        38,
        "DNnameConstraints SelfIssuedDNnameConstraints RFC822nameConstraints DNandRFC822nameConstraints \
         DNSnameConstraints URInameConstraints",
    ),
    (
        14,
        35,
        "distributionPoint NoissuingDistributionPoint onlyContainsUserCertsCRL onlyContainsCACertsCRL \
         onlyContainsAttributeCerts onlySomeReasons IDPwithindirectCRL cRLIssuer",
    ),
    (15, 10, "deltaCRLIndicatorNoBase deltaCRL"),
    (
        16,
        2,
        "UnknownNotCriticalCertificateExtension UnknownCriticalCertificateExtension",
    ),
];

/// What is refused of the cases whose names do not say it, with the settings that the suite calls default: any policy
/// will do, and none is needed. Which policies a path has is not judged.
const REFUSED_UNSAID: [(u8, u8); 7] = [(4, 1), (8, 4), (8, 5), (8, 7), (8, 8), (8, 9), (8, 12)];

/// A case.
#[derive(Debug)]
pub struct Case {
    /// Its section and its number in it: the suite's 4.SECTION.NUMBER.
    pub number: (u8, u8),
    /// What NIST calls it.
    pub name: String,
    /// Whether the certificate is good, as NIST says.
    pub is_valid: bool,
    /// DER; the one in question is the last. The root is not among them.
    pub certificates: Vec<Vec<u8>>,
    /// Lists of revoked certificates, DER.
    pub lists: Vec<Vec<u8>>,
}

/// The certificate of the suite's root.
///
/// # Panics
/// Without it.
#[must_use]
pub fn root() -> Vec<u8> {
    fs::read(pkits().join("certs/TrustAnchorRootCertificate.crt")).expect("the root")
}

/// All cases, by their numbers.
///
/// # Panics
/// If one is missing or is not as expected.
#[must_use]
pub fn cases() -> BTreeMap<(u8, u8), Case> {
    let openssl = OpenSsl::default();
    let mut cases = BTreeMap::new();
    for entry in fs::read_dir(pkits().join("smime")).expect("a folder") {
        let path = entry.expect("a file").path();
        let name = path.file_stem().and_then(|name| name.to_str());
        let name = name.and_then(|name| name.strip_prefix("Signed"));
        let name = name.expect("a case").to_owned();
        let message = fs::read_to_string(&path).expect("a message");
        let case = read(&openssl, name, &message);
        cases.insert(case.number, case);
    }
    let expected = SECTIONS
        .iter()
        .flat_map(|(section, count, _)| (1..=*count).map(|number| (*section, number)));
    assert!(cases.keys().copied().eq(expected), "all cases");
    cases
}

fn read(openssl: &OpenSsl, name: String, message: &str) -> Case {
    let number = number(&name);
    let signature = message
        .rsplit_once("smime.p7s")
        .and_then(|(_, rest)| rest.split_once("\n\n"))
        .and_then(|(_, rest)| rest.split_once("\n\n------"))
        .expect("a signature");
    let pkcs7 = format!(
        "-----BEGIN PKCS7-----\n{}\n-----END PKCS7-----\n",
        signature.0
    );
    openssl.write("signature.pem", pkcs7);
    let text = String::from_utf8(openssl.run("pkcs7 -in signature.pem -print_certs"));
    let text = text.expect("text");
    Case {
        number,
        is_valid: !name.starts_with("Invalid") && !REFUSED_UNSAID.contains(&number),
        name,
        certificates: blocks(&text, "CERTIFICATE"),
        lists: blocks(&text, "X509 CRL"),
    }
}

fn number(name: &str) -> (u8, u8) {
    let (words, number) = name.rsplit_once("Test").expect("a name with a number");
    let words = ["Valid", "Invalid"]
        .iter()
        .find_map(|start| words.strip_prefix(start))
        .unwrap_or(words);
    let section = SECTIONS
        .iter()
        .find(|(_, _, all)| all.split(' ').any(|one| one == words));
    let (section, _, _) = section.unwrap_or_else(|| panic!("{name} is in no section"));
    (*section, number.parse().expect("a number"))
}

fn blocks(text: &str, label: &str) -> Vec<Vec<u8>> {
    let (begin, end) = (
        format!("-----BEGIN {label}-----"),
        format!("-----END {label}-----"),
    );
    let parts = text
        .split(&begin)
        .skip(1)
        .filter_map(|part| part.split_once(&end));
    parts
        .map(|(block, _)| STANDARD.decode(block.replace('\n', "")).expect("Base64"))
        .collect()
}
