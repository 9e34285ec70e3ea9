//! Tells the exchange what happened, in its order and each until it took it, whichever way it is told.

use core::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::event::{Event, Happened};
use super::stand_in::{Alliera, StoreProblem};
use super::verdict::Verdict;

/// How often it is looked whether something happened.
const LOOK_EVERY: Duration = Duration::from_millis(500);
/// The longest pause after it could not be told: each is twice the one before.
const LONGEST_PAUSE: Duration = Duration::from_mins(1);
/// How often the exchange is told the same thing that it answers, and does not take.
const ATTEMPTS: u32 = 10;

/// What somebody hears who looks at the console.
#[derive(Clone, Debug, PartialEq)]
pub enum Announced {
    /// One will never be told: it is set aside.
    SetAside(Event),
    /// Nothing is told for now: why.
    Trouble(Trouble),
}

/// Why nothing is told for now. It is told later.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// The exchange does not take it: why.
    NotTaken(String),
    /// What happened cannot be read, or what became of it cannot be kept.
    Store(StoreProblem),
}

/// What the exchange says to something that happened.
#[derive(Clone, Debug)]
pub(crate) enum Said {
    /// An answer with this status, and why.
    Answer(u16, String),
    /// No answer, or one that says nothing of what happened: why.
    Nothing(String),
}

/// How telling goes, from one round to the next.
#[derive(Debug, Default)]
pub(crate) struct Teller {
    /// Of the one that is told next: how often the exchange answered, and did not take it.
    answered: (i64, u32),
    /// How often in a row it did not go on.
    failures: u32,
    /// Why, as it was said last.
    trouble: Option<Trouble>,
    /// What became of the last one, as long as the store does not have it: that one is not told twice.
    unkept: Option<End>,
    /// Whether more is to be told.
    is_behind: bool,
}

/// What became of one that was told.
#[derive(Debug)]
struct End {
    number: i64,
    /// Why the exchange will never take it; `None` where it has it.
    refused: Option<String>,
}

impl Teller {
    /// Tells what was not told yet, the first hundred in their order, until something is not taken now.
    pub(crate) fn tell(
        &mut self,
        alliera: &Mutex<Alliera>,
        mut say: impl FnMut(&Happened) -> Said,
        mut told: impl FnMut(Announced),
    ) {
        let trouble = match self.tell_all(alliera, &mut say, &mut told) {
            Ok(any) => {
                self.is_behind = any;
                return;
            }
            Err(trouble) => trouble,
        };
        self.is_behind = true;
        self.failures = self.failures.saturating_add(1);
        if self.trouble.as_ref() != Some(&trouble) {
            told(Announced::Trouble(trouble.clone()));
            self.trouble = Some(trouble);
        }
    }

    /// Whether there may be more to tell, after the pause.
    pub(crate) const fn is_behind(&self) -> bool {
        self.is_behind
    }

    /// Whether the last one was not taken: it is told again after the pause, and not before.
    pub(crate) const fn is_held_up(&self) -> bool {
        self.failures > 0
    }

    /// How long until it is tried again.
    pub(crate) fn pause(&self) -> Duration {
        let factor = 1_u32.checked_shl(self.failures).unwrap_or(u32::MAX);
        LOOK_EVERY.saturating_mul(factor).min(LONGEST_PAUSE)
    }

    /// Whether anything was told.
    fn tell_all(
        &mut self,
        alliera: &Mutex<Alliera>,
        say: &mut impl FnMut(&Happened) -> Said,
        told: &mut impl FnMut(Announced),
    ) -> Result<bool, Trouble> {
        self.keep(alliera)?;
        let happened = lock(alliera).happened()?;
        if happened.is_empty() {
            self.went_on();
        }
        for one in &happened {
            let (verdict, why) = self.judged(one.number, say(one));
            let refused = match verdict {
                Verdict::Later => return Err(Trouble::NotTaken(why)),
                Verdict::Taken => None,
                Verdict::Refused => {
                    told(Announced::SetAside(one.not_told(why.clone())));
                    Some(why)
                }
            };
            let number = one.number;
            self.unkept = Some(End { number, refused });
            self.keep(alliera)?;
        }
        Ok(!happened.is_empty())
    }

    /// Has the store keep what became of the last one.
    fn keep(&mut self, alliera: &Mutex<Alliera>) -> Result<(), StoreProblem> {
        if let Some(end) = &self.unkept {
            match &end.refused {
                None => lock(alliera).told(end.number),
                Some(why) => lock(alliera).set_aside(end.number, why),
            }?;
            self.unkept = None;
            self.went_on();
        }
        Ok(())
    }

    fn went_on(&mut self) {
        self.failures = 0;
        self.trouble = None;
    }

    /// What becomes of the one with this number, and why.
    fn judged(&mut self, number: i64, said: Said) -> (Verdict, String) {
        let (status, why) = match said {
            // They say nothing of what happened: who tells it may not speak now, or there is no room.
            Said::Answer(401 | 429 | 503, why) | Said::Nothing(why) => {
                return (Verdict::Later, why);
            }
            Said::Answer(status, why) => (status, why),
        };
        let (before, times) = self.answered;
        let times = if before == number {
            times.saturating_add(1)
        } else {
            1
        };
        self.answered = (number, times);
        match Verdict::of(status) {
            Verdict::Later if times >= ATTEMPTS => (Verdict::Refused, why),
            verdict => (verdict, why),
        }
    }
}

fn lock(alliera: &Mutex<Alliera>) -> MutexGuard<'_, Alliera> {
    alliera.lock().unwrap_or_else(PoisonError::into_inner)
}

impl From<StoreProblem> for Trouble {
    fn from(problem: StoreProblem) -> Self {
        Self::Store(problem)
    }
}

impl fmt::Display for Announced {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::SetAside(event) => event.fmt(formatter),
            Self::Trouble(trouble) => trouble.fmt(formatter),
        }
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotTaken(why) => write!(
                formatter,
                "the exchange does not take what happened: {why}; it is told again"
            ),
            Self::Store(problem) => write!(
                formatter,
                "what happened is not told to the exchange: {problem}; it is told later"
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use serde_json::json;
    use uuid::Uuid;

    use super::*;
    use crate::alliera::happening::happened;
    use crate::alliera::{Settings, Zone};
    use crate::deciding::Schemas;
    use crate::party::Party;

    /// An Alliera in which these happened, and what was said and heard of them.
    struct Round {
        alliera: Mutex<Alliera>,
        teller: Teller,
        said: Vec<String>,
        heard: Vec<String>,
    }

    impl Round {
        fn new(events: &[&str]) -> Self {
            let party = Party {
                partner: Uuid::from_u128(1),
                instance: Uuid::from_u128(2),
            };
            let settings = Settings {
                party,
                partner_name: "Office B".into(),
                name: "Alliera B".into(),
                zone: Zone::named("Europe/Stockholm").unwrap(),
            };
            let schemas = Arc::new(Schemas::new().unwrap());
            let alliera = Alliera::in_memory(settings, schemas).unwrap();
            for event in events {
                let to = [party.partner, party.instance].map(|id| id.to_string());
                happened(&alliera.sql, event, [&to[0], &to[1]], &json!({})).unwrap();
            }
            Self {
                alliera: Mutex::new(alliera),
                teller: Teller::default(),
                said: Vec::new(),
                heard: Vec::new(),
            }
        }

        /// Tells an exchange that answers each with this status.
        fn tell(&mut self, status: impl Fn(&str) -> u16) {
            let say = |one: &Happened| {
                self.said.push(one.event_type.clone());
                Said::Answer(status(&one.event_type), "because".to_owned())
            };
            let told = |announced: Announced| self.heard.push(announced.to_string());
            self.teller.tell(&self.alliera, say, told);
        }

        fn sql(&self, text: &str) {
            lock(&self.alliera).sql.execute_batch(text).unwrap();
        }

        fn untold(&self) -> usize {
            lock(&self.alliera).happened().unwrap().len()
        }

        fn set_aside(&self) -> usize {
            lock(&self.alliera).all_set_aside().unwrap().len()
        }
    }

    const HIDE: &str = "ALTER TABLE happened RENAME TO hidden";
    const SHOW: &str = "ALTER TABLE hidden RENAME TO happened";

    #[test]
    fn a_store_that_cannot_be_read_is_said_once_and_all_is_told_afterwards() {
        let mut round = Round::new(&["one", "two"]);
        round.sql(HIDE);
        round.tell(|_| 200);
        let first = round.teller.pause();
        round.tell(|_| 200);
        assert_eq!(round.said, [""; 0]);
        assert_eq!(round.heard.len(), 1, "{:?}", round.heard);
        assert!(
            round.heard[0].starts_with("what happened is not told to the exchange: the store")
                && round.heard[0].contains("no such table"),
            "{:?}",
            round.heard
        );
        assert!(round.teller.is_behind() && round.teller.pause() > first);
        round.sql(SHOW);
        round.tell(|_| 200);
        assert_eq!(round.said, ["one", "two"]);
        assert_eq!((round.untold(), round.heard.len()), (0, 1));
        // When it fails again that is news.
        round.tell(|_| 200);
        assert!(!round.teller.is_behind());
        round.sql(HIDE);
        round.tell(|_| 200);
        assert_eq!(round.heard.len(), 2);
    }

    #[test]
    fn what_the_store_cannot_keep_as_told_is_not_told_twice() {
        let mut round = Round::new(&["one", "refused", "two"]);
        round.sql("PRAGMA query_only = ON");
        round.tell(|_| 200);
        round.tell(|_| 200);
        assert_eq!(round.said, ["one"]);
        assert_eq!(round.heard.len(), 1, "{:?}", round.heard);
        assert!(round.heard[0].contains("readonly"), "{:?}", round.heard);
        round.sql(
            "PRAGMA query_only = OFF; CREATE TEMP TRIGGER no BEFORE INSERT ON main.set_aside
            BEGIN SELECT RAISE(ABORT, 'full'); END",
        );
        let answers = |event: &str| if event == "refused" { 400 } else { 200 };
        round.tell(answers);
        round.tell(answers);
        assert_eq!(round.said, ["one", "refused"]);
        round.sql("DROP TRIGGER no");
        round.tell(answers);
        assert_eq!(round.said, ["one", "refused", "two"]);
        assert_eq!((round.untold(), round.set_aside()), (0, 1));
        let aside = |text: &&String| text.contains("is set aside");
        assert_eq!(round.heard.iter().filter(aside).count(), 1);
    }

    #[test]
    fn what_is_refused_for_good_blocks_no_other_and_what_is_not_taken_now_does() {
        let mut round = Round::new(&["one", "refused", "later", "two"]);
        let answers = |event: &str| match event {
            "refused" => 400,
            "later" => 500,
            _ => 200,
        };
        round.tell(answers);
        assert_eq!(round.said, ["one", "refused", "later"]);
        let [aside, later] = round.heard.as_slice() else {
            panic!("{:?}", round.heard)
        };
        assert!(
            aside.starts_with("Delivery refused is set aside"),
            "{aside}"
        );
        assert!(aside.ends_with("because"), "{aside}");
        assert!(
            later.contains("does not take what happened: because"),
            "{later}"
        );
        // Ten answers in all: then it is at fault itself.
        for _ in 1..ATTEMPTS {
            assert_eq!(round.untold(), 2);
            round.tell(answers);
        }
        assert_eq!(round.said.last().map(String::as_str), Some("two"));
        assert_eq!(round.said.len(), 3 + 10);
        assert_eq!((round.untold(), round.set_aside()), (0, 2));
        assert_eq!(round.heard.len(), 3, "{:?}", round.heard);
    }

    #[test]
    fn who_gets_no_answer_or_one_that_says_nothing_of_it_tells_on_and_sets_nothing_aside() {
        let no_room = |status| Said::Answer(status, "nobody is there".to_owned());
        let nothing = Said::Nothing("nobody is there".to_owned());
        for said in [nothing, no_room(401), no_room(429), no_room(503)] {
            let mut round = Round::new(&["one"]);
            let mut heard = Vec::new();
            for _ in 0..30 {
                let say = |_: &Happened| said.clone();
                round
                    .teller
                    .tell(&round.alliera, say, |announced| heard.push(announced));
            }
            let why = Trouble::NotTaken("nobody is there".to_owned());
            assert_eq!(heard, [Announced::Trouble(why)]);
            assert_eq!(round.teller.pause(), LONGEST_PAUSE);
            assert_eq!((round.untold(), round.set_aside()), (1, 0));
            round.tell(|_| 200);
            assert_eq!(round.untold(), 0);
            assert_eq!(round.teller.pause(), LOOK_EVERY);
        }
    }
}
