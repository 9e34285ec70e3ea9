//! What the exchange answers itself: contracts by messages of the two parties, and outcomes.

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use daxsign_exchange::registry::{Change, Instance, RegistryProblem, State, StoreProblem, Terms};
use serde_json::json;
use uuid::Uuid;

use crate::made::*;

#[test]
fn a_contract_has_effect_once_both_have_signed_it_by_messages() {
    let world = World::new();
    let run = world.start();
    run.register();
    let receiver = run.wire.attach(b(), 10);
    let terms = terms(vec![allowing("*")]);
    let state = || {
        run.shared
            .snapshot()
            .contract(contract())
            .map(|one| one.state)
    };
    let offer = run.offer(&terms);
    let before = run.leaves();
    let offered = run.hear(&offer);
    assert_eq!(offered.summary(), (200, "", true));
    assert_eq!(offered.body["data"]["state"], "Offered");
    assert_eq!(run.leaves(), before + 1);
    assert_eq!(run.hear(&run.good()).summary(), (403, "not-allowed", true));

    // Who may not sign it, and what is not the offer.
    let signature = run.signature(&terms, &offer.body);
    for other in [a(), c()] {
        let ask = Ask {
            token: other,
            key: other,
            ..signature.clone()
        };
        assert_eq!(run.hear(&ask).summary(), (403, "contract-refused", true));
    }
    let other = run.signature(&terms, &format!("{} ", offer.body));
    assert_eq!(run.hear(&other).summary(), (409, "contract-refused", true));
    let unread = Ask {
        body: "{}".into(),
        ..signature.clone()
    };
    assert_eq!(run.hear(&unread).summary(), (400, "invalid-contract", true));
    assert_eq!(state(), Some(State::Offered));

    let signed = run.hear(&signature);
    assert_eq!(signed.summary(), (200, "", true));
    assert_eq!(signed.body["data"]["state"], "Signed");
    // Once: the bytes are used up, and so is the offer.
    assert_eq!(run.hear(&signature).summary(), (409, "replayed", true));
    run.pass(1);
    let again = run.signature(&terms, &offer.body);
    assert_eq!(run.hear(&again).summary(), (409, "contract-refused", true));
    let evidence = run.evidence(signed.id);
    for said in [
        "its note: offered",
        "its note: signed",
        "signed POST /exchange/v1/contracts/",
    ] {
        assert!(evidence.contains(said), "{said}: {evidence}");
    }
    assert_eq!(run.complete(&receiver, &run.good()).status, 201);
    run.end();
}

#[test]
fn either_party_ends_a_contract_and_the_operator_makes_none() {
    let world = World::new();
    let run = world.agreed(vec![allowing("*")]);
    let offer = serde_json::to_string(&terms(vec![allowing("*")])).unwrap();
    let signature = run.signature(&terms(vec![]), &offer);
    let cancel = |party| Ask {
        target: signature.target.replace("/signature", "/cancellation"),
        token: party,
        key: party,
        ..signature.clone()
    };
    assert_eq!(
        run.hear(&cancel(c())).summary(),
        (403, "contract-refused", true)
    );
    assert_eq!(run.hear(&cancel(a())).summary(), (200, "", true));
    run.pass(1);
    assert_eq!(run.hear(&run.good()).summary(), (403, "not-allowed", true));
    let by_operator = Change::Sign {
        contract: contract(),
        offer: [9; 32],
        by: b(),
    };
    assert_eq!(
        run.shared.change(by_operator, None),
        Err(StoreProblem::Registry(RegistryProblem::Unsigned))
    );
    run.end();
}

#[test]
fn the_contracts_of_a_partner_are_listed_for_it_alone() {
    let world = World::new();
    let run = world.agreed(vec![allowing("cards.read")]);
    let list = |party, query: &str| Ask {
        method: "GET",
        target: format!("/api/v2.0/contracts{query}"),
        body: r#"{"context":""}"#.into(),
        token: party,
        key: party,
        ..run.good()
    };
    let of_a = run.hear(&list(a(), ""));
    assert_eq!(of_a.summary(), (200, "", true));
    let item = &of_a.body["data"]["contracts"][0];
    assert_eq!(item["contractId"], contract().to_string());
    assert_eq!(item["promisee"]["partnerId"], a().partner.to_string());
    assert_eq!(item["state"], "Signed");
    assert_eq!(
        item["clauses"],
        json!([{"clause": "OperationClause", "property": "Operation", "value": "cards.read"}])
    );
    assert_eq!(
        of_a.body["paging"],
        json!({"totalCount": 1, "offset": 0, "limit": 50})
    );
    let of_b = run.hear(&list(b(), "?offset=1&limit=5"));
    assert_eq!(of_b.body["data"]["contracts"], json!([]));
    assert_eq!(
        of_b.body["paging"],
        json!({"totalCount": 1, "offset": 1, "limit": 5})
    );
    let of_c = run.hear(&list(c(), ""));
    assert_eq!(of_c.body["paging"]["totalCount"], 0);
    run.end();
}

#[test]
fn an_outcome_is_told_to_who_asked_and_nobody_else() {
    let world = World::new();
    let run = world.agreed(vec![allowing("*")]);
    let receiver = run.wire.attach(b(), 10);
    let ask = run.good();
    let name = ask.signed().1;
    let done = run.complete(&receiver, &ask);
    let outcome = |party, name: &str| Ask {
        method: "GET",
        target: format!("/exchange/v1/outcome/{name}"),
        body: String::new(),
        token: party,
        key: party,
        ..run.good()
    };
    let leaves = run.leaves();
    let by_name = BASE64_URL_SAFE_NO_PAD.encode(name.0);
    for name in [done.id.to_string(), by_name] {
        let told = run.hear(&outcome(a(), &name));
        assert_eq!(told.summary(), (200, "", true), "{name}");
        assert_eq!(told.body["data"]["correlationId"], done.id.to_string());
        assert_eq!(told.body["data"]["state"], "answered");
        let others = run.hear(&outcome(c(), &name));
        assert_eq!(others.summary(), (404, "no-outcome", true));
    }
    // What made a contract, too.
    let another = Terms {
        contract_id: Uuid::from_u128(88),
        ..terms(vec![allowing("*")])
    };
    let offered = run.hear(&run.offer(&another));
    let told = run.hear(&outcome(a(), &offered.id.to_string()));
    assert_eq!(told.summary(), (200, "", true));
    assert_eq!(told.body["data"]["state"], "answered");
    let others = run.hear(&outcome(c(), &offered.id.to_string()));
    assert_eq!(others.summary(), (404, "no-outcome", true));
    let leaves = leaves + 1;
    let unknown = outcome(a(), &Uuid::from_u128(77).to_string());
    assert_eq!(run.hear(&unknown).summary(), (404, "no-outcome", true));
    assert_eq!(run.leaves(), leaves, "asking leaves no event");
    assert_eq!(run.hear(&unknown).summary(), (409, "replayed", true));
    run.end();
}

#[test]
fn what_was_changed_before_the_record_could_be_told_is_on_record_after_the_next_start() {
    let world = World::new();
    let registry = world.registry();
    let party = a();
    let changes = [
        Change::AddPartner {
            partner: party.partner,
            name: "partner".into(),
        },
        Change::SetInstance(Instance {
            party,
            name: "installation".into(),
            vendor_sdk: false,
            interop: false,
            deduplicates: false,
        }),
        Change::AddCertificate {
            party,
            der: certificate(party, &key_of(party), 2),
        },
    ];
    for change in changes {
        registry.change(change, None).unwrap();
    }
    let thumbprint = registry
        .snapshot()
        .certificates_of(party)
        .next()
        .unwrap()
        .thumbprint;
    let revoke = Change::Revoke { thumbprint };
    registry.change(revoke, None).unwrap();
    drop(registry);
    let run = world.start();
    // The log's beginning, a certificate, its revocation.
    becomes(|| run.leaves() == 3);
    run.end();
    let run = world.start();
    assert_eq!(run.leaves(), 3, "each once");
    run.end();
}

#[test]
fn groups_are_shown_to_a_partner_by_whom_a_contract_promises_it_access() {
    let world = World::new();
    let run = world.agreed(vec![allowing("*")]);
    let publish = |party, ids: &[u128]| {
        let group = |id: &u128| {
            json!({
                "accessGroupId": Uuid::from_u128(*id).to_string(),
                "accessGroupName": format!("group {id}"),
                "latitude": 57.7,
                "longitude": 11.9,
            })
        };
        let groups: Vec<_> = ids.iter().map(group).collect();
        let body = json!({
            "context": "", "destinationPartnerId": a().partner.to_string(), "accessGroups": groups,
        });
        Ask {
            target: "/api/v2.0/accessgroups".into(),
            body: body.to_string(),
            token: party,
            key: party,
            ..run.good()
        }
    };
    let shown = |party, rest: &str| {
        run.pass(1);
        run.hear(&Ask {
            method: "GET",
            target: format!("/api/v2.0/accessgroups{rest}"),
            body: r#"{"context":""}"#.into(),
            token: party,
            key: party,
            ..run.good()
        })
    };
    let published = run.hear(&publish(b(), &[1, 2]));
    assert_eq!(published.summary(), (200, "", true));
    assert_eq!(published.body["data"]["success"], true);
    assert_eq!(
        run.hear(&publish(c(), &[3])).summary(),
        (403, "contract-refused", true)
    );
    assert_eq!(
        run.hear(&publish(b(), &[4, 4])).summary(),
        (409, "contract-refused", true)
    );
    let list = shown(a(), "");
    assert_eq!(list.body["paging"]["totalCount"], 2);
    let first = &list.body["data"]["accessGroups"][0];
    assert_eq!(first["remoteName"], "group 1");
    assert_eq!(
        first["receivingPartner"]["partnerId"],
        b().partner.to_string()
    );
    let owner = &first["receivingAccessControlInstance"]["accessControlInstanceId"];
    assert_eq!(*owner, b().instance.to_string());
    assert_eq!(first["latitude"], 57.7);
    let second = format!("/{}", Uuid::from_u128(2));
    assert_eq!(
        shown(a(), &second).body["data"]["accessGroup"]["remoteName"],
        "group 2"
    );
    assert_eq!(shown(c(), &second).summary(), (404, "not-found", true));
    assert_eq!(shown(c(), "").body["paging"]["totalCount"], 0);
    // What is published takes the place of what was.
    assert_eq!(run.hear(&publish(b(), &[5])).summary(), (200, "", true));
    assert_eq!(
        shown(a(), "").body["data"]["accessGroups"][0]["remoteName"],
        "group 5"
    );
    run.end();
    let run = world.start();
    let left: Vec<Uuid> = run
        .shared
        .snapshot()
        .published_to(a().partner, world.now())
        .map(|(_, group)| group.id)
        .collect();
    assert_eq!(left, [Uuid::from_u128(5)]);
    // Without the contract nothing is shown.
    let after = at(30 * 86_400);
    assert_eq!(
        run.shared
            .snapshot()
            .published_to(a().partner, after)
            .count(),
        0
    );
    run.end();
}
