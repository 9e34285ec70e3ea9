//! Each state with each event: what comes of it.

use daxsign_core::Timestamp;

use crate::record::{Delivery, Ending, Standing};
use crate::relay::{Again, Check, Event, Next, NotRequeued, Passage, REQUEUE_SECONDS, Step, Terms};

/// A time `second` after some beginning.
fn at(second: i64) -> Timestamp {
    Timestamp::from_unix(second, 0).expect("a time")
}

const DEADLINE: i64 = 10;
/// In time, and too late.
const TIMES: [i64; 2] = [5, DEADLINE];

fn allowed(delivery: Delivery, reachable: bool) -> Event {
    Event::Allowed(Terms {
        delivery,
        deadline: at(DEADLINE),
        reachable,
    })
}

const fn cut(attempt: u32, answer_can_come: bool) -> Event {
    Event::Cut {
        attempt,
        answer_can_come,
    }
}

/// What a caller hands in because it was asked: anything else is its mistake.
fn replies() -> Vec<Event> {
    vec![
        Event::Verified,
        Event::ContractFound,
        allowed(Delivery::Once, true),
        Event::Refused(Check::Contract),
        Event::Refused(Check::Load),
        Event::Refused(Check::Own),
        Event::Refused(Check::Record),
        Event::Recorded,
        Event::Unrecorded,
        Event::Replayed,
        Event::Decided(Ending::Expired),
        Event::Decided(Ending::Answered),
        Event::Turn,
        Event::Returned,
        Event::Sent { attempt: 9 },
        Event::Unsent { attempt: 9 },
        cut(9, true),
    ]
}

/// What comes when it comes.
fn free() -> Vec<Event> {
    vec![
        Event::Answer,
        Event::BadAnswer,
        Event::Tick,
        Event::SenderGone,
    ]
}

/// What became of the attempt.
fn fates(attempt: u32) -> Vec<Event> {
    vec![
        Event::Sent { attempt },
        Event::Unsent { attempt },
        cut(attempt, true),
        cut(attempt, false),
    ]
}

/// A state, by the events that lead to it in time, and what each event does there: in time and
/// after the deadline, if both are named.
struct Line {
    name: &'static str,
    passage: Passage,
    acts: Vec<(Event, [Next; 2])>,
    noted: Vec<Event>,
}

fn reached(events: &[Event]) -> Passage {
    let mut passage = Passage::new();
    for event in events {
        let step = passage.step(*event, at(5));
        assert!(step.is_ok(), "{event:?}: {step:?}");
    }
    passage
}

fn line(name: &'static str, passage: Passage) -> Line {
    Line {
        name,
        passage,
        acts: Vec::new(),
        noted: Vec::new(),
    }
}

impl Line {
    fn acts(mut self, event: Event, next: Next) -> Self {
        self.acts.push((event, [next, next]));
        self
    }

    fn acts_in_time(mut self, event: Event, next: Next, too_late: Next) -> Self {
        self.acts.push((event, [next, too_late]));
        self
    }

    fn notes(mut self, event: Event) -> Self {
        self.noted.push(event);
        self
    }
}

const EXPIRES: Next = Next::RecordEnding(Ending::Expired);
const ANSWERED: Next = Next::RecordEnding(Ending::Answered);
const UNKNOWN: Next = Next::RecordEnding(Ending::Unknown);
const REFUSED: Next = Next::RecordEnding(Ending::Refused);
const GONE: Event = Event::SenderGone;
const SENT: Event = Event::Sent { attempt: 1 };
const FIRST: Next = Next::Send { attempt: 1 };

/// Up to A.
fn until_accepted() -> Vec<Line> {
    let verified = [Event::Verified, Event::ContractFound];
    let unmarked = allowed(Delivery::Once, false);
    vec![
        line("verify", reached(&[]))
            .acts(Event::Verified, Next::FindContract)
            .acts(
                Event::Refused(Check::Contract),
                Next::TurnAway(Check::Contract),
            )
            .acts(Event::Refused(Check::Load), Next::TurnAway(Check::Load))
            .acts(Event::Refused(Check::Own), Next::TurnAway(Check::Own))
            .acts(Event::Refused(Check::Record), Next::TurnAway(Check::Record))
            .notes(GONE),
        line("find contract", reached(&verified[..1]))
            .acts(Event::ContractFound, Next::CheckClauses)
            .acts(
                Event::Refused(Check::Contract),
                Next::RecordRefusal(Check::Contract),
            )
            .acts(Event::Refused(Check::Load), Next::TurnAway(Check::Load))
            .acts(Event::Refused(Check::Own), Next::TurnAway(Check::Own))
            .acts(Event::Refused(Check::Record), Next::TurnAway(Check::Record))
            .notes(GONE),
        line("check clauses", reached(&verified))
            .acts(allowed(Delivery::Once, true), Next::RecordRequest)
            .acts(
                Event::Refused(Check::Contract),
                Next::RecordRefusal(Check::Contract),
            )
            .acts(Event::Refused(Check::Load), Next::TurnAway(Check::Load))
            .acts(Event::Refused(Check::Own), Next::TurnAway(Check::Own))
            .acts(Event::Refused(Check::Record), Next::TurnAway(Check::Record))
            .notes(GONE),
        line(
            "record refusal",
            reached(&[verified[0], Event::Refused(Check::Contract)]),
        )
        .acts(Event::Recorded, Next::Return(Ending::Refused))
        .acts(Event::Unrecorded, Next::TurnAway(Check::Record))
        .notes(GONE),
        line("turn away", reached(&[Event::Refused(Check::Signature)]))
            .acts(Event::Returned, Next::Done)
            .acts(GONE, Next::Done),
        line(
            "record request",
            reached(&[verified[0], verified[1], unmarked]),
        )
        .acts_in_time(Event::Recorded, Next::AwaitTurn, EXPIRES)
        .acts(Event::Unrecorded, Next::TurnAway(Check::Record))
        .acts(Event::Replayed, Next::RecordRefusal(Check::Replay))
        .acts(Event::Refused(Check::Repeat), Next::TurnAway(Check::Repeat))
        .notes(GONE),
    ]
}

/// An accepted one, and what happens to it.
fn accepted(delivery: Delivery, reachable: bool, events: &[Event]) -> Passage {
    let start = [
        Event::Verified,
        Event::ContractFound,
        allowed(delivery, reachable),
        Event::Recorded,
    ];
    reached(&[&start, events].concat())
}

/// From A to the answer.
fn until_answered() -> Vec<Line> {
    use Delivery::{Once, Repeatable};
    let turn = Event::Turn;
    let sending = |delivery| {
        line("send", accepted(delivery, true, &[turn]))
            .acts(SENT, Next::AwaitAnswer)
            .acts(Event::Unsent { attempt: 1 }, Next::AwaitTurn)
            .acts_in_time(Event::Answer, ANSWERED, EXPIRES)
            .acts_in_time(Event::BadAnswer, REFUSED, EXPIRES)
            .acts_in_time(Event::Tick, Next::Done, EXPIRES)
            .notes(GONE)
    };
    let awaiting = |delivery| {
        line("await answer", accepted(delivery, true, &[turn, SENT]))
            .acts_in_time(Event::Answer, ANSWERED, EXPIRES)
            .acts_in_time(Event::BadAnswer, REFUSED, EXPIRES)
            .acts_in_time(Event::Tick, Next::Done, EXPIRES)
            .notes(GONE)
    };
    vec![
        line("await turn, unmarked", accepted(Once, false, &[]))
            .acts_in_time(turn, Next::RecordSending, EXPIRES)
            .acts_in_time(Event::Tick, Next::Done, EXPIRES)
            .notes(GONE),
        line("await turn, marked", accepted(Once, true, &[]))
            .acts_in_time(turn, FIRST, EXPIRES)
            .acts_in_time(Event::Tick, Next::Done, EXPIRES)
            .notes(GONE),
        line("record sending", accepted(Once, false, &[turn]))
            .acts_in_time(Event::Recorded, FIRST, EXPIRES)
            .acts_in_time(Event::Unrecorded, Next::RecordSending, EXPIRES)
            .acts(
                Event::Decided(Ending::Expired),
                Next::Return(Ending::Expired),
            )
            .acts(
                Event::Decided(Ending::Answered),
                Next::Return(Ending::Answered),
            )
            .notes(GONE),
        sending(Once)
            .acts(cut(1, true), Next::AwaitAnswer)
            .acts(cut(1, false), UNKNOWN),
        sending(Repeatable)
            .acts(cut(1, true), Next::AwaitTurn)
            .acts(cut(1, false), Next::AwaitTurn),
        awaiting(Once)
            .acts(cut(1, true), Next::AwaitAnswer)
            .acts(cut(1, false), UNKNOWN),
        awaiting(Repeatable)
            .acts(cut(1, true), Next::AwaitTurn)
            .acts(cut(1, false), Next::AwaitTurn),
        line(
            "await turn again",
            accepted(Repeatable, true, &[turn, SENT, cut(1, false)]),
        )
        .acts_in_time(turn, Next::Send { attempt: 2 }, EXPIRES)
        .acts_in_time(Event::Answer, ANSWERED, EXPIRES)
        .acts_in_time(Event::BadAnswer, REFUSED, EXPIRES)
        .acts_in_time(Event::Tick, Next::Done, EXPIRES)
        .notes(GONE),
    ]
}

/// From the answer, or what stands for it, to the end.
fn until_done() -> Vec<Line> {
    let sent = |events: &[Event]| {
        let before = [Event::Turn, SENT];
        accepted(Delivery::Once, true, &[&before, events].concat())
    };
    let gone = cut(1, false);
    vec![
        line("record answer", sent(&[Event::Answer]))
            .acts(Event::Recorded, Next::Return(Ending::Answered))
            .acts(Event::Unrecorded, ANSWERED)
            .acts(
                Event::Decided(Ending::Expired),
                Next::Return(Ending::Expired),
            )
            .acts(
                Event::Decided(Ending::Answered),
                Next::Return(Ending::Answered),
            )
            .notes(GONE),
        line("record unknown", sent(&[gone]))
            .acts(Event::Recorded, Next::Return(Ending::Unknown))
            .acts(Event::Unrecorded, UNKNOWN)
            .acts(
                Event::Decided(Ending::Expired),
                Next::Return(Ending::Expired),
            )
            .acts(
                Event::Decided(Ending::Answered),
                Next::Return(Ending::Answered),
            )
            .notes(Event::Answer)
            .notes(GONE),
        line("return answer", sent(&[Event::Answer, Event::Recorded]))
            .acts(Event::Returned, Next::Done)
            .acts(GONE, Next::Done),
        line("return unknown", sent(&[gone, Event::Recorded]))
            .acts(Event::Returned, Next::Done)
            .acts(GONE, Next::Done)
            .notes(Event::Answer),
        line(
            "return unknown, answer held",
            sent(&[gone, Event::Answer, Event::Recorded]),
        )
        .acts(Event::Returned, Next::RecordLate)
        .acts(GONE, Next::RecordLate),
        line(
            "record late",
            sent(&[gone, Event::Answer, Event::Recorded, Event::Returned]),
        )
        .acts(Event::Recorded, Next::Done)
        .acts(Event::Unrecorded, Next::RecordLate)
        .acts(Event::Decided(Ending::Expired), Next::Done)
        .acts(Event::Decided(Ending::Answered), Next::Done),
        line(
            "done, answered",
            sent(&[Event::Answer, Event::Recorded, Event::Returned]),
        ),
        line("done, unknown", sent(&[gone, Event::Recorded, GONE]))
            .acts(Event::Answer, Next::RecordLate),
        line(
            "done, with a late answer",
            sent(&[gone, Event::Recorded, GONE, Event::Answer, Event::Recorded]),
        ),
    ]
}

/// Asked for again until then, of what was accepted at the beginning.
fn again(deadline: i64) -> Again {
    Again {
        accepted: at(0),
        deadline: at(deadline),
    }
}

/// What is done for an operator.
fn requeued() -> Vec<Line> {
    let requeue = |row: Standing, events: &[Event]| {
        let mut passage = Passage::resume(row, at(50));
        assert_eq!(passage.requeue(again(DEADLINE)), Ok(Step::Act));
        for event in events {
            passage.step(*event, at(5)).expect("expected");
        }
        passage
    };
    let read = Standing {
        delivery: Delivery::Repeatable,
        deadline: at(1),
        may_have_left: true,
        ending: Some(Ending::Expired),
        requeued: false,
        late: false,
    };
    let unsent = Standing {
        delivery: Delivery::Once,
        may_have_left: false,
        ..read
    };
    let decided = |line: Line| {
        line.acts(Event::Decided(Ending::Expired), Next::Done)
            .acts(Event::Decided(Ending::Answered), Next::Done)
    };
    vec![
        decided(line("record requeue", requeue(read, &[])))
            .acts(Event::Recorded, Next::AwaitTurn)
            .acts(Event::Unrecorded, Next::Done)
            .notes(Event::Answer),
        line(
            "record requeue, answer held",
            requeue(read, &[Event::Answer]),
        )
        .acts(Event::Recorded, Next::RecordLate)
        .acts(Event::Unrecorded, Next::RecordLate)
        .acts(Event::Decided(Ending::Expired), Next::Done)
        .acts(Event::Decided(Ending::Answered), Next::Done),
        line("await turn, requeued", requeue(read, &[Event::Recorded]))
            .acts_in_time(Event::Turn, FIRST, Next::Done)
            .acts(Event::Answer, Next::RecordLate)
            .acts_in_time(Event::Tick, Next::Verify, Next::Done),
        line(
            "await turn, requeued and never sent",
            requeue(unsent, &[Event::Recorded]),
        )
        .acts_in_time(Event::Turn, Next::RecordSending, Next::Done)
        .acts_in_time(Event::Tick, Next::Verify, Next::Done),
        line(
            "await answer, requeued",
            requeue(
                unsent,
                &[Event::Recorded, Event::Turn, Event::Recorded, SENT],
            ),
        )
        .acts(Event::Answer, Next::RecordLate)
        .acts(cut(1, false), Next::Done)
        .acts(cut(1, true), Next::AwaitAnswer)
        .acts_in_time(Event::Tick, Next::Verify, Next::Done),
    ]
}

/// A tick in time does nothing, whatever the table has for it.
fn expected(line: &Line, event: Event, late: bool) -> Option<Next> {
    if event == Event::Tick && !late {
        return None;
    }
    let found = line.acts.iter().find(|(known, _)| *known == event);
    found.map(|(_, next)| next[usize::from(late)])
}

fn check(line: &Line, event: Event, second: i64, is_reply: bool) {
    let mut passage = line.passage;
    let step = passage.step(event, at(second));
    let case = format!("{}: {event:?} at {second}", line.name);
    if let Some(next) = expected(line, event, second >= DEADLINE) {
        assert_eq!((step, passage.next()), (Ok(Step::Act), next), "{case}");
    } else if line.noted.contains(&event) {
        assert_eq!(step, Ok(Step::Noted), "{case}");
        assert_eq!(passage.next(), line.passage.next(), "{case}");
    } else if is_reply {
        assert!(step.is_err(), "{case}: {step:?}");
        assert_eq!(passage, line.passage, "{case}");
    } else {
        assert_eq!(step, Ok(Step::Ignored), "{case}");
        assert_eq!(passage, line.passage, "{case}");
    }
}

/// Whether this attempt may be told of: `None` if that is the caller's mistake.
fn is_told(line: &Line, event: Event) -> bool {
    matches!(event, Event::Sent { .. } | Event::Unsent { .. })
        && line.passage.next() == Next::AwaitAnswer
}

#[test]
fn each_state_with_each_event() {
    let groups = [until_accepted(), until_answered(), until_done(), requeued()];
    let mut cases = 0;
    for line in groups.iter().flatten() {
        for second in TIMES {
            for event in replies() {
                check(line, event, second, true);
            }
            for event in free() {
                check(line, event, second, false);
            }
            for event in fates(line.passage.attempts) {
                let asked = line.passage.attempts > 0;
                if asked {
                    check(line, event, second, is_told(line, event));
                }
            }
            cases += replies().len() + free().len();
        }
    }
    assert_eq!(cases, 28 * 2 * 21);
}

/// What every crash leaves, with what must be done then.
#[test]
fn each_row_after_a_restart() {
    let mut cases = 0;
    for delivery in [Delivery::Once, Delivery::Repeatable] {
        for may_have_left in [false, true] {
            for second in TIMES {
                let late = second >= DEADLINE;
                let row = Standing {
                    delivery,
                    deadline: at(DEADLINE),
                    may_have_left,
                    ending: None,
                    requeued: false,
                    late: false,
                };
                let spent = delivery == Delivery::Once && may_have_left;
                let next = match (spent, late) {
                    (true, _) => UNKNOWN,
                    (false, true) => EXPIRES,
                    (false, false) => Next::AwaitTurn,
                };
                assert_eq!(Passage::resume(row, at(second)).next(), next, "{row:?}");
                for ending in [Ending::Answered, Ending::Expired, Ending::Unknown] {
                    let ended = Standing {
                        ending: Some(ending),
                        ..row
                    };
                    let passage = Passage::resume(ended, at(second));
                    assert_eq!(passage.next(), Next::Done, "{ended:?}");
                }
                let requeued = Standing {
                    ending: Some(Ending::Expired),
                    requeued: true,
                    ..row
                };
                let next = if spent || late {
                    Next::Done
                } else {
                    Next::AwaitTurn
                };
                assert_eq!(Passage::resume(requeued, at(second)).next(), next);
                cases += 1;
            }
        }
    }
    assert_eq!(cases, 8);
}

#[test]
fn what_is_requeued_follows_the_rule_of_once() {
    use Delivery::{Once, Repeatable};
    let row = |delivery, may_have_left, ending, late| Standing {
        delivery,
        deadline: at(DEADLINE),
        may_have_left,
        ending: Some(ending),
        requeued: false,
        late,
    };
    for (row, expected) in [
        (row(Once, false, Ending::Expired, false), Ok(Step::Act)),
        (row(Repeatable, true, Ending::Expired, false), Ok(Step::Act)),
        (row(Repeatable, true, Ending::Unknown, false), Ok(Step::Act)),
        (
            row(Once, true, Ending::Expired, false),
            Err(NotRequeued::MayHaveArrived),
        ),
        (
            row(Once, true, Ending::Unknown, false),
            Err(NotRequeued::MayHaveArrived),
        ),
        (
            row(Repeatable, true, Ending::Answered, false),
            Err(NotRequeued::Answered),
        ),
        (
            row(Repeatable, true, Ending::Expired, true),
            Err(NotRequeued::Answered),
        ),
    ] {
        let mut passage = Passage::resume(row, at(20));
        assert_eq!(passage.requeue(again(30)), expected, "{row:?}");
    }
    // Of what may have left, once whoever got it may have forgotten that.
    let last = i64::from(REQUEUE_SECONDS) - 1;
    let left = row(Repeatable, true, Ending::Expired, false);
    let unsent = row(Once, false, Ending::Expired, false);
    for (row, deadline, expected) in [
        (left, last, Ok(Step::Act)),
        (left, last + 1, Err(NotRequeued::TooLate)),
        (unsent, last + 1, Ok(Step::Act)),
    ] {
        let mut passage = Passage::resume(row, at(20));
        assert_eq!(passage.requeue(again(deadline)), expected, "{row:?}");
    }
    let mut refused = reached(&[Event::Refused(Check::Signature), Event::Returned]);
    assert_eq!(refused.requeue(again(30)), Err(NotRequeued::NeverAccepted));
    let mut in_work = reached(&[]);
    assert_eq!(in_work.requeue(again(30)), Err(NotRequeued::StillInWork));
}
