//! The thirteen steps of a complete exchange, as the DAX text numbers them.

use std::time::{Duration, Instant};

use super::contracts::Agreed;
use super::failed::{Doing, Failed};
use super::people::People;
use super::request::{Signed, sign};
use super::stage::Stage;
use super::stopwatch::Work;
use super::telling::{Telling, milliseconds};
use crate::correlation::CorrelationId;
use crate::message::{ForwardRead, Message};
use crate::receiving::{Questions, Reply};
use crate::running::Told;

/// Who stands before the door, and the door: both are B's to name.
const PERSON: &str = "4b1f5c1e-6b0a-4c7f-9a51-0d2f3c9e7a11";
const DOOR: &str = "0c9b1f6e-7a52-4e0d-8a35-5b1c2d3e4f12";
const BODY: &str = r#"{"context":"Anna visits on Monday","pinCode":"4711","timeout":10000}"#;
const DONE: &str = r#"{"apiVersion":"2.0","statusCode":200,"message":"the door is open for 10 seconds","paging":null,"data":null}"#;
const WHAT: &str = "a complete exchange";

/// What went through.
pub(super) struct Exchanged {
    pub(super) correlation: CorrelationId,
    /// As A signed it.
    pub(super) request: Signed,
}

/// The request that opens the front door.
pub(super) fn open_door(people: &People) -> String {
    open(people, DOOR)
}

/// The same for the door beside it.
pub(super) fn open_other_door(people: &People) -> String {
    open(people, "0c9b1f6e-7a52-4e0d-8a35-5b1c2d3e4f13")
}

fn open(people: &People, door: &str) -> String {
    let b = people.b.party;
    format!(
        "/api/v2.0/partners/{}/instances/{}/cardowners/{PERSON}/doors/{door}/open",
        b.partner.hyphenated(),
        b.instance.hyphenated()
    )
}

/// A's request for it, signed now.
pub(super) fn request(stage: &Stage, people: &People) -> Result<Signed, Failed> {
    let target = open_door(people);
    let key = &people.a.holder.key;
    sign(("POST", &target), BODY.as_bytes(), key, stage.now())
}

/// What B answers to what it got, with whoever's key.
pub(super) fn answer(
    stage: &Stage,
    people: &People,
    passed_on: &[u8],
    key: &daxsign_core::PrivateKey,
) -> Result<Vec<u8>, Failed> {
    let read = verified(stage, people, passed_on)?;
    let reply = Reply {
        status: 200,
        content_type: "application/json; charset=utf-8".to_owned(),
        body: DONE.into(),
    };
    let answer = reply.to(&read).dated(stage.now()).doing(WHAT)?;
    Ok(answer.sign(key).doing(WHAT)?.to_bytes())
}

fn verified<'m>(
    stage: &Stage,
    people: &People,
    passed_on: &'m [u8],
) -> Result<ForwardRead<'m>, Failed> {
    let message = Message::read(passed_on).doing(WHAT)?;
    let exchange = [people.exchange.key.public_key()];
    ForwardRead::verify(&message, &exchange, &people.b.party, stage.now()).doing(WHAT)
}

/// What each part took.
struct Times {
    sign_request: Duration,
    /// From the exchange's inlet to the receiver.
    to_receiver: Duration,
    verify_request: Duration,
    sign_answer: Duration,
    /// From the receiver's answer to the sender.
    to_sender: Duration,
    pair: Duration,
    parts: Vec<(Work, Duration)>,
}

impl Times {
    /// The one of that kind.
    fn of(&self, work: Work, nth: usize) -> Duration {
        let mut all = self.parts.iter().filter(|(found, _)| *found == work);
        all.nth(nth).map_or(Duration::ZERO, |(_, took)| *took)
    }

    fn total(&self) -> Duration {
        let parts = [
            self.sign_request,
            self.to_receiver,
            self.verify_request,
            self.sign_answer,
            self.to_sender,
            self.pair,
        ];
        parts.iter().sum()
    }
}

/// What happened.
struct Happened {
    request: Signed,
    correlation: CorrelationId,
    passed_on: Vec<u8>,
    told: Told,
    status: u16,
    times: Times,
}

/// Does it, then tells it: telling takes longer than doing.
pub(super) fn tell(
    stage: &Stage,
    people: &People,
    contract: &Agreed,
    telling: &mut Telling<'_>,
) -> Result<Exchanged, Failed> {
    let happened = happen(stage, people)?;
    telling.heading("A complete exchange: A opens a door of B, in thirteen steps")?;
    telling.text(
        "Anna stands before B's front door; A knows her. The steps are numbered as the DAX text numbers them, and the times \
         are those of this one exchange. ANNA and DOOR are long numbers too.",
    )?;
    telling.call(&PERSON, "ANNA");
    telling.call(&DOOR, "DOOR");
    asks(&happened, telling)?;
    checks(&happened, contract, telling)?;
    sends(&happened, telling)?;
    answers(&happened, telling)?;
    returns(&happened, telling)?;
    let Happened {
        request,
        correlation,
        ..
    } = happened;
    Ok(Exchanged {
        correlation,
        request,
    })
}

fn happen(stage: &Stage, people: &People) -> Result<Happened, Failed> {
    stage.watch.take();
    let began = Instant::now();
    let request = request(stage, people)?;
    let sign_request = began.elapsed();
    let mut questions = Questions::new(1);
    let until = daxsign_core::Timestamp::from_unix(stage.now().seconds().saturating_add(60), 0);
    questions
        .ask(request.name, &request.target, until.doing(WHAT)?)
        .doing(WHAT)?;

    let asked = Instant::now();
    let waiting = stage.ask(&people.a, &request.bytes)?;
    let correlation = waiting.correlation;
    let arrival = stage.arrival(&waiting)?;
    let to_receiver = arrival.at.saturating_duration_since(asked);

    let began = Instant::now();
    verified(stage, people, &arrival.bytes)?;
    let verify_request = began.elapsed();
    let began = Instant::now();
    let answer = answer(stage, people, &arrival.bytes, &people.b.holder.key)?;
    // It was verified once more for that.
    let sign_answer = began.elapsed().saturating_sub(verify_request);

    let answered = Instant::now();
    stage.answer(&people.b, answer)?;
    let told = waiting.told()?;
    let to_sender = answered.elapsed();

    let began = Instant::now();
    let returned = told.message().doing(WHAT)?;
    let message = Message::read(&returned).doing(WHAT)?;
    let exchange = [people.exchange.key.public_key()];
    let read = questions
        .answered(&message, &exchange, stage.now())
        .doing(WHAT)?;
    let status = read.status;
    let pair = began.elapsed();
    let parts = stage.watch.take();
    Ok(Happened {
        request,
        correlation,
        passed_on: arrival.bytes,
        status,
        told,
        times: Times {
            sign_request,
            to_receiver,
            verify_request,
            sign_answer,
            to_sender,
            pair,
            parts,
        },
    })
}

/// 1 and 2.
fn asks(happened: &Happened, telling: &mut Telling<'_>) -> Result<(), Failed> {
    let Happened { request, times, .. } = happened;
    telling.step(1, "A writes a request", "")?;
    telling.below(&format!("POST {}", request.target))?;
    telling.below(&format!("with {BODY}"))?;
    telling
        .below("It names B by its numbers. A cannot reach B, and B would take nothing from A.")?;
    telling.step(
        2,
        "A signs it, and gives it to the exchange",
        &milliseconds(times.sign_request),
    )?;
    telling.below(&format!(
        "Signed: {}, and the body. Whoever changes a byte of these breaks the signature.",
        request.list
    ))?;
    Ok(())
}

/// 3 to 5.
fn checks(happened: &Happened, contract: &Agreed, telling: &mut Telling<'_>) -> Result<(), Failed> {
    let judged = milliseconds(happened.times.of(Work::Judge, 0));
    telling.step(
        3,
        "The exchange verifies A's signature",
        &format!("steps 3 to 5: {judged}"),
    )?;
    telling.below(&format!(
        "With the key of A's certificate, which the authority issued. Nothing of the body is looked at before. All that \
         follows carries one name, the correlation id {}",
        happened.correlation
    ))?;
    telling.step(4, "It finds the contract between A and B", "")?;
    telling.below(&format!(
        "{}: offered by A, signed by B, in force today. Without one it would end here.",
        contract.id.hyphenated()
    ))?;
    telling.step(5, "It finds the clause that allows just this", "")?;
    telling.below(
        "OperationClause/Operation/open_card_owner_door allows it; RequestsClause/MaxRequestsPerDay/100 limits it, and this \
         is the first of today.",
    )?;
    Ok(())
}

/// 6 and 7.
fn sends(happened: &Happened, telling: &mut Telling<'_>) -> Result<(), Failed> {
    let times = &happened.times;
    telling.step(
        6,
        "It signs a message of its own for B, and sends it",
        &milliseconds(times.of(Work::Sign, 0)),
    )?;
    telling.below(
        "Method, target and body as they came, byte for byte; new is the envelope, all of it signed by the exchange:",
    )?;
    let message = Message::read(&happened.passed_on).doing(WHAT)?;
    for name in [
        "X-Dax-Sender",
        "X-Dax-Receiver",
        "X-Dax-Contract",
        "X-Dax-Deadline",
    ] {
        let value = message.once(name).doing(WHAT)?;
        telling.below(&format!("  {name}: {value}"))?;
    }
    telling.step(
        7,
        "Before it is sent, event 1 is on disk",
        &milliseconds(times.of(Work::RecordRequest, 0)),
    )?;
    telling.below(
        "What was asked, by whom, under which contract. Whatever breaks from here on, there is a record of all that B may \
         have got.",
    )?;
    Ok(())
}

/// 8 to 11.
fn answers(happened: &Happened, telling: &mut Telling<'_>) -> Result<(), Failed> {
    let times = &happened.times;
    telling.step(
        8,
        "B verifies the exchange's signature, and opens the door",
        &milliseconds(times.verify_request),
    )?;
    telling.below(&format!(
        "It takes nothing but what the exchange signed for it, before the deadline, and acts once for each correlation id. \
         Steps 3 to 7 took {} in the exchange.",
        milliseconds(times.to_receiver)
    ))?;
    telling.step(
        9,
        "B writes an answer and signs it",
        &milliseconds(times.sign_answer),
    )?;
    telling.below(&format!("Status 200, with {DONE}"))?;
    telling.step(10, "The exchange verifies B's signature", "")?;
    telling.below(
        "And that it answers the message that B was sent. Another answer would be discarded.",
    )?;
    telling.step(
        11,
        "Event 2 is on disk",
        &milliseconds(times.of(Work::RecordAnswer, 0)),
    )?;
    telling.below(
        "What was answered. Both events carry the same correlation id, and nothing is returned before.",
    )?;
    Ok(())
}

/// 12 and 13.
fn returns(happened: &Happened, telling: &mut Telling<'_>) -> Result<(), Failed> {
    let Happened {
        times,
        status,
        told,
        ..
    } = happened;
    telling.step(
        12,
        "The exchange signs the answer for A, and returns it",
        &milliseconds(times.of(Work::Sign, 1)),
    )?;
    telling.below(&format!(
        "B's {} bytes as they came, in an envelope that names A's request. Steps 10 to 12 took {} in the exchange.",
        told.body.len(),
        milliseconds(times.to_sender)
    ))?;
    telling.step(
        13,
        "A verifies it, and finds the request that it answers",
        &milliseconds(times.pair),
    )?;
    telling.below(&format!(
        "Status {status}: the door is open. From A's pen to A's hands it took {}.",
        milliseconds(times.total())
    ))?;
    Ok(())
}
