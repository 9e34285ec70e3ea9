//! What a search did not try.

use daxsign_core::{Searched, Timestamp};
use daxsign_http::RawRequest;

use super::bodies::OtherBodies;

/// A sentence for each thing.
pub(super) fn sentences(
    searched: &Searched,
    others: &OtherBodies,
    raw: &RawRequest<'_>,
) -> Vec<String> {
    if searched.strings == 0 {
        return Vec::new();
    }
    let mut sentences = Vec::new();
    if searched.too_large {
        sentences.push(
            "most strings with the body in them, since hashing it for each takes too long: explain \
             a request of the same sender with a small body"
                .to_owned(),
        );
    }
    let mut dates = raw.named("date").map(|field| field.value);
    if dates.any(|value| Timestamp::parse_http(value.trim_ascii()).is_ok()) {
        sentences.push(
            "dates with a fraction of a second other than 0: Date arrived in the RFC 1123 format, \
             which has none, so its digits are not known here; find what reformats the date, or \
             prove the sender's log with --signed LOG"
                .to_owned(),
        );
    }
    let end = if searched.complete {
        ""
    } else {
        ": the search ended before, at its bound"
    };
    sentences.push(match searched.deepest {
        0 => format!("some mistakes{end}"),
        1 => format!("most combinations of mistakes{end}"),
        deepest => format!("most combinations of more than {deepest} mistakes{end}"),
    });
    sentences.extend(others.left_out.iter().cloned());
    sentences
}
