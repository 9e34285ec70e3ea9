//! The whole check of an evidence file: no exchange and no network is asked.

use std::collections::BTreeSet;

use daxsign_core::Sha256;
use daxsign_http::RawRequest;

use crate::correlation::CorrelationId;
use crate::record::evidence::event::Telling;
use crate::record::evidence::file::{EvidenceFile, SentTo};
use crate::record::evidence::logged::{Log, Logged};
use crate::record::evidence::message::Signed;
use crate::record::evidence::pins::Pins;
use crate::record::evidence::problem::EvidenceProblem;
use crate::record::evidence::sent::{Passed, is_answer_to, is_passed_on};
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
    request: Option<(&'e Logged, Signed)>,
    answer: Option<&'e Logged>,
    /// The names of the requests that the receiver was sent.
    passed_on: Vec<String>,
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
                self.request = Some((event, signed));
            }
            (Kind::Answer, Some(signed)) => {
                self.pair(event.index, &signed)?;
                self.answer = Some(event);
            }
            (Kind::Late, Some(signed)) => self.pair(event.index, &signed)?,
            _ => {}
        }
        Ok(())
    }

    /// What the exchange signed for the receiver.
    fn tell_passed_on(&mut self, event: &Logged, request: &Signed) -> Result<(), EvidenceProblem> {
        let passed = self.passed(Some(event));
        let parties = event.leaf.sender.zip(event.leaf.receiver);
        let mut told = Vec::new();
        for sent in self
            .file
            .sent
            .iter()
            .filter(|sent| sent.to == SentTo::Receiver)
        {
            let (Some(signed), Some((sender, receiver))) = (passed.read(sent)?, parties) else {
                continue;
            };
            if sent.body.is_some() || !is_passed_on(&signed, request, &sender, &receiver) {
                return Err(EvidenceProblem::Sent);
            }
            told.push((signed, receiver));
        }
        for (signed, receiver) in told {
            let what = format!(
                "signed this request for {receiver}, dated {}, with the target and the body as they came",
                time(signed.date)
            );
            self.telling.exchange(&what)?;
            self.passed_on.push(signed.name);
        }
        Ok(())
    }

    /// An answer names the request that the receiver was sent.
    fn pair(&mut self, index: u64, answer: &Signed) -> Result<(), EvidenceProblem> {
        let target = self
            .request
            .as_ref()
            .map(|(_, request)| request.target.as_slice());
        let (Some(target), false) = (target, self.passed_on.is_empty()) else {
            let text = "which request this answers, the file does not show: what the exchange sent to the receiver is \
                        not in it";
            self.telling.report.say(Grounds::Stated, text.to_owned());
            return Ok(());
        };
        if self
            .passed_on
            .iter()
            .any(|name| is_answer_to(answer, name, target))
        {
            return Ok(());
        }
        Err(EvidenceProblem::Pairing(index))
    }

    /// What the exchange signed for who had asked.
    fn tell_returned(&mut self) -> Result<(), EvidenceProblem> {
        let passed = self.passed(self.answer);
        let mut told = Vec::new();
        for sent in self
            .file
            .sent
            .iter()
            .filter(|sent| sent.to == SentTo::Sender)
        {
            let (Some(signed), Some((_, request))) = (passed.read(sent)?, &self.request) else {
                continue;
            };
            if !is_answer_to(&signed, &request.name, &request.target) {
                return Err(EvidenceProblem::Sent);
            }
            told.push((signed, sent.body.is_some()));
        }
        for (signed, is_own) in told {
            let what = if is_own {
                "an answer of its own"
            } else {
                "this answer, with the body as it came,"
            };
            let status = signed
                .field("x-dax-status")
                .map(|status| status.escape_ascii().to_string());
            let what = format!(
                "signed {what} for who had asked, with the status {}, dated {}",
                status.unwrap_or_default(),
                time(signed.date)
            );
            self.telling.exchange(&what)?;
        }
        Ok(())
    }

    fn passed<'p>(&'p self, event: Option<&'p Logged>) -> Passed<'e>
    where
        'p: 'e,
    {
        Passed {
            correlation: self.telling.report.correlation,
            key: &self.log.exchange,
            body: event
                .and_then(|event| event.content.as_ref())
                .and_then(|content| body_of(&content.message)),
        }
    }
}

/// What follows the head.
fn body_of(message: &[u8]) -> Option<&[u8]> {
    RawRequest::parse(message).ok().map(|raw| raw.body())
}
