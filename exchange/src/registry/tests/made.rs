//! An authority, two partners with an instance each, and what lies between them.

use daxsign_core::{
    CertificateRequest, DaxNames, KeyEncoding, ObjectIdentifier, PrivateKey, Timestamp,
};
use daxsign_pki::{Asked, Issuer, Profile, SerialNumber, Terms as Issuing, issue, issue_root};
use uuid::Uuid;

use crate::party::Party;
use crate::registry::{Change, Clause, Instance, NewCredential, Registry, Terms};

pub(crate) fn at(text: &str) -> Timestamp {
    Timestamp::parse(text).expect("a time")
}

pub(crate) fn now() -> Timestamp {
    at("2026-03-01T12:00:00Z")
}

pub(crate) fn key(name: &str) -> PrivateKey {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/vectors/keys");
    let file = std::fs::read(format!("{folder}/{name}.pkcs8.pem")).expect("a key");
    PrivateKey::from_bytes(&file).expect("a private key")
}

pub(crate) const A_KEY: &str = "rsa2048";
pub(crate) const B_KEY: &str = "rsa4096";
const ROOT_KEY: &str = "rsa3072";

/// Asks.
pub(crate) fn a() -> Party {
    party(0xA)
}

/// Owns.
pub(crate) fn b() -> Party {
    party(0xB)
}

pub(crate) fn party(number: u128) -> Party {
    Party {
        partner: Uuid::from_u128(number << 64 | 1),
        instance: Uuid::from_u128(number << 64 | 2),
    }
}

pub(crate) fn root() -> Vec<u8> {
    let key = key(ROOT_KEY);
    let common_name = ObjectIdentifier::parse("2.5.4.3").expect("an id");
    let mut request = CertificateRequest::new(key.public_key());
    request.add_name(&common_name, "Root").expect("a name");
    let asked = asked(&request, &key);
    let profile = Profile::Authority { path_len: None };
    let terms = issuing(profile, 1, "2040-01-01T00:00:00Z");
    issue_root(&asked, key.public_key(), &terms, &key).expect("a root")
}

/// A certificate of `party` with that key and number, until then.
pub(crate) fn certificate(party: Party, key_name: &str, serial: u8, until: &str) -> Vec<u8> {
    let subject_key = key(key_name);
    let (instance, partner) = (party.instance.to_string(), party.partner.to_string());
    let names = DaxNames {
        instance_id: &instance,
        partner_id: &partner,
        environment: DaxNames::PRODUCTION,
        country: "SE",
        locality: "Gothenburg",
        organization: "Partner",
        unit: "IT",
    };
    let request = CertificateRequest::dax(subject_key.public_key(), &names).expect("a request");
    let asked = asked(&request, &subject_key);
    let issuer = Issuer::from_certificate(&root()).expect("an issuer");
    let terms = issuing(Profile::Dax, serial, until);
    issue(&issuer, &asked, &terms, &key(ROOT_KEY)).expect("a certificate")
}

fn asked(request: &CertificateRequest<'_>, key: &PrivateKey) -> Asked {
    let mut der = vec![0; request.encoded_len(KeyEncoding::Der)];
    request
        .write(key, KeyEncoding::Der, &mut der)
        .expect("a request");
    Asked::from_request(&der).expect("a request")
}

fn issuing(profile: Profile, serial: u8, until: &str) -> Issuing {
    Issuing {
        profile,
        serial: SerialNumber::from_bytes(&[serial]).expect("a number"),
        not_before: at("2026-01-01T00:00:00Z"),
        not_after: at(until),
    }
}

pub(crate) fn list(revoked: &[u8], made: &str, until: &str) -> Vec<u8> {
    let issuer = Issuer::from_certificate(&root()).expect("an issuer");
    let terms = daxsign_pki::ListTerms {
        number: 1,
        this_update: at(made),
        next_update: at(until),
    };
    let revoked: Vec<_> = revoked
        .iter()
        .map(|serial| daxsign_pki::Revoked {
            serial: SerialNumber::from_bytes(&[*serial]).expect("a number"),
            time: at(made),
            reason: daxsign_pki::Reason::KeyCompromise,
        })
        .collect();
    daxsign_pki::write_list(&issuer, &terms, &revoked, &key(ROOT_KEY)).expect("a list")
}

/// The hash of `correct horse battery` under the salt `0123456789abcdef`, by a program that was written in Python from
/// RFC 9106 and gives the RFC's own example (5.3).
pub(crate) const HASH: &str = "$argon2id$v=19$m=19456,t=2,p=1$MDEyMzQ1Njc4OWFiY2RlZg$69I7qCjDTsQwhQqFvpQJiqEI0lGQvxC84fXE0Ktxca4";
pub(crate) const PASSWORD: &str = "correct horse battery";

pub(crate) fn instance(party: Party) -> Instance {
    Instance {
        party,
        name: "installation".into(),
        vendor_sdk: false,
        interop: false,
        deduplicates: false,
    }
}

pub(crate) fn credential(name: &str, party: Party, id: u128) -> Change {
    Change::SetCredential(NewCredential {
        name: name.into(),
        id: Uuid::from_u128(id),
        party,
        hash: HASH.into(),
    })
}

pub(crate) fn terms(clauses: Vec<Clause>) -> Terms {
    Terms {
        contract_id: Uuid::from_u128(7),
        promisor: b(),
        promisee: a().partner,
        from: at("2026-02-01T00:00:00Z"),
        until: at("2027-02-01T00:00:00Z"),
        clauses,
        deadline_seconds: 10,
    }
}

pub(crate) fn offer(terms: Terms) -> Change {
    let (offer, by) = ([9; 32], a());
    Change::Offer { terms, offer, by }
}

pub(crate) fn sign() -> Change {
    Change::Sign {
        contract: Uuid::from_u128(7),
        offer: [9; 32],
        by: b(),
    }
}

pub(crate) fn clause(clause: &str, property: &str, value: &str) -> Clause {
    let [clause, property, value] = [clause, property, value].map(str::to_owned);
    Clause {
        clause,
        property,
        value,
    }
}

/// What makes both partners, with their instances.
pub(crate) fn parties() -> Vec<Change> {
    let of = |party: Party| {
        let add = Change::AddPartner {
            partner: party.partner,
            name: "partner".into(),
        };
        [add, Change::SetInstance(instance(party))]
    };
    [of(a()), of(b())].concat()
}

pub(crate) fn registry(changes: &[Change]) -> Registry {
    let mut registry = Registry::default();
    for change in parties().iter().chain(changes) {
        registry.apply(change, now()).expect("a change");
    }
    registry
}

/// Makes a change that is allowed.
pub(crate) fn change(registry: &mut Registry, change: &Change) {
    registry.apply(change, now()).expect("a change");
}

/// Both with a certificate, A with a credential, and a signed contract with these clauses.
pub(crate) fn agreed(clauses: Vec<Clause>) -> Registry {
    let certificate = |party, key, serial| Change::AddCertificate {
        party,
        der: certificate(party, key, serial, "2030-01-01T00:00:00Z"),
    };
    registry(&[
        certificate(a(), A_KEY, 2),
        certificate(b(), B_KEY, 3),
        credential("anna", a(), 100),
        offer(terms(clauses)),
        sign(),
    ])
}
