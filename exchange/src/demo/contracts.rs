//! Two contracts, offered and signed by messages of their parties.

use daxsign_core::{PrivateKey, Profile, Timestamp};
use uuid::Uuid;

use super::failed::{Doing, Failed};
use super::people::{Member, People, random_id};
use super::request::{Signed, sign_as};
use super::stage::Stage;
use super::telling::Telling;
use crate::record::HASH_LEN;
use crate::registry::{Clause, Offered, Signature, Terms};

const WHAT: &str = "agreeing on a contract";
const DAY: i64 = 86_400;

/// The contract of the story.
pub(super) struct Agreed {
    pub(super) id: Uuid,
}

/// Offers and signs them.
pub(super) fn agree(
    stage: &Stage,
    people: &People,
    telling: &mut Telling<'_>,
) -> Result<Agreed, Failed> {
    telling.heading("What was agreed")?;
    telling.text(
        "Nothing is allowed that no contract allows. A contract gives one side access to the other's resources: who \
         wants access offers it, who gives access signs exactly that offer. Both are signed messages, and stay on record.",
    )?;
    telling.plain("")?;
    let limit = Clause {
        clause: "RequestsClause".into(),
        property: "MaxRequestsPerDay".into(),
        value: "100".into(),
    };
    let open = Clause::allowing("open_card_owner_door");
    let read = Clause::allowing("cardowners.read");
    let id = between(
        stage,
        (&people.a, &people.b),
        vec![open, read.clone(), limit],
    )?;
    telling.labelled(
        "A with B",
        "A may open doors for people that B knows (open_card_owner_door), and look these people up \
         (cardowners.read); at most 100 requests a day.",
    )?;
    between(stage, (&people.c, &people.b), vec![read])?;
    telling.labelled(
        "C with B",
        "C may look people up (cardowners.read), and nothing else.",
    )?;
    Ok(Agreed { id })
}

fn between(
    stage: &Stage,
    (promisee, promisor): (&Member, &Member),
    clauses: Vec<Clause>,
) -> Result<Uuid, Failed> {
    let id = random_id()?;
    let now = stage.now().seconds();
    let time = |seconds: i64| Timestamp::from_unix(now.saturating_add(seconds), 0).doing(WHAT);
    let terms = Terms {
        contract_id: id,
        promisor: promisor.party,
        promisee: promisee.party.partner,
        from: time(-1)?,
        until: time(DAY)?,
        clauses,
        deadline_seconds: 10,
    };
    let keys = (&*promisee.holder.key, &*promisor.holder.key);
    let papers = Papers::of(&terms, keys, Profile::Documented, stage.now())?;
    post(stage, promisee, &papers.offer)?;
    post(stage, promisor, &papers.signature)?;
    Ok(id)
}

/// The two messages by which a contract is made.
pub(crate) struct Papers {
    /// SHA-256 of the offer's body.
    pub(crate) offered: [u8; HASH_LEN],
    /// By the promisee.
    pub(crate) offer: Signed,
    /// By the promisor.
    pub(crate) signature: Signed,
}

impl Papers {
    /// Signed by the promisee's key and the promisor's.
    pub(crate) fn of(
        terms: &Terms,
        (promisee, promisor): (&PrivateKey, &PrivateKey),
        profile: Profile,
        now: Timestamp,
    ) -> Result<Self, Failed> {
        let id = terms.contract_id;
        let body = serde_json::to_vec(terms).doing(WHAT)?;
        let offered = Offered::from_body(&body).doing(WHAT)?.offer;
        let target = ("POST", "/exchange/v1/contracts");
        let offer = sign_as(profile, target, &body, promisee, now)?;
        let signature = Signature {
            contract_id: id,
            offer: offered,
        };
        let body = serde_json::to_vec(&signature).doing(WHAT)?;
        let target = format!("/exchange/v1/contracts/{}/signature", id.hyphenated());
        Ok(Self {
            offered,
            offer,
            signature: sign_as(profile, ("POST", &target), &body, promisor, now)?,
        })
    }
}

fn post(stage: &Stage, by: &Member, signed: &Signed) -> Result<(), Failed> {
    let told = stage.ask(by, &signed.bytes)?.told()?;
    if told.status == 200 {
        return Ok(());
    }
    Err(Failed::at(WHAT, String::from_utf8_lossy(&told.body)))
}
