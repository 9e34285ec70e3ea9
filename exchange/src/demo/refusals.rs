//! Four that are refused, and what is on record of them.

use serde_json::Value;

use super::failed::{Doing, Failed};
use super::people::{Member, People};
use super::recorded::events;
use super::request::sign;
use super::stage::{Asked, Stage};
use super::steps::{self, Exchanged, open_door, open_other_door};
use super::telling::Telling;
use crate::correlation::CorrelationId;
use crate::running::Told;

const WHAT: &str = "a refused exchange";

/// Does and tells them.
pub(super) fn tell(
    stage: &Stage,
    people: &People,
    exchanged: &Exchanged,
    telling: &mut Telling<'_>,
) -> Result<(), Failed> {
    telling.heading("Four that are refused")?;
    tampered(stage, people, telling)?;
    replayed(stage, people, exchanged, telling)?;
    no_clause(stage, people, telling)?;
    wrong_key(stage, people, telling)
}

/// One of them, as it is told.
struct Refusal<'t> {
    number: u8,
    title: &'t str,
    what: &'t str,
    /// The name that the sender is told.
    name: &'t str,
    status: u16,
}

impl Refusal<'_> {
    /// What happened, what the sender is told, what B saw, and what is on record.
    fn tell(
        &self,
        (stage, people): (&Stage, &People),
        (correlation, told): (CorrelationId, &Told),
        telling: &mut Telling<'_>,
    ) -> Result<(), Failed> {
        let said = said(told)?;
        if told.status != self.status || !said.contains(&format!("error[{}]", self.name)) {
            let why = format!(
                "{} {said}, and not {} {}",
                told.status, self.status, self.name
            );
            return Err(Failed::at(WHAT, why));
        }
        telling.plain("")?;
        telling.plain(&format!("refused {}  {}", self.number, self.title))?;
        telling.labelled("", self.what)?;
        telling.labelled("  the sender", &format!("is told {}: {said}", told.status))?;
        let signed = match told.head {
            Some(_) => "The exchange signed that answer.",
            None => "Unsigned: the exchange signs nothing for somebody whom it does not know.",
        };
        telling.labelled("", signed)?;
        telling.labelled("  on record", &on_record(stage, people, correlation)?)?;
        Ok(())
    }
}

fn tampered(stage: &Stage, people: &People, telling: &mut Telling<'_>) -> Result<(), Failed> {
    let request = steps::request(stage, people)?;
    let text = String::from_utf8(request.bytes).doing(WHAT)?;
    let tampered = text.replace(&request.target, &open_other_door(people));
    let asked = stage.ask(&people.a, tampered.as_bytes())?;
    let (id, told) = refused(stage, asked)?;
    Refusal {
        number: 1,
        title: "tampered: another door than the one that A signed",
        what: "On the way to the exchange somebody changes the door in it into the next one. B gets nothing.",
        name: "signature-mismatch",
        status: 401,
    }
    .tell((stage, people), (id, &told), telling)
}

fn replayed(
    stage: &Stage,
    people: &People,
    exchanged: &Exchanged,
    telling: &mut Telling<'_>,
) -> Result<(), Failed> {
    let asked = stage.ask(&people.a, &exchanged.request.bytes)?;
    let (id, told) = refused(stage, asked)?;
    Refusal {
        number: 2,
        title: "replayed: the same bytes a second time",
        what: "Somebody kept A's request, whose signature holds, and sends it again to open the door once more. B gets \
               nothing.",
        name: "replayed",
        status: 409,
    }
    .tell((stage, people), (id, &told), telling)
}

fn no_clause(stage: &Stage, people: &People, telling: &mut Telling<'_>) -> Result<(), Failed> {
    let Member { holder, .. } = &people.c;
    let target = open_door(people);
    let signed = sign(("POST", &target), b"{}", &holder.key, stage.now())?;
    let asked = stage.ask(&people.c, &signed.bytes)?;
    let (id, told) = refused(stage, asked)?;
    Refusal {
        number: 3,
        title: "no clause: C has a contract, which allows something else",
        what: "C may look people up. It tries to open the door, with a good signature of its own. B gets nothing.",
        name: "not-allowed",
        status: 403,
    }
    .tell((stage, people), (id, &told), telling)
}

fn wrong_key(stage: &Stage, people: &People, telling: &mut Telling<'_>) -> Result<(), Failed> {
    let request = steps::request(stage, people)?;
    let asked = stage.ask(&people.a, &request.bytes)?;
    let id = asked.correlation;
    let arrival = stage.arrival(&asked)?;
    let answer = steps::answer(stage, people, &arrival.bytes, &people.c.holder.key)?;
    stage.answer(&people.b, answer)?;
    let told = asked.told()?;
    Refusal {
        number: 4,
        title: "wrong key: an answer that B did not sign",
        what: "A asks again, and B gets it. On B's connection an answer comes back that was signed with C's key: somebody \
               sits there who is not B. A gets no answer of it.",
        name: "answer-refused",
        status: 502,
    }
    .tell((stage, people), (id, &told), telling)
}

/// The answer to what is to be refused; B got nothing of it.
fn refused(stage: &Stage, asked: Asked) -> Result<(CorrelationId, Told), Failed> {
    let id = asked.correlation;
    let told = asked.told()?;
    if stage.has_arrived() {
        return Err(Failed::at(WHAT, "the receiver got it"));
    }
    Ok((id, told))
}

/// What the sender is told, in its words, without what explains it: that is for whoever did not tamper on purpose.
fn said(told: &Told) -> Result<String, Failed> {
    let body: Value = serde_json::from_slice(&told.body).doing(WHAT)?;
    let all = body.get("messages").and_then(Value::as_array);
    let texts = all.doing(WHAT)?.iter().filter_map(Value::as_str);
    let texts = texts.filter(|text| text.starts_with("error["));
    Ok(texts.collect::<Vec<_>>().join("; "))
}

fn on_record(stage: &Stage, people: &People, correlation: CorrelationId) -> Result<String, Failed> {
    let Some(evidence) = stage.evidence(correlation, people)? else {
        return Ok(
            "nothing: nobody knows who sent it, and whoever wants could fill the record so. An exchange that listens \
             counts and logs it."
                .to_owned(),
        );
    };
    let mut told = Vec::new();
    for event in events(&evidence)? {
        if event.leaf.correlation == correlation {
            let (index, kind) = (event.index, event.leaf.kind);
            told.push(format!(
                "leaf {index}, {kind}: {}",
                event.note.replace('\n', "; ")
            ));
        }
    }
    Ok(format!(
        "{}. The signed messages lie beside.",
        told.join(". ")
    ))
}
