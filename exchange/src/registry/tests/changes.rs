//! What may be changed, and what not.

use uuid::Uuid;

use super::made::{
    A_KEY, B_KEY, a, at, b, certificate, clause, credential, now, offer, party, registry, sign,
    terms,
};
use crate::registry::{Change, Clause, MAX_LIVE_CERTIFICATES, RegistryProblem, State};

const LONG: &str = "2030-01-01T00:00:00Z";

fn add(party: crate::party::Party, key: &str, serial: u8, until: &str) -> Change {
    let der = certificate(party, key, serial, until);
    Change::AddCertificate { party, der }
}

#[test]
fn an_instance_has_four_live_certificates_and_its_keys_for_itself() {
    let mut registry = registry(&[
        add(a(), A_KEY, 2, "2026-04-01T00:00:00Z"),
        add(a(), A_KEY, 3, LONG),
        add(a(), A_KEY, 4, LONG),
        add(a(), A_KEY, 5, LONG),
    ]);
    assert_eq!(registry.counting(a(), now()).count(), MAX_LIVE_CERTIFICATES);
    let fifth = add(a(), A_KEY, 6, LONG);
    let refused = registry.apply(&fifth, now());
    assert_eq!(refused, Err(RegistryProblem::TooManyCertificates));
    let foreign = registry.apply(&add(b(), A_KEY, 7, LONG), now());
    assert_eq!(foreign, Err(RegistryProblem::ForeignKey));
    // Roll-over: when one has expired, another is taken.
    let later = at("2026-04-02T00:00:00Z");
    assert_eq!(registry.counting(a(), later).count(), 3);
    assert!(registry.apply(&fifth, later).is_ok());
    assert_eq!(registry.counting(a(), later).count(), 4);
}

#[test]
fn what_was_revoked_stays_so_with_its_key() {
    let mut registry = registry(&[add(a(), A_KEY, 2, LONG)]);
    let thumbprint = registry
        .counting(a(), now())
        .next()
        .expect("one")
        .thumbprint;
    let revoke = Change::Revoke { thumbprint };
    let version = registry.version();
    let noted = registry
        .apply(&revoke, now())
        .expect("revoked")
        .expect("noted");
    assert_eq!(noted.thumbprint, Some(thumbprint));
    assert_eq!(registry.version(), version + 1);
    assert_eq!(registry.counting(a(), now()).count(), 0);
    assert_eq!(
        registry.apply(&revoke, now()),
        Err(RegistryProblem::Revoked)
    );
    let again = registry.apply(&add(a(), A_KEY, 3, LONG), now());
    assert_eq!(again, Err(RegistryProblem::RevokedKey));
    assert_eq!(registry.version(), version + 1);
}

#[test]
fn what_is_not_there_is_not_changed() {
    let mut registry = registry(&[credential("anna", a(), 100)]);
    let stranger = party(0xC);
    let of_other = crate::party::Party {
        partner: b().partner,
        instance: a().instance,
    };
    let plain = Change::SetCredential(crate::registry::NewCredential {
        name: "bo".into(),
        id: Uuid::from_u128(101),
        party: a(),
        hash: "secret".into(),
    });
    let cases = [
        (
            add(stranger, B_KEY, 2, LONG),
            RegistryProblem::Unknown("instance"),
        ),
        (
            add(a(), A_KEY, 2, "2026-02-01T00:00:00Z"),
            RegistryProblem::Past,
        ),
        (
            Change::SetInstance(super::made::instance(of_other)),
            RegistryProblem::OtherPartner,
        ),
        (
            credential("anna", b(), 101),
            RegistryProblem::Known("credential"),
        ),
        (
            credential("bo", a(), 100),
            RegistryProblem::Known("credential"),
        ),
        (credential("", a(), 101), RegistryProblem::Name),
        (plain, RegistryProblem::Hash),
        (sign(), RegistryProblem::Unknown("contract")),
    ];
    for (change, problem) in cases {
        assert_eq!(registry.apply(&change, now()), Err(problem), "{change:?}");
    }
}

#[test]
fn a_contract_is_offered_by_one_and_signed_by_the_other() {
    let everything = vec![Clause::allowing("*")];
    let mut registry = registry(&[]);
    let by_promisor = Change::Offer {
        terms: terms(everything.clone()),
        offer: [9; 32],
        by: b(),
    };
    let refused = registry.apply(&by_promisor, now());
    assert_eq!(refused, Err(RegistryProblem::NotTheirs));
    registry
        .apply(&offer(terms(everything)), now())
        .expect("offered");
    let id = Uuid::from_u128(7);
    let in_force = |registry: &crate::registry::Registry, time: &str| {
        registry.contract(id).expect("it").is_in_force(at(time))
    };
    assert!(!in_force(&registry, "2026-03-01T12:00:00Z"));
    let other = Change::Sign {
        contract: id,
        offer: [8; 32],
        by: b(),
    };
    assert_eq!(
        registry.apply(&other, now()),
        Err(RegistryProblem::OtherOffer)
    );
    let by_promisee = Change::Sign {
        contract: id,
        offer: [9; 32],
        by: a(),
    };
    assert_eq!(
        registry.apply(&by_promisee, now()),
        Err(RegistryProblem::NotTheirs)
    );
    registry.apply(&sign(), now()).expect("signed");
    assert_eq!(registry.contract(id).expect("it").version, 2);
    assert!(in_force(&registry, "2026-03-01T12:00:00Z"));
    assert!(!in_force(&registry, "2026-01-31T23:59:59Z"));
    assert!(!in_force(&registry, "2027-02-01T00:00:00Z"));
    let signed_again = registry.apply(&sign(), now());
    assert_eq!(signed_again, Err(RegistryProblem::State(State::Signed)));
    let expire = Change::Expire { contract: id };
    assert_eq!(registry.apply(&expire, now()), Err(RegistryProblem::Period));
    let cancel = |by| Change::Cancel { contract: id, by };
    let by_stranger = registry.apply(&cancel(party(0xC)), now());
    assert_eq!(by_stranger, Err(RegistryProblem::NotTheirs));
    registry.apply(&cancel(a()), now()).expect("cancelled");
    assert!(!in_force(&registry, "2026-03-01T12:00:00Z"));
    let cancelled = registry.apply(&cancel(b()), now());
    assert_eq!(cancelled, Err(RegistryProblem::State(State::Cancelled)));
}

#[test]
fn what_is_not_understood_is_not_offered() {
    let all = Clause::allowing("*");
    let cases = [
        (vec![], RegistryProblem::NothingAllowed),
        (
            vec![clause("AddCardsClause", "MaxCardsInOneRequest", "1")],
            RegistryProblem::NothingAllowed,
        ),
        (
            vec![all.clone(), clause("Weekdays", "Only", "Monday")],
            RegistryProblem::Clause(clause("Weekdays", "Only", "Monday")),
        ),
        (
            vec![Clause::allowing("card.read")],
            RegistryProblem::Clause(Clause::allowing("card.read")),
        ),
        (
            vec![
                all.clone(),
                clause("AddCardsClause", "MaxCardsInOneRequest", "+1"),
            ],
            RegistryProblem::Clause(clause("AddCardsClause", "MaxCardsInOneRequest", "+1")),
        ),
        (
            vec![all, clause("RequestsClause", "MaxRequestsPerDay", "many")],
            RegistryProblem::Clause(clause("RequestsClause", "MaxRequestsPerDay", "many")),
        ),
    ];
    for (clauses, problem) in cases {
        let refused = registry(&[]).apply(&offer(terms(clauses)), now());
        assert_eq!(refused, Err(problem));
    }
}
