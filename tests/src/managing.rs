//! What the fuzz target of the management API and its seeds share: a token, two parties, and an authority of test keys, which issues
//! the same bytes each time.

use daxsign_core::{
    CertificateRequest, DaxNames, KeyEncoding, ObjectIdentifier, PrivateKey, Timestamp,
};
use daxsign_pki::{Asked, Issuer, Profile, SerialNumber, Terms, issue, issue_root};
use uuid::Uuid;

/// What operators show there.
pub const TOKEN: &str = "0123456789abcdef0123456789abcdef";
/// Who is named in what was said.
pub const CARD_OWNER: &str = "00000000-0000-0000-0000-000000000009";
/// A contract that both have signed.
pub const CONTRACT: &str = "09090909-0909-0909-0909-090909090909";

/// A key with which certificates are issued, or for which.
const ROOT_KEY: &[u8] = include_bytes!("../vectors/keys/rsa3072.pkcs8.der");
/// Those of the parties 1 and 2.
const KEYS: [&[u8]; 2] = [
    include_bytes!("../vectors/keys/rsa2048.pkcs8.der"),
    include_bytes!("../vectors/keys/rsa4096.pkcs8.der"),
];

/// Party 1 or 2: its partner, its instance.
#[must_use]
pub fn party(number: u8) -> (Uuid, Uuid) {
    let [partner, instance] = [number, number + 100].map(|byte| Uuid::from_bytes([byte; 16]));
    (partner, instance)
}

/// The authority's certificate, DER.
#[must_use]
pub fn root() -> Vec<u8> {
    let key = key(ROOT_KEY);
    let common_name = ObjectIdentifier::parse("2.5.4.3").expect("an id");
    let mut request = CertificateRequest::new(key.public_key());
    request.add_name(&common_name, "Root").expect("a name");
    let profile = Profile::Authority { path_len: None };
    let asked = asked(&request, &key);
    issue_root(&asked, key.public_key(), &terms(profile, 1), &key).expect("a root")
}

/// A certificate of party 1 or 2, DER.
#[must_use]
pub fn certificate(number: u8) -> Vec<u8> {
    let subject = key(KEYS[usize::from(number) - 1]);
    let (partner, instance) = party(number);
    let (partner, instance) = (partner.to_string(), instance.to_string());
    let names = DaxNames {
        instance_id: &instance,
        partner_id: &partner,
        environment: DaxNames::PRODUCTION,
        country: "SE",
        locality: "Gothenburg",
        organization: "Partner",
        unit: "IT",
    };
    let request = CertificateRequest::dax(subject.public_key(), &names).expect("a request");
    let issuer = Issuer::from_certificate(&root()).expect("an issuer");
    let terms = terms(Profile::Dax, number + 1);
    issue(&issuer, &asked(&request, &subject), &terms, &key(ROOT_KEY)).expect("a certificate")
}

fn key(file: &[u8]) -> PrivateKey {
    PrivateKey::from_bytes(file).expect("a key")
}

fn asked(request: &CertificateRequest<'_>, key: &PrivateKey) -> Asked {
    let mut der = vec![0; request.encoded_len(KeyEncoding::Der)];
    request
        .write(key, KeyEncoding::Der, &mut der)
        .expect("a request");
    Asked::from_request(&der).expect("a request")
}

fn terms(profile: Profile, serial: u8) -> Terms {
    let at = |text| Timestamp::parse(text).expect("a time");
    Terms {
        profile,
        serial: SerialNumber::from_bytes(&[serial]).expect("a number"),
        not_before: at("2023-01-01T00:00:00Z"),
        not_after: at("2040-01-01T00:00:00Z"),
    }
}
