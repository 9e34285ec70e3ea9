//! An answer comes (step 10).

use daxsign_core::{PublicKey, Timestamp};

use super::driver::Driver;
use super::inlet::Input;
use super::judge::Judge;
use super::told::Plain;
use super::wire::Wire;
use super::work::{Came, Work};
use crate::correlation::CorrelationId;
use crate::message::{AnswerRead, Asked, Message, MessageName, Refusal};
use crate::party::Party;
use crate::record::{Content, HASH_LEN, Row, Store};
use crate::relay::{Event, Pair};

impl<S, J, W> Driver<S, J, W>
where
    S: Store + Send + 'static,
    J: Judge,
    W: Wire,
{
    /// A message of a party: an answer to a request that was sent to it, or nothing that is known of.
    pub(super) fn answered(&mut self, from: Party, bytes: &[u8]) {
        let now = self.now();
        let Ok(message) = Message::read(bytes) else {
            return;
        };
        let Some((id, name)) = claims(&message) else {
            return;
        };
        let Some(work) = self.works.get_mut(&id) else {
            return;
        };
        // Others' answers, and those to what was not sent, are none.
        if work.receiver() != Some(from) || !work.names.contains(&name) {
            return;
        }
        let keys = self.judge.keys(&from, now);
        let (event, came) = match judged(work, (id, name), (&message, bytes), &keys, now) {
            Ok(came) => (Event::Answer, came),
            Err(came) => (Event::BadAnswer, *came),
        };
        let place = match event {
            Event::Answer => &mut work.answer,
            _ => &mut work.bad_answer,
        };
        if place.is_some() {
            return;
        }
        *place = Some(came);
        match self.traffic.passage(id) {
            Some(_) => self.step(id, event),
            None if event == Event::Answer => self.late(id),
            None => {}
        }
    }

    /// It had ended: one more leaf (X-LATE).
    fn late(&mut self, id: CorrelationId) {
        let Some(work) = self.works.get(&id) else {
            return;
        };
        let (Some(receiver), sender) = (work.receiver(), work.question.sender) else {
            return;
        };
        let inlet = self.inlet.clone();
        self.recorder.ask(move |store| {
            let row = store.row(id).ok().flatten();
            inlet.give(Input::Row(id, Pair { receiver, sender }, row));
        });
    }

    /// How it stands.
    pub(super) fn answered_late(&mut self, id: CorrelationId, pair: Pair, row: Option<Row>) {
        let now = self.now();
        if let Some(row) = row {
            let acts = self.traffic.answer_late(id, pair, row.standing, now);
            self.perform(acts, now);
        }
    }
}

/// Which exchange and which request a message says that it answers.
fn claims(message: &Message<'_>) -> Option<(CorrelationId, MessageName)> {
    let name = AnswerRead::claims(message).ok()?;
    Some((message.parsed("X-Correlation-Id").ok()?, name))
}

/// The answer, or what came instead of one.
fn judged(
    work: &Work,
    (correlation, name): (CorrelationId, MessageName),
    (message, bytes): (&Message<'_>, &[u8]),
    keys: &[(&PublicKey, [u8; HASH_LEN])],
    now: Timestamp,
) -> Result<Came, Box<Came>> {
    let came = |signature: &str, statement: String, thumbprint, plain| Came {
        thumbprint,
        content: Content {
            message: bytes.to_vec(),
            signature: signature.into(),
            statement: statement.into_bytes(),
        },
        plain,
    };
    let asked = Asked {
        name,
        target: &work.question.target,
        correlation: Some(correlation),
    };
    let only: Vec<&PublicKey> = keys.iter().map(|(key, _)| *key).collect();
    let read = message.once("Signature").and_then(|signature| {
        let read = AnswerRead::verify(message, &only, &asked, now)?;
        let thumbprint = keys.get(read.key).map(|(_, thumbprint)| *thumbprint);
        let plain = Plain {
            status: read.status,
            content_type: read.content_type.to_owned(),
            body: read.body.to_vec(),
            own: false,
            fields: Vec::new(),
        };
        let statement = format!("status {}", read.status);
        let came = came(signature, statement, thumbprint, Some(plain));
        // What cannot be kept is no answer either.
        came.content.check().map_err(|_| Refusal::Field {
            name: "Authorization",
        })?;
        Ok(came)
    });
    read.map_err(|refusal| {
        let statement = format!("the answer does not verify: {refusal}");
        Box::new(came("", statement, None, None))
    })
}
