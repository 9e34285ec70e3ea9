//! What a call reads: each piece is checked, and compared with the outputs, before it is followed.

use core::marker::PhantomData;

use crate::call_error::Noted;
use crate::failure::Failure;

use super::place::check_size;
use super::plain::{Byte, Plain, Versioned};
use super::region::Region;
use super::storage::{Storage, Stored};
use super::written::Written;

/// The inputs of a call whose outputs are all known.
pub(crate) struct Inputs<'c, 'f> {
    written: &'f Written,
    failure: &'f Failure,
    caller: PhantomData<&'c ()>,
}

impl<'c, 'f> Inputs<'c, 'f> {
    pub(super) const fn new(written: &'f Written, failure: &'f Failure) -> Self {
        Self {
            written,
            failure,
            caller: PhantomData,
        }
    }

    /// Where the call's error is put down.
    pub(crate) const fn failure(&self) -> &'f Failure {
        self.failure
    }

    /// Refuses memory that cannot be there, and such that overlaps an output.
    fn check(
        &self,
        argument: &'static str,
        start: usize,
        len: usize,
        align: usize,
    ) -> Result<(), Noted> {
        let region = Region::new(argument, start, len, align, self.failure)?;
        self.written.keep_apart(argument, &region, self.failure)
    }

    /// `len` bytes; none for a length of 0, whatever the pointer.
    pub(crate) fn bytes<B: Byte>(
        &self,
        argument: &'static str,
        data: *const B,
        len: usize,
    ) -> Result<&'c [u8], Noted> {
        self.check(argument, data.addr(), len, 1)?;
        // SAFETY: checked. That these bytes are there and nobody writes them is the caller's promise.
        Ok(unsafe { slice(data.cast(), len) })
    }

    /// `count` values.
    pub(crate) fn array<T: Plain>(
        &self,
        argument: &'static str,
        pointer: *const T,
        count: usize,
    ) -> Result<&'c [T], Noted> {
        let len = count.saturating_mul(size_of::<T>());
        self.check(argument, pointer.addr(), len, align_of::<T>())?;
        // SAFETY: as for `bytes`; any bytes are a `T`.
        Ok(unsafe { slice(pointer, count) })
    }

    /// One value.
    pub(crate) fn one<T: Plain>(
        &self,
        argument: &'static str,
        pointer: *const T,
    ) -> Result<&'c T, Noted> {
        self.check(argument, pointer.addr(), size_of::<T>(), align_of::<T>())?;
        // SAFETY: neither NULL nor misaligned, and any bytes are a `T`. That they are there and nobody
        // writes them is the caller's promise.
        Ok(unsafe { &*pointer })
    }

    /// A struct with its size.
    pub(crate) fn versioned<T: Versioned>(&self, pointer: *const T) -> Result<&'c T, Noted> {
        let region = check_size(pointer, self.failure)?;
        self.written.keep_apart(T::NAME, &region, self.failure)?;
        // SAFETY: as for `one`, and it has the size of this build's struct.
        Ok(unsafe { &*pointer })
    }

    /// The same where NULL stands for a default.
    pub(crate) fn optional<T: Versioned>(&self, pointer: *const T) -> Result<Option<&'c T>, Noted> {
        if pointer.is_null() {
            return Ok(None);
        }
        self.versioned(pointer).map(Some)
    }

    /// Storage that may hold a value.
    pub(crate) fn stored<S: Storage>(&self, storage: *const S) -> Result<Stored<'c, 'f, S>, Noted> {
        let (stored, region) = Stored::new(storage, self.failure)?;
        self.written.keep_apart(S::NAME, &region, self.failure)?;
        Ok(stored)
    }
}

/// `count` values, whatever the pointer if they are none.
///
/// # Safety
/// Unless `count` is 0, `pointer` is aligned and points to so many values that nobody writes during
/// `'c`.
pub(super) unsafe fn slice<'c, T>(pointer: *const T, count: usize) -> &'c [T] {
    if count == 0 {
        return &[];
    }
    // SAFETY: what this function asks for.
    unsafe { core::slice::from_raw_parts(pointer, count) }
}
