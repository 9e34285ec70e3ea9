//! What a call reads: each piece is checked, and compared with the outputs, before it is followed.

use core::marker::PhantomData;

use crate::call_error::CallError;

use super::place::check_size;
use super::plain::{Byte, Plain, Versioned};
use super::region::Region;
use super::storage::{Storage, Stored};
use super::written::Written;

/// The inputs of a call whose outputs are all known.
pub(crate) struct Inputs<'c> {
    written: Written,
    caller: PhantomData<&'c ()>,
}

impl<'c> Inputs<'c> {
    pub(super) const fn new(written: Written) -> Self {
        let caller = PhantomData;
        Self { written, caller }
    }

    /// Refuses memory that cannot be there, and such that overlaps an output.
    fn check(
        &self,
        argument: &'static str,
        start: usize,
        len: usize,
        align: usize,
    ) -> Result<(), CallError> {
        let region = Region::new(argument, start, len, align)?;
        self.written.keep_apart(argument, &region)
    }

    /// `len` bytes; none for a length of 0, whatever the pointer.
    pub(crate) fn bytes<B: Byte>(
        &self,
        argument: &'static str,
        data: *const B,
        len: usize,
    ) -> Result<&'c [u8], CallError> {
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
    ) -> Result<&'c [T], CallError> {
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
    ) -> Result<&'c T, CallError> {
        self.check(argument, pointer.addr(), size_of::<T>(), align_of::<T>())?;
        // SAFETY: neither NULL nor misaligned, and any bytes are a `T`. That they are there and nobody
        // writes them is the caller's promise.
        Ok(unsafe { &*pointer })
    }

    /// A struct with its size.
    pub(crate) fn versioned<T: Versioned>(&self, pointer: *const T) -> Result<&'c T, CallError> {
        let region = check_size(pointer)?;
        self.written.keep_apart(T::NAME, &region)?;
        // SAFETY: as for `one`, and it has the size of this build's struct.
        Ok(unsafe { &*pointer })
    }

    /// The same where NULL stands for a default.
    pub(crate) fn optional<T: Versioned>(
        &self,
        pointer: *const T,
    ) -> Result<Option<&'c T>, CallError> {
        if pointer.is_null() {
            return Ok(None);
        }
        self.versioned(pointer).map(Some)
    }

    /// Storage that may hold a value.
    pub(crate) fn stored<S: Storage>(&self, storage: *const S) -> Result<Stored<'c, S>, CallError> {
        let (stored, region) = Stored::new(storage)?;
        self.written.keep_apart(S::NAME, &region)?;
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
