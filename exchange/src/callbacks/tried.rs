//! What came of an attempt.

/// What came of an attempt, with what is on record of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Tried {
    /// The receiver took it.
    Taken(String),
    /// It did not: no byte of it left, or it said so.
    NotTaken(String),
    /// It may have, or not.
    Perhaps(String),
    /// It never will.
    Never(String),
}

impl Tried {
    /// What an answer's status means. A redirect is not followed: who registered an address has another one registered.
    /// A server that says that it is overloaded has not taken it; another failure of its own may have come later.
    #[must_use]
    pub fn answered(status: u16) -> Self {
        let told = format!("its receiver answered {status}");
        match status {
            200..=299 => Self::Taken(told),
            410 => Self::Never(format!("{told}: gone")),
            300..=399 => Self::NotTaken(format!("{told}: redirects are not followed")),
            400..=499 | 503 => Self::NotTaken(told),
            _ => Self::Perhaps(told),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_means_one_thing() {
        let kind = |status| core::mem::discriminant(&Tried::answered(status));
        let of = |tried: Tried| core::mem::discriminant(&tried);
        let none = String::new;
        for (statuses, expected) in [
            (&[200, 201, 202, 204, 299][..], of(Tried::Taken(none()))),
            (
                &[301, 302, 307, 308, 400, 401, 404, 408, 429, 499, 503],
                of(Tried::NotTaken(none())),
            ),
            (&[410], of(Tried::Never(none()))),
            (
                &[100, 101, 199, 500, 502, 504, 599, 999],
                of(Tried::Perhaps(none())),
            ),
        ] {
            for status in statuses {
                assert_eq!(kind(*status), expected, "{status}");
            }
        }
    }
}
