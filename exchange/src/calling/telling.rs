//! A party tells that something happened: a delivery for each callback that is registered for it.

use std::sync::Arc;

use daxsign_core::Timestamp;

use super::service::Callbacks;
use super::shared::Shared;
use crate::callbacks::{GIVEN_UP_AFTER, MAX_OF_RECEIVER, MAX_OPEN, Registration};
use crate::correlation::CorrelationId;
use crate::party::Party;
use crate::record::{
    Announcement, Cause, Content, ContractVersion, Delivery, Failure, HASH_LEN, NewDelivery,
    OpenDelivery, SqliteStore,
};

/// Who may be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Recipient {
    /// The instance.
    pub party: Party,
    /// What allows it.
    pub contract: ContractVersion,
    /// Whether it is registered as one that deduplicates (X-ONCE).
    pub deduplicates: bool,
}

/// What a party tells, and by which message.
#[derive(Clone, Debug)]
pub struct Telling {
    /// The message's id.
    pub correlation: CorrelationId,
    /// Now.
    pub at: Timestamp,
    /// Who tells.
    pub sender: Party,
    /// The SHA-256 of the certificate that verified it.
    pub thumbprint: [u8; HASH_LEN],
    /// The SHA-256 of its signing string.
    pub request: [u8; HASH_LEN],
    /// Message and signature.
    pub content: Content,
    /// In which domain it happened.
    pub domain: String,
    /// What.
    pub event_type: String,
    /// Who may be told.
    pub recipients: Vec<Recipient>,
}

impl Callbacks {
    /// Takes it in, on the record's thread: every delivery is on disk when `told` of it. `told` is dropped where the exchange is
    /// not running, or nothing can be recorded.
    pub fn tell(&self, telling: Telling, told: impl FnOnce(Result<(), Crowded>) + Send + 'static) {
        let shared = Arc::clone(self.shared());
        self.ask(move |store| match taken_in(store, &shared, telling) {
            Ok(taken) => told(taken),
            Err(failure) => {
                tracing::error!(%failure, "what a party told was not recorded");
                drop(told);
            }
        });
    }
}

/// As many callbacks wait as may.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Crowded;

fn taken_in(
    store: &mut SqliteStore,
    shared: &Shared,
    telling: Telling,
) -> Result<Result<(), Crowded>, Failure> {
    let deliveries = deliveries(store, shared, &telling)?;
    if shared.agenda().len().saturating_add(deliveries.len()) > MAX_OPEN {
        return Ok(Err(Crowded));
    }
    let deadline = telling.at.seconds().saturating_add(GIVEN_UP_AFTER);
    let told = Announcement {
        parent: telling.correlation,
        at: telling.at,
        deadline: Timestamp::from_unix(deadline, telling.at.nanoseconds()).unwrap_or(telling.at),
        sender: telling.sender,
        thumbprint: telling.thumbprint,
        request: telling.request,
        content: telling.content,
        deliveries,
    };
    if told.deliveries.is_empty() {
        return Ok(Ok(()));
    }
    let places = store.tell_callbacks(&told)?;
    let places = places.map_err(|rejected| Failure::new(Cause::Busy, rejected))?;
    let mut agenda = shared.agenda();
    for (new, leaf) in told.deliveries.iter().zip(places) {
        if !new.refused {
            agenda.add(open(&told, new, leaf));
        }
    }
    drop(agenda);
    shared.wake();
    Ok(Ok(()))
}

fn deliveries(
    store: &SqliteStore,
    shared: &Shared,
    telling: &Telling,
) -> Result<Vec<NewDelivery>, Failure> {
    let mut deliveries = Vec::new();
    for recipient in &telling.recipients {
        let mut waiting = shared.agenda().of_receiver(recipient.party.instance);
        for callback in store.callbacks_of(recipient.party)? {
            let registered = Registration::from_bytes(&callback.bytes);
            let is_for = |one: &Registration| one.is_for(&telling.domain, &telling.event_type);
            if !registered.is_some_and(|one| is_for(&one)) {
                continue;
            }
            waiting = waiting.saturating_add(1);
            let no_id = || Failure::new(Cause::Randomness, "no id can be made");
            deliveries.push(NewDelivery {
                correlation: CorrelationId::fresh().ok_or_else(no_id)?,
                callback: callback.id,
                receiver: recipient.party,
                contract: recipient.contract,
                delivery: Delivery::of(true, recipient.deduplicates),
                refused: waiting > MAX_OF_RECEIVER,
            });
        }
    }
    Ok(deliveries)
}

fn open(told: &Announcement, new: &NewDelivery, leaf: u64) -> OpenDelivery {
    OpenDelivery {
        leaf,
        correlation: new.correlation,
        callback: new.callback,
        sender: told.sender,
        receiver: new.receiver,
        contract: Some(new.contract),
        accepted: told.at,
        deadline: told.deadline,
        attempts: 0,
        under_way: false,
        delivery: new.delivery,
    }
}
