//! What becomes of something that the exchange was told.

/// What becomes of something that the exchange was told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// The exchange has it on disk.
    Taken,
    /// It will never take it: the message itself is at fault.
    Refused,
    /// It may take it another time.
    Later,
}

impl Verdict {
    /// By the status of the exchange's answer.
    ///
    /// Who may not speak now (401) may once the clock, the password or the certificate is right, and is told nothing of
    /// the message.
    pub(super) const fn of(status: u16) -> Self {
        match status {
            200..=299 => Self::Taken,
            400 | 403 | 404 | 405 | 410 | 413 | 414 | 415 | 422 | 431 | 501 => Self::Refused,
            _ => Self::Later,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_message_is_to_blame_for_is_refused_for_good() {
        let verdicts = [
            200, 201, 400, 403, 413, 401, 408, 409, 429, 500, 503, 504, 302,
        ];
        let verdicts = verdicts.map(Verdict::of);
        let taken = [Verdict::Taken; 2];
        let refused = [Verdict::Refused; 3];
        let later = [Verdict::Later; 8];
        assert_eq!(verdicts.as_slice(), [&taken[..], &refused, &later].concat());
    }
}
