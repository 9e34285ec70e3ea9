//! Whether a message may be sent again (X-ONCE).

/// How often a receiver may get a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Delivery {
    /// At most once: it changes something.
    Once,
    /// Again, under the same correlation id: it reads, or the receiver is registered as one that
    /// deduplicates.
    Repeatable,
}

impl Delivery {
    /// The rule: what changes something is repeated only for receivers that deduplicate.
    #[must_use]
    pub const fn of(changes: bool, receiver_deduplicates: bool) -> Self {
        if changes && !receiver_deduplicates {
            Self::Once
        } else {
            Self::Repeatable
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_changes_something_for_receivers_that_do_not_deduplicate_goes_once() {
        for (changes, deduplicates, expected) in [
            (true, false, Delivery::Once),
            (true, true, Delivery::Repeatable),
            (false, false, Delivery::Repeatable),
            (false, true, Delivery::Repeatable),
        ] {
            assert_eq!(Delivery::of(changes, deduplicates), expected);
        }
    }
}
