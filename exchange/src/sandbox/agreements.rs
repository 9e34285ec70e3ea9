//! The contracts of a sandbox, each offered and signed by messages of its parties.

use daxsign_core::{Profile, Sha256, Timestamp};
use uuid::Uuid;

use super::failed::Failed;
use super::people::{Member, id};
use crate::demo::contracts::Papers;
use crate::judging::SharedRegistry;
use crate::message::Message;
use crate::registry::{Change, Clause, Signed, Terms};

const DAY: i64 = 86_400;
/// For how many days they are in force: clocks of sandboxes are moved.
const DAYS: i64 = 3_650;

/// Offers and signs all of them.
pub(super) fn agree(
    registry: &SharedRegistry,
    [estates, office, client]: &[Member; 3],
    seed: u32,
    now: Timestamp,
) -> Result<(), Failed> {
    let everything = || vec![Clause::allowing("*")];
    let reading = || {
        [
            "cardowners.read",
            "accessgroups.read",
            "open_card_owner_door",
        ]
        .map(Clause::allowing)
        .to_vec()
    };
    let limited = |clause: &str, property: &str, value: &str| Clause {
        clause: clause.into(),
        property: property.into(),
        value: value.into(),
    };
    let cards = vec![
        Clause::allowing("cards.write"),
        limited("AddCardsClause", "MaxCardsInOneRequest", "1"),
        limited("RequestsClause", "MaxRequestsPerDay", "1000"),
    ];
    for (promisee, promisor, clauses) in [
        (client, office, everything()),
        (client, estates, [reading(), cards].concat()),
        (estates, office, reading()),
        (office, estates, everything()),
    ] {
        let name = format!("contract {} {}", promisee.role.user, promisor.role.user);
        let between = Between {
            id: id(seed, &name),
            promisee,
            promisor,
        };
        between.agree(registry, clauses, now)?;
    }
    Ok(())
}

struct Between<'m> {
    id: Uuid,
    promisee: &'m Member,
    promisor: &'m Member,
}

impl Between<'_> {
    fn agree(
        &self,
        registry: &SharedRegistry,
        clauses: Vec<Clause>,
        now: Timestamp,
    ) -> Result<(), Failed> {
        let until = now.seconds().saturating_add(DAYS.saturating_mul(DAY));
        let terms = Terms {
            contract_id: self.id,
            promisor: self.promisor.party,
            promisee: self.promisee.party.partner,
            from: now,
            until: Timestamp::from_unix(until, 0).map_err(Failed::of)?,
            clauses,
            deadline_seconds: 10,
        };
        let keys = (&*self.promisee.key()?, &*self.promisor.key()?);
        let papers = Papers::of(&terms, keys, Profile::VendorSdk, now).map_err(Failed::of)?;
        let offer = Change::Offer {
            terms,
            offer: papers.offered,
            by: self.promisee.party,
        };
        let sign = Change::Sign {
            contract: self.id,
            offer: papers.offered,
            by: self.promisor.party,
        };
        make(registry, offer, self.promisee, &papers.offer.bytes)?;
        make(registry, sign, self.promisor, &papers.signature.bytes)
    }
}

/// Makes a change by the message that a party signed for it.
pub(super) fn make(
    registry: &SharedRegistry,
    change: Change,
    by: &Member,
    message: &[u8],
) -> Result<(), Failed> {
    let read = Message::read(message).map_err(Failed::of)?;
    let signature = read.once("Signature").unwrap_or_default();
    let signed = Signed {
        message: message.to_vec(),
        signature: signature.into(),
        thumbprint: Sha256::digest(&by.certificate()?),
    };
    let made = registry.change(change, Some(signed));
    made.map(drop).map_err(Failed::of)
}
