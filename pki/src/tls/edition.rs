//! Which of an authority's lists is the newest: whoever was revoked is not let in again by an older one.

use std::cmp::Ordering;
use std::fmt::Write;
use std::sync::Arc;

use daxsign_core::{Name, PublicKey, Timestamp};

use crate::error::PkiError;
use crate::revocation::list::RevocationList;
use crate::tls::refusal::date;

/// A list, and the authority that signed it.
#[derive(Debug)]
pub(super) struct SignedList {
    pub(super) list: RevocationList,
    pub(super) key: PublicKey,
    /// Its subject.
    pub(super) issuer: String,
}

/// A number of any length in its order, `None` first; when the list was made.
type Edition<'a> = (Option<(usize, &'a [u8])>, Timestamp);

impl SignedList {
    fn edition(&self) -> Edition<'_> {
        let number = self.list.number.as_deref();
        (
            number.map(|digits| (digits.len(), digits)),
            self.list.this_update,
        )
    }

    /// Whether both are lists of one authority: of its name and its key.
    fn is_of_the_same(&self, other: &Self) -> bool {
        let (own, other_name) = (self.list.issuer(), other.list.issuer());
        let same = match (Name::from_der(own), Name::from_der(other_name)) {
            (Ok(own), Ok(other)) => own == other,
            _ => own == other_name,
        };
        same && self.key == other.key
    }

    /// Whether it may take the place of that one: neither its number nor its time goes back. Lists of one number should
    /// be one list (RFC 5280 5.2.3); where they are not, nobody may be missing in the new one.
    fn may_follow(&self, known: &Self) -> bool {
        let ((number, time), (known_number, known_time)) = (self.edition(), known.edition());
        let goes_back = number < known_number || time < known_time;
        let moves_on = number > known_number || number.is_none() && time > known_time;
        !goes_back && (moves_on || self.list.covers(&known.list))
    }

    /// `number 7 of 2026-01-02T03:04:05Z`.
    fn words(&self) -> String {
        let made = date(self.list.this_update);
        match (self.list.number(), &self.list.number) {
            (None, _) | (_, None) => format!("without a number, of {made}"),
            (Some(u64::MAX), Some(digits)) => {
                let mut number = String::new();
                for byte in digits {
                    // A string takes all that is written.
                    let _ = write!(number, "{byte:02x}");
                }
                format!("number 0x{number} of {made}")
            }
            (Some(number), _) => format!("number {number} of {made}"),
        }
    }
}

/// The newest list of each authority.
#[derive(Debug, Default)]
pub(super) struct Newest(Vec<Arc<SignedList>>);

impl Newest {
    /// That of this one's authority.
    pub(super) fn of(&self, list: &SignedList) -> Option<&Arc<SignedList>> {
        self.0.iter().find(|known| known.is_of_the_same(list))
    }

    /// Keeps it, if it is the newest of its authority.
    pub(super) fn take(&mut self, list: &Arc<SignedList>) {
        match self.0.iter_mut().find(|known| known.is_of_the_same(list)) {
            Some(known) => {
                let newer = match list.edition().cmp(&known.edition()) {
                    Ordering::Greater => true,
                    Ordering::Equal => !known.list.covers(&list.list),
                    Ordering::Less => false,
                };
                if newer {
                    *known = Arc::clone(list);
                }
            }
            None => self.0.push(Arc::clone(list)),
        }
    }

    /// Whether it may be used from now on.
    ///
    /// # Errors
    /// [`PkiError::ListOlder`].
    pub(super) fn check(&self, list: &SignedList) -> Result<(), PkiError> {
        match self.of(list) {
            Some(known) if !list.may_follow(known) => Err(PkiError::ListOlder {
                found: list.words(),
                newest: known.words(),
            }),
            _ => Ok(()),
        }
    }

    /// The newest list of each authority of these, each once.
    pub(super) fn in_place_of(&self, lists: &[Arc<SignedList>]) -> Vec<Arc<SignedList>> {
        let mut all: Vec<Arc<SignedList>> = Vec::new();
        for list in lists {
            let newest = self.of(list).unwrap_or(list);
            if !all.iter().any(|other| Arc::ptr_eq(other, newest)) {
                all.push(Arc::clone(newest));
            }
        }
        all
    }
}
