//! A buffer of the caller with its length: written, or zeroed after a failure.

use zeroize::Zeroize;

use daxsign_core::Error;

use crate::call_error::CallError;
use crate::failure::Failure;

use super::place::{Place, Places};

/// A buffer, and where its length goes.
pub(crate) struct Buffer<'c, 'f> {
    data: Places<'c, u8>,
    len: Place<'c, usize>,
    /// Whether a NUL is put behind the text where there is room.
    is_text: bool,
    failure: &'f Failure,
}

impl<'c, 'f> Buffer<'c, 'f> {
    pub(super) const fn new(
        data: Places<'c, u8>,
        len: Place<'c, usize>,
        is_text: bool,
        failure: &'f Failure,
    ) -> Self {
        Self {
            data,
            len,
            is_text,
            failure,
        }
    }

    /// Calls `write` with the buffer. It returns how many bytes it wrote. After a failure the
    /// buffer is zeroed; the length is what is needed for a buffer that is too small, and else 0.
    pub(crate) fn fill(
        self,
        write: impl FnOnce(&mut [u8]) -> Result<usize, CallError>,
    ) -> Result<(), CallError> {
        let data = self.data.into_bytes();
        self.len.write(0);
        match write(data) {
            Ok(written) => {
                self.len.write(written);
                if let (true, Some(end)) = (self.is_text, data.get_mut(written)) {
                    *end = 0;
                }
                Ok(())
            }
            Err(error) => {
                data.zeroize();
                let noted = self.failure.note(&error);
                if let CallError::Core(Error::BufferTooSmall { needed }) = self.failure.get() {
                    self.len.write(needed);
                }
                Err(noted.into())
            }
        }
    }
}
