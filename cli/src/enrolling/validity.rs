//! How long a certificate is still valid.

use daxsign_core::{CertificateFile, Timestamp};

use crate::key_file::Validity;

const SECONDS_PER_DAY: i64 = 86_400;

pub(super) const fn of(certificate: &CertificateFile<'_>) -> Validity {
    Validity {
        not_before: certificate.not_before(),
        not_after: certificate.not_after(),
    }
}

/// Whole days until its end, below zero once that is past: −1 on the first day.
pub(super) const fn days_left(validity: Validity, now: Timestamp) -> i64 {
    let left = validity.not_after.seconds().saturating_sub(now.seconds());
    left.div_euclid(SECONDS_PER_DAY)
}

/// Whether it ends within so many days, or has ended.
pub(super) fn ends_within(validity: Validity, now: Timestamp, days: u32) -> bool {
    let room = i64::from(days).saturating_mul(SECONDS_PER_DAY);
    validity.not_after.seconds() <= now.seconds().saturating_add(room)
}

/// `1 day left`.
pub(super) fn left_text(days: i64) -> String {
    let unit = if days == 1 { "day" } else { "days" };
    format!("{days} {unit} left")
}
