//! The whole check of an evidence file: no exchange and no network is asked.

use std::collections::BTreeSet;

use daxsign_core::Sha256;

use crate::correlation::CorrelationId;
use crate::message::{Message, MessageName};
use crate::record::evidence::event::Telling;
use crate::record::evidence::file::{EvidenceFile, SentTo};
use crate::record::evidence::logged::{Log, Logged, certified_key};
use crate::record::evidence::message::Signed;
use crate::record::evidence::pins::Pins;
use crate::record::evidence::problem::EvidenceProblem;
use crate::record::evidence::sent::{answer_to, passed_on, whole};
use crate::record::evidence::statement::{Grounds, Report, time};
use crate::record::leaf::kind::Kind;
use crate::record::leaf::leaf::{HASH_LEN, Leaf};
use crate::record::log::checkpoint::Checkpoint;

/// Checks evidence and says what it comes to.
///
/// # Errors
/// The first [`EvidenceProblem`]: then nothing of the file is to be believed.
pub fn verify_evidence(file: &[u8], pins: &Pins) -> Result<Report, EvidenceProblem> {
    let file = EvidenceFile::from_bytes(file)?;
    let correlation: CorrelationId = file.correlation.parse().map_err(EvidenceProblem::form)?;
    let log = Log::read(&file)?;
    all_are_of(&log.events, correlation)?;
    all_are_named(&file, &log)?;
    let report = Report {
        correlation,
        checkpoint: log.checkpoint,
        signed_checkpoint: file.checkpoint.clone(),
        log_key: log.verifier.clone(),
        statements: Vec::new(),
    };
    let telling = Telling {
        certificates: &file.certificates,
        log: &log,
        pins,
        report,
    };
    let mut verifying = Verifying {
        file: &file,
        log: &log,
        telling,
        request: None,
        answer: None,
        passed_on: Vec::new(),
    };
    verifying.tell_log(pins)?;
    for event in &log.events {
        verifying.tell(event)?;
    }
    verifying.tell_returned()?;
    Ok(verifying.telling.report)
}

/// Each leaf is of this exchange, or of the contract that allowed it.
fn all_are_of(events: &[Logged], correlation: CorrelationId) -> Result<(), EvidenceProblem> {
    let own = |leaf: &Leaf| leaf.correlation == correlation;
    let allowed = events
        .iter()
        .filter(|event| own(&event.leaf))
        .find_map(|event| event.leaf.contract);
    let of_contract = |leaf: &Leaf| match (leaf.kind, leaf.contract, allowed) {
        (Kind::Contract, Some(step), Some(allowed)) => {
            step.id == allowed.id && step.version <= allowed.version
        }
        _ => false,
    };
    let is_told = |leaf: &Leaf| match leaf.kind {
        Kind::LogKey | Kind::Certificate | Kind::Revocation => false,
        Kind::Contract => of_contract(leaf),
        _ => own(leaf),
    };
    match events.iter().find(|event| !is_told(&event.leaf)) {
        Some(event) => Err(EvidenceProblem::Foreign(event.index)),
        None => Ok(()),
    }
}

/// The file has no certificate but those that its leaves name, each once.
fn all_are_named(file: &EvidenceFile, log: &Log) -> Result<(), EvidenceProblem> {
    let mut named: BTreeSet<[u8; HASH_LEN]> = log
        .events
        .iter()
        .filter_map(|event| event.leaf.thumbprint)
        .collect();
    named.insert(log.thumbprint);
    let all = file
        .certificates
        .iter()
        .all(|der| named.remove(&Sha256::digest(&der.0)));
    if all {
        Ok(())
    } else {
        Err(EvidenceProblem::Unnamed)
    }
}

struct Verifying<'e> {
    file: &'e EvidenceFile,
    log: &'e Log,
    telling: Telling<'e>,
    request: Option<Signed>,
    answer: Option<&'e Logged>,
    /// The names of the requests that the receiver was sent.
    passed_on: Vec<MessageName>,
}

impl<'e> Verifying<'e> {
    fn tell_log(&mut self, pins: &Pins) -> Result<(), EvidenceProblem> {
        let Checkpoint { size, .. } = self.log.checkpoint;
        let count = self.log.events.len();
        let what = format!(
            "signed that the log's key is {}, which signed that the log has {size} leaves; the {count} events below \
             are among them",
            self.log.verifier
        );
        self.telling.exchange(&what)?;
        let mut is_witnessed = false;
        for witness in pins.witnesses() {
            let signed = self.file.checkpoint.as_bytes();
            if Checkpoint::witnessed(signed, witness).map_err(|_| EvidenceProblem::Checkpoint)? {
                let text = format!("the witness {witness} signed the same checkpoint");
                self.telling.report.say(Grounds::Proved, text);
                is_witnessed = true;
            }
        }
        if !is_witnessed {
            let text =
                "no witness signed the checkpoint: the log could be shown otherwise to others"
                    .to_owned();
            self.telling.report.say(Grounds::NotWitnessed, text);
        }
        Ok(())
    }

    fn tell(&mut self, event: &'e Logged) -> Result<(), EvidenceProblem> {
        let signed = self.telling.event(event)?;
        match (event.leaf.kind, signed) {
            (Kind::Request, Some(signed)) => {
                self.tell_passed_on(event, &signed)?;
                self.request = Some(signed);
            }
            (Kind::Callback, Some(signed)) => self.tell_passed_on(event, &signed)?,
            (Kind::Answer, Some(_)) => {
                self.pair(event)?;
                self.answer = Some(event);
            }
            (Kind::Late, Some(_)) => self.pair(event)?,
            _ => {}
        }
        Ok(())
    }

    /// What the exchange signed for the receiver.
    fn tell_passed_on(&mut self, event: &Logged, request: &Signed) -> Result<(), EvidenceProblem> {
        let receiver = event.leaf.receiver.map(|receiver| receiver.to_string());
        let body = body_of(event).unwrap_or_default();
        for sent in self
            .file
            .sent
            .iter()
            .filter(|sent| sent.to == SentTo::Receiver)
        {
            let own = sent.body.is_some();
            let read = passed_on(
                &whole(&sent.head.0, body),
                &self.log.exchange,
                &event.leaf,
                request,
            );
            let (date, name) = read.filter(|_| !own).ok_or(EvidenceProblem::Sent)?;
            let (this, part) = match event.leaf.kind {
                Kind::Callback => ("callback", "the body as it came"),
                _ => ("request", "the target and the body as they came"),
            };
            let what = format!(
                "signed this {this} for {}, dated {}, with {part}",
                receiver.as_deref().unwrap_or_default(),
                time(date)
            );
            self.telling.exchange(&what)?;
            self.passed_on.push(name);
        }
        Ok(())
    }

    /// An answer names the request that the receiver was sent.
    fn pair(&mut self, event: &Logged) -> Result<(), EvidenceProblem> {
        let (Some(request), Some(content), false) =
            (&self.request, &event.content, self.passed_on.is_empty())
        else {
            let text = "which request this answers, the file does not show: what the exchange sent to the receiver is \
                        not in it";
            self.telling.report.say(Grounds::Stated, text.to_owned());
            return Ok(());
        };
        let key = event
            .leaf
            .thumbprint
            .ok_or(EvidenceProblem::Certificate(event.index))?;
        let key = certified_key(&self.file.certificates, &key, event.index)?;
        let id = event.leaf.correlation;
        let answers =
            |name: &MessageName| answer_to(&content.message, &key, *name, &request.target, id);
        if self.passed_on.iter().any(|name| answers(name).is_some()) {
            return Ok(());
        }
        Err(EvidenceProblem::Pairing(event.index))
    }

    /// What the exchange signed for who had asked.
    fn tell_returned(&mut self) -> Result<(), EvidenceProblem> {
        let Some(request) = self.request.take() else {
            return Ok(());
        };
        let id = self.telling.report.correlation;
        let answered = self.answer.and_then(body_of);
        for sent in self
            .file
            .sent
            .iter()
            .filter(|sent| sent.to == SentTo::Sender)
        {
            let own = sent.body.as_ref().map(|body| body.0.as_slice());
            let body = own.or(answered).ok_or(EvidenceProblem::Sent)?;
            let bytes = whole(&sent.head.0, body);
            let read = answer_to(
                &bytes,
                &self.log.exchange,
                request.name,
                &request.target,
                id,
            );
            let (date, status) = read.ok_or(EvidenceProblem::Sent)?;
            let which = own.map_or(
                "this answer, with the body as it came,",
                |_| "an answer of its own",
            );
            let what = format!(
                "signed {which} for who had asked, with the status {status}, dated {}",
                time(date)
            );
            self.telling.exchange(&what)?;
        }
        Ok(())
    }
}

/// What follows the head of an event's message.
fn body_of(event: &Logged) -> Option<&[u8]> {
    let content = event.content.as_ref()?;
    Message::read(&content.message)
        .ok()
        .map(|message| message.body)
}
