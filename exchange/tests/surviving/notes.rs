//! What A and B saw, over all lives of the exchange.

use std::collections::BTreeMap;

use daxsign_exchange::CorrelationId;
use daxsign_exchange::message::MessageName;
use serde_json::json;
use uuid::Uuid;

use crate::town::{Ask, Signed};

/// What is asked for, by its number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Wish {
    /// Changes something.
    Change,
    /// The same, with a key for retries.
    Keyed,
    Read,
    /// B does not answer.
    ReadInVain,
    ChangeInVain,
    /// No clause allows it.
    Forbidden,
}

impl Wish {
    pub(crate) const fn of(number: u32) -> Self {
        match number % 8 {
            0 | 1 => Self::Change,
            2 | 3 => Self::Keyed,
            4 => Self::Read,
            5 => Self::ReadInVain,
            6 => Self::ChangeInVain,
            _ => Self::Forbidden,
        }
    }

    pub(crate) const fn changes(self) -> bool {
        matches!(self, Self::Change | Self::Keyed | Self::ChangeInVain)
    }

    pub(crate) const fn is_answered(self) -> bool {
        matches!(self, Self::Change | Self::Keyed | Self::Read)
    }
}

pub(crate) fn ask(number: u32) -> Ask {
    let id = Uuid::from_u128(number.into());
    let wish = Wish::of(number);
    let context = json!({"context": "looking"}).to_string();
    let (method, rest, body) = match wish {
        Wish::Read | Wish::ReadInVain => ("GET", format!("cards/{id}"), context),
        Wish::Forbidden => ("GET", format!("organizations/{id}"), context),
        Wish::Change | Wish::Keyed | Wish::ChangeInVain => {
            let card = json!({"context": "moving in", "name": number.to_string(), "ownerId": id.to_string(), "codes": []});
            ("POST", "cards".to_owned(), card.to_string())
        }
    };
    Ask {
        method,
        rest,
        body,
        idempotency: (wish == Wish::Keyed).then(|| format!("key-{number}")),
    }
}

/// The number of a request that B got.
pub(crate) fn number_of(target: &str, body: &[u8]) -> u32 {
    let (_, last) = target.rsplit_once('/').unwrap();
    if let Ok(id) = last.parse::<Uuid>() {
        return id.as_u128().try_into().unwrap();
    }
    let body: serde_json::Value = serde_json::from_slice(body).unwrap();
    body["name"].as_str().unwrap().parse().unwrap()
}

/// What B answers.
pub(crate) fn answer_to(number: u32) -> String {
    json!({"data": {"id": number}}).to_string()
}

/// B got it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Delivery {
    pub(crate) number: u32,
    pub(crate) correlation: CorrelationId,
}

/// A was told, signed by the exchange.
#[derive(Clone, Debug)]
pub(crate) struct Answered {
    pub(crate) number: u32,
    pub(crate) request: MessageName,
    pub(crate) status: u16,
    pub(crate) body: Vec<u8>,
}

#[derive(Default)]
pub(crate) struct Notes {
    /// All that was sent of a number: retries have other bytes.
    pub(crate) asked: BTreeMap<u32, Vec<Signed>>,
    pub(crate) delivered: Vec<Delivery>,
    pub(crate) answered: Vec<Answered>,
    /// 503: come again.
    pub(crate) sent_away: usize,
}

impl Notes {
    /// What is sent once more after a crash: what A was told nothing of.
    pub(crate) fn open(&self) -> Vec<u32> {
        let told = |number: &u32| self.answered.iter().any(|one| one.number == *number);
        self.asked
            .keys()
            .copied()
            .filter(|number| !told(number))
            .collect()
    }
}
