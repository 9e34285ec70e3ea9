//! How long the keys of a file may take: it says itself how often its passphrase is to be hashed.

use crate::der::reader::Element;
use crate::error::PkiError;
use crate::pkcs12::refused::Refused;

/// The iterations that are left.
pub(crate) struct Budget {
    left: u32,
    limit: u32,
}

impl Budget {
    pub(crate) const fn new(limit: u32) -> Self {
        Self { left: limit, limit }
    }

    /// Takes the iterations of a key that is derived.
    ///
    /// # Errors
    /// [`PkiError::TooMuchWork`].
    pub(crate) fn spend(&mut self, iterations: u32) -> Result<(), PkiError> {
        let left = self.left.checked_sub(iterations);
        self.left = left.ok_or(PkiError::TooMuchWork { limit: self.limit })?;
        Ok(())
    }

    /// The same for a number out of the file, of which no key is derived without iterations.
    pub(crate) fn spend_read(&mut self, number: &Element<'_>) -> Result<u32, Refused> {
        let bytes = number.magnitude()?;
        let too_much = PkiError::TooMuchWork { limit: self.limit };
        let mut whole = [0; size_of::<u32>()];
        let room = whole.len().checked_sub(bytes.len());
        let slots = room.and_then(|room| whole.get_mut(room..));
        slots.ok_or(too_much)?.copy_from_slice(bytes);
        let iterations = u32::from_be_bytes(whole);
        if iterations == 0 {
            return Err(Refused::Malformed);
        }
        self.spend(iterations)?;
        Ok(iterations)
    }
}
