//! What the upstream's answers tell beside what they answer: its clock, its limits, and when our certificate ends.

use std::sync::{Mutex, PoisonError};

use daxsign_client::protocol::http_date;
use daxsign_core::Timestamp;
use http::HeaderMap;

use crate::clock;

/// What was told last.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Told {
    /// By how many seconds the upstream's clock is ahead of ours.
    pub clock_skew: Option<i64>,
    /// How many requests are still allowed.
    pub rate_limit_remaining: Option<i64>,
    /// When the certificate ends that our signatures are verified with.
    pub certificate_end: Option<Timestamp>,
}

/// Keeps it.
#[derive(Debug, Default)]
pub(crate) struct Seen(Mutex<Told>);

impl Seen {
    pub(crate) fn told(&self) -> Told {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes what an answer's fields tell. What they do not, stays as it was told last.
    pub(crate) fn note(&self, fields: &HeaderMap) {
        let text = |name: &str| fields.get(name).and_then(|value| value.to_str().ok());
        let date = text("date").and_then(|date| http_date::parse(date).or_else(|| time(date)));
        let skew = date.zip(clock::now());
        let skew = skew.map(|(date, now)| date.seconds().saturating_sub(now.seconds()));
        let remaining = text("x-rate-limit-remaining").and_then(|text| text.trim().parse().ok());
        let end = text("x-dax-certificateexpiresatutc").and_then(time);
        let mut told = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        told.clock_skew = skew.or(told.clock_skew);
        told.rate_limit_remaining = remaining.or(told.rate_limit_remaining);
        told.certificate_end = end.or(told.certificate_end);
    }
}

/// A time of UTC, also without saying so.
fn time(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    let read = Timestamp::parse(text).or_else(|_| Timestamp::parse(&format!("{text}Z")));
    read.ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_answer_does_not_tell_stays() {
        let seen = Seen::default();
        let mut fields = HeaderMap::new();
        let mut note = |name, value: &'static str| {
            fields.clear();
            fields.insert(name, http::HeaderValue::from_static(value));
            seen.note(&fields);
        };
        note("x-rate-limit-remaining", "41");
        note(
            "x-dax-certificateexpiresatutc",
            "2030-01-02T03:04:05.0000000",
        );
        note("date", "Sun, 06 Nov 1994 08:49:37 GMT");
        note("x-rate-limit-remaining", "many");
        let told = seen.told();
        assert_eq!(told.rate_limit_remaining, Some(41));
        assert_eq!(
            told.certificate_end.map(|end| end.seconds()),
            Some(1_893_553_445)
        );
        let now = clock::now().expect("a clock").seconds();
        let skew = told.clock_skew.expect("a skew");
        assert!(
            (784_111_777 - now - 2..=784_111_777 - now + 2).contains(&skew),
            "{skew}"
        );
    }
}
