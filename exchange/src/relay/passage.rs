//! One exchange on its way through the thirteen steps.

use daxsign_core::Timestamp;

use super::check::Check;
use super::event::Event;
use super::next::Next;
use crate::record::Delivery;
use crate::record::Ending;
use crate::record::Standing;

/// One exchange.
///
/// Messages stand elsewhere, under its correlation id: the request, the signing string of each
/// attempt, and the first answer that was handed in as [`Event::Answer`].
///
/// ```
/// use daxsign_core::Timestamp;
/// use daxsign_exchange::record::{Delivery, Ending};
/// use daxsign_exchange::relay::{Event, Next, Passage, Terms};
///
/// let now = Timestamp::from_unix(1_700_000_000, 0)?;
/// let deadline = Timestamp::from_unix(1_700_000_010, 0)?;
/// let terms = Terms { delivery: Delivery::Once, deadline, reachable: true };
/// let mut passage = Passage::new();
/// for (event, next) in [
///     (Event::Verified, Next::FindContract),
///     (Event::ContractFound, Next::CheckClauses),
///     (Event::Allowed(terms), Next::RecordRequest),
///     (Event::Recorded, Next::AwaitTurn),
///     (Event::Turn, Next::Send { attempt: 1 }),
///     (Event::Sent { attempt: 1 }, Next::AwaitAnswer),
///     (Event::Answer, Next::RecordEnding(Ending::Answered)),
///     (Event::Recorded, Next::Return(Ending::Answered)),
///     (Event::Returned, Next::Done),
/// ] {
///     passage.step(event, now)?;
///     assert_eq!(passage.next(), next);
/// }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a fact of its own, in any combination with the others"
)]
pub struct Passage {
    /// From `Allowed` on; before it, what is safe.
    pub(super) delivery: Delivery,
    pub(super) next: Next,
    /// From `Allowed` on.
    pub(super) deadline: Option<Timestamp>,
    /// Of a requeue that is being recorded.
    pub(super) new_deadline: Option<Timestamp>,
    pub(super) requeued: bool,
    /// A is on disk.
    pub(super) accepted: bool,
    /// The row says, or will once A is on disk, that sending began.
    pub(super) marked: bool,
    pub(super) left: Left,
    pub(super) attempts: u32,
    /// How it ended, once that is on disk.
    pub(super) ending: Option<Ending>,
    pub(super) late: Late,
    pub(super) sender_waits: bool,
}

/// Whether the message left this machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Left {
    /// It is known that it did not.
    No,
    /// The first attempt is not over.
    Leaving,
    /// It may have.
    Maybe,
}

/// An answer after the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Late {
    None,
    /// It came, and waits to be recorded.
    Held,
    Recorded,
}

/// What an event changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Do what [`Passage::next`] says.
    Act,
    /// There is nothing new to do.
    Noted,
    /// It came too late or twice, and changes nothing.
    Ignored,
}

/// An event that answers what was not asked for: a mistake of the caller. Nothing was changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unexpected {
    /// What happened.
    pub event: Event,
    /// What was to be done.
    pub next: Next,
}

impl core::fmt::Display for Unexpected {
    fn fmt(&self, formatter: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(
            formatter,
            "{:?} came where {:?} was to be done",
            self.event, self.next
        )
    }
}

impl std::error::Error for Unexpected {}

impl Default for Passage {
    fn default() -> Self {
        Self::new()
    }
}

impl Passage {
    /// One whose request has come.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            delivery: Delivery::Once,
            next: Next::Verify,
            deadline: None,
            new_deadline: None,
            requeued: false,
            accepted: false,
            marked: false,
            left: Left::No,
            attempts: 0,
            ending: None,
            late: Late::None,
            sender_waits: true,
        }
    }

    /// What must be done next.
    #[must_use]
    pub const fn next(&self) -> Next {
        self.next
    }

    /// When it expires, as long as an answer can end it.
    #[must_use]
    pub const fn due(&self) -> Option<Timestamp> {
        match self.next {
            Next::AwaitTurn | Next::Send { .. } | Next::AwaitAnswer => self.deadline,
            _ => None,
        }
    }

    /// The row as the transaction that is to be recorded now leaves it; `None` where none is to be
    /// written.
    #[must_use]
    pub fn row(&self) -> Option<Standing> {
        let row = Standing {
            delivery: self.delivery,
            deadline: self.deadline?,
            may_have_left: self.left != Left::No,
            ending: self.ending,
            requeued: self.requeued,
            late: self.late == Late::Recorded,
        };
        match self.next {
            Next::RecordRequest => Some(Standing {
                may_have_left: self.marked,
                ..row
            }),
            Next::RecordSending => Some(Standing {
                may_have_left: true,
                ..row
            }),
            Next::RecordEnding(ending) => Some(Standing {
                ending: Some(ending),
                ..row
            }),
            Next::RecordLate => Some(Standing { late: true, ..row }),
            Next::RecordRequeue => Some(Standing {
                requeued: true,
                deadline: self.new_deadline?,
                ..row
            }),
            _ => None,
        }
    }

    /// Takes an event that happened at `now`.
    ///
    /// # Errors
    /// [`Unexpected`]; nothing was changed.
    pub fn step(&mut self, event: Event, now: Timestamp) -> Result<Step, Unexpected> {
        let step = match event {
            Event::Verified | Event::ContractFound | Event::Allowed(_) | Event::Refused(_) => {
                self.checked(event)
            }
            Event::Recorded => self.recorded(now),
            Event::Unrecorded => self.unrecorded(now),
            Event::Replayed => self.replayed(),
            Event::Decided(ending) => self.decided_before(ending),
            Event::Turn => self.turn(now),
            Event::Sent { attempt } | Event::Unsent { attempt } | Event::Cut { attempt, .. } => {
                self.attempted(event, attempt)
            }
            Event::Answer => Some(self.answered(now)),
            Event::BadAnswer => Some(self.answered_badly(now)),
            Event::Tick => Some(self.time_passed(now)),
            Event::Returned => self.returned(),
            Event::SenderGone => Some(self.abandoned()),
        };
        step.ok_or(Unexpected {
            event,
            next: self.next,
        })
    }

    /// The requeue is on disk.
    fn requeued(&mut self) -> Step {
        self.requeued = true;
        self.deadline = self.new_deadline.take();
        if self.late == Late::Held {
            return self.settle();
        }
        self.act(Next::AwaitTurn)
    }

    const fn act(&mut self, next: Next) -> Step {
        self.next = next;
        Step::Act
    }

    /// Steps 3 to 5.
    fn checked(&mut self, event: Event) -> Option<Step> {
        let next = match (self.next, event) {
            (Next::Verify, Event::Verified) => Next::FindContract,
            (Next::FindContract, Event::ContractFound) => Next::CheckClauses,
            (Next::CheckClauses, Event::Allowed(terms)) => {
                self.delivery = terms.delivery;
                self.deadline = Some(terms.deadline);
                self.marked = terms.reachable;
                Next::RecordRequest
            }
            (Next::Verify, Event::Refused(check))
            | (
                Next::FindContract | Next::CheckClauses,
                Event::Refused(check @ (Check::Load | Check::Own | Check::Record)),
            ) => return Some(self.turn_away(check)),
            // Known in the transaction only, which was not written then.
            (Next::RecordRequest, Event::Refused(Check::Repeat)) => {
                return Some(self.turn_away(Check::Repeat));
            }
            (Next::FindContract | Next::CheckClauses, Event::Refused(check)) => {
                Next::RecordRefusal(check)
            }
            _ => return None,
        };
        Some(self.act(next))
    }

    fn recorded(&mut self, now: Timestamp) -> Option<Step> {
        Some(match self.next {
            Next::RecordRefusal(_) => self.ended(Ending::Refused),
            Next::RecordRequest => {
                self.accepted = true;
                self.in_time(now, Next::AwaitTurn)
            }
            Next::RecordSending => {
                self.marked = true;
                self.send(now)
            }
            Next::RecordEnding(ending) => self.ended(ending),
            Next::RecordLate => {
                self.late = Late::Recorded;
                self.act(Next::Done)
            }
            Next::RecordRequeue => self.requeued(),
            _ => return None,
        })
    }

    fn unrecorded(&mut self, now: Timestamp) -> Option<Step> {
        Some(match self.next {
            Next::RecordRefusal(_) | Next::RecordRequest => self.turn_away(Check::Record),
            // What it has come to must be on disk before it goes on.
            Next::RecordEnding(_) | Next::RecordLate => Step::Act,
            Next::RecordSending => self.in_time(now, Next::RecordSending),
            Next::RecordRequeue => self.settle(),
            _ => return None,
        })
    }

    fn replayed(&mut self) -> Option<Step> {
        let asked = self.next == Next::RecordRequest;
        asked.then(|| self.act(Next::RecordRefusal(Check::Replay)))
    }

    /// The store knows of another end.
    fn decided_before(&mut self, ending: Ending) -> Option<Step> {
        Some(match self.next {
            Next::RecordEnding(ours) => {
                if ours == Ending::Answered && ending != Ending::Answered {
                    self.late = Late::Held;
                }
                self.ended(ending)
            }
            Next::RecordSending => self.ended(ending),
            // The answer is there already.
            Next::RecordLate | Next::RecordRequeue => {
                self.late = Late::Recorded;
                self.act(Next::Done)
            }
            _ => return None,
        })
    }

    /// The end is on disk: now it may be told.
    fn ended(&mut self, ending: Ending) -> Step {
        self.ending = Some(ending);
        if self.sender_waits {
            self.act(Next::Return(ending))
        } else {
            self.settle()
        }
    }

    /// Nobody is left to tell.
    fn settle(&mut self) -> Step {
        self.act(if self.late == Late::Held {
            Next::RecordLate
        } else {
            Next::Done
        })
    }

    const fn turn_away(&mut self, check: Check) -> Step {
        if self.sender_waits {
            self.act(Next::TurnAway(check))
        } else {
            self.act(Next::Done)
        }
    }

    pub(super) fn is_due(&self, now: Timestamp) -> bool {
        self.deadline.is_some_and(|deadline| now >= deadline)
    }

    /// Goes on, unless the deadline has passed.
    fn in_time(&mut self, now: Timestamp, next: Next) -> Step {
        let next = if self.is_due(now) {
            self.over(Ending::Expired)
        } else {
            next
        };
        self.act(next)
    }

    /// How it ends without an answer: one that had ended before has nothing more to record.
    const fn over(&self, ending: Ending) -> Next {
        match self.ending {
            None => Next::RecordEnding(ending),
            Some(_) => Next::Done,
        }
    }

    fn turn(&mut self, now: Timestamp) -> Option<Step> {
        if self.next != Next::AwaitTurn {
            return None;
        }
        Some(if self.marked {
            self.send(now)
        } else {
            self.in_time(now, Next::RecordSending)
        })
    }

    fn send(&mut self, now: Timestamp) -> Step {
        if !self.is_due(now) {
            self.attempts = self.attempts.saturating_add(1);
            self.left = self.left.max(Left::Leaving);
        }
        let attempt = self.attempts;
        self.in_time(now, Next::Send { attempt })
    }

    /// What became of an attempt.
    fn attempted(&mut self, event: Event, attempt: u32) -> Option<Step> {
        if attempt != self.attempts {
            // Of an earlier one nothing more is to be known.
            return (attempt < self.attempts).then_some(Step::Ignored);
        }
        Some(match (self.next, event) {
            (Next::Send { .. }, Event::Sent { .. }) => {
                self.left = Left::Maybe;
                self.act(Next::AwaitAnswer)
            }
            (Next::Send { .. }, Event::Unsent { .. }) => {
                if self.left == Left::Leaving {
                    self.left = Left::No;
                }
                self.act(Next::AwaitTurn)
            }
            (
                Next::Send { .. } | Next::AwaitAnswer,
                Event::Cut {
                    answer_can_come, ..
                },
            ) => {
                self.left = Left::Maybe;
                self.cut(answer_can_come)
            }
            (Next::AwaitAnswer, _) => return None,
            _ => Step::Ignored,
        })
    }

    /// The message may have arrived, and the connection is gone (X-ONCE).
    const fn cut(&mut self, answer_can_come: bool) -> Step {
        match self.delivery {
            Delivery::Repeatable => self.act(Next::AwaitTurn),
            Delivery::Once if answer_can_come => self.act(Next::AwaitAnswer),
            Delivery::Once => self.act(self.over(Ending::Unknown)),
        }
    }

    /// Whether an answer can end it, or be recorded as late.
    fn awaits_answer(&self) -> bool {
        self.left != Left::No
            && matches!(
                self.next,
                Next::AwaitTurn | Next::Send { .. } | Next::AwaitAnswer
            )
    }

    fn answered(&mut self, now: Timestamp) -> Step {
        if !self.awaits_answer() {
            return self.answered_late();
        }
        if self.ending.is_some() {
            return self.act(Next::RecordLate);
        }
        if self.is_due(now) {
            self.late = Late::Held;
            return self.act(Next::RecordEnding(Ending::Expired));
        }
        self.act(Next::RecordEnding(Ending::Answered))
    }

    /// The first answer that comes after the end is one more leaf.
    fn answered_late(&mut self) -> Step {
        let without_answer = match (self.next, self.ending) {
            (Next::RecordEnding(ending), _) | (_, Some(ending)) => ending != Ending::Answered,
            (_, None) => false,
        };
        if self.left == Left::No || self.late != Late::None || !without_answer {
            return Step::Ignored;
        }
        match self.next {
            Next::Done => self.act(Next::RecordLate),
            Next::RecordEnding(_) | Next::Return(_) | Next::RecordRequeue => {
                self.late = Late::Held;
                Step::Noted
            }
            _ => Step::Ignored,
        }
    }

    fn answered_badly(&mut self, now: Timestamp) -> Step {
        if !self.awaits_answer() || self.ending.is_some() {
            return Step::Ignored;
        }
        let ending = Ending::Refused;
        self.in_time(now, Next::RecordEnding(ending))
    }

    fn time_passed(&mut self, now: Timestamp) -> Step {
        if self.due().is_some_and(|deadline| now >= deadline) {
            self.act(self.over(Ending::Expired))
        } else {
            Step::Ignored
        }
    }

    fn returned(&mut self) -> Option<Step> {
        match self.next {
            Next::Return(_) | Next::TurnAway(_) => {
                self.sender_waits = false;
                Some(self.settle())
            }
            _ => None,
        }
    }

    fn abandoned(&mut self) -> Step {
        if let Some(step) = self.returned() {
            return step;
        }
        let waited = core::mem::replace(&mut self.sender_waits, false);
        if waited { Step::Noted } else { Step::Ignored }
    }
}
