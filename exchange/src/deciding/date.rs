//! Whether the date is there and fresh, before a key is computed with (V-FRESH). The signature's verifier says the
//! same again of the date that is signed.

use daxsign_core::{DEFAULT_WINDOW, DateProblem, Error, Label, MissingProblem, Request, Timestamp};

/// The request's date.
pub(super) fn check(request: &Request<'_>, now: Timestamp) -> Result<Timestamp, Error> {
    let mut fields = request.field("date");
    let value = fields.next().ok_or_else(|| Error::MissingHeader {
        name: Label::new(b"date"),
        problem: MissingProblem::Lost,
    })?;
    if fields.next().is_some() {
        let problem = DateProblem::Repeated;
        return Err(Error::InvalidDate { problem });
    }
    let date = Timestamp::parse(value.trim_ascii())?;
    let window = DEFAULT_WINDOW;
    let ahead = date.seconds().saturating_sub(now.seconds());
    let distance = ahead.unsigned_abs();
    // Of the second at the window's edge the verifier decides.
    if distance <= u64::from(window) {
        return Ok(date);
    }
    Err(if ahead > 0 {
        Error::FutureDate {
            ahead: distance,
            window,
        }
    } else {
        let age = distance;
        Error::StaleDate { age, window }
    })
}
