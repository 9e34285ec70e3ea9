//! Where results go, and values that stay in the caller's memory between calls.

use core::marker::PhantomData;
use core::mem::MaybeUninit;

use crate::call_error::Noted;
use crate::failure::Failure;
use crate::number::to_u64;
use crate::status::DaxsignStatus as S;

use super::plain::{Plain, Versioned};
use super::region::Region;

/// Checks a pointer to a struct, and the size that the struct says it has against this build's.
pub(super) fn check_size<T: Versioned>(
    pointer: *const T,
    failure: &Failure,
) -> Result<Region, Noted> {
    check_size_of(
        T::NAME,
        pointer.cast(),
        size_of::<T>(),
        align_of::<T>(),
        failure,
    )
}

/// The same for all kinds of structs, which start with their size: once in a program, not for each kind.
fn check_size_of(
    argument: &'static str,
    pointer: *const u32,
    size: usize,
    align: usize,
    failure: &Failure,
) -> Result<Region, Noted> {
    let region = Region::new(argument, pointer.addr(), size, align, failure)?;
    // SAFETY: neither NULL nor misaligned, so by the caller's promise it points to a struct that starts
    // with its size, in whatever version.
    let found = unsafe { pointer.read() };
    if usize::try_from(found) == Ok(size) {
        return Ok(region);
    }
    Err(failure.sized(S::DaxsignErrAbiMismatch, argument, size, found.into()))
}

/// Room for one value of the caller's, which is apart from all other memory of the call.
pub(crate) struct Place<'c, T> {
    pointer: *mut T,
    caller: PhantomData<&'c mut T>,
}

impl<T: Plain> Place<'_, T> {
    pub(super) fn new(
        argument: &'static str,
        pointer: *mut T,
        failure: &Failure,
    ) -> Result<(Self, Region), Noted> {
        let region = Region::new(
            argument,
            pointer.addr(),
            size_of::<T>(),
            align_of::<T>(),
            failure,
        )?;
        let caller = PhantomData;
        Ok((Self { pointer, caller }, region))
    }

    pub(super) fn versioned(pointer: *mut T, failure: &Failure) -> Result<(Self, Region), Noted>
    where
        T: Versioned,
    {
        let region = check_size(pointer, failure)?;
        let caller = PhantomData;
        Ok((Self { pointer, caller }, region))
    }

    /// What lies there now.
    pub(crate) fn read(&self) -> T
    where
        T: Versioned,
    {
        // SAFETY: `versioned` found a struct of this version, and any bytes are one. It is the call's
        // alone by the caller's promise.
        unsafe { self.pointer.read() }
    }

    /// Puts a value there.
    pub(crate) fn write(&self, value: T) {
        // SAFETY: `new` checked the pointer; that there is room for a `T`, which is the call's alone, is
        // the caller's promise. What was there has nothing to drop.
        unsafe { self.pointer.write(value) }
    }
}

/// Room for some values of the caller's.
pub(crate) struct Places<'c, T> {
    pointer: *mut T,
    count: usize,
    caller: PhantomData<&'c mut T>,
}

impl<T> Places<'_, T> {
    pub(super) fn new(
        argument: &'static str,
        pointer: *mut T,
        count: usize,
        failure: &Failure,
    ) -> Result<(Self, Region), Noted> {
        let len = count.saturating_mul(size_of::<T>());
        let region = Region::new(argument, pointer.addr(), len, align_of::<T>(), failure)?;
        let places = Self {
            pointer,
            count,
            caller: PhantomData,
        };
        Ok((places, region))
    }

    /// Fills the room with as many values of another type as fit.
    pub(crate) fn fill_with<U: Copy>(self, value: U) -> Kept<U> {
        const { assert!(align_of::<U>() <= align_of::<T>() && size_of::<U>() > 0) };
        let len = self.count.saturating_mul(size_of::<T>());
        let kept: Kept<U> = Kept {
            pointer: self.pointer.cast(),
            count: len.checked_div(size_of::<U>()).unwrap_or_default(),
        };
        if kept.count > 0 {
            // SAFETY: `new` checked pointer and length; the memory is the call's alone by the
            // caller's promise. Nothing is assumed of what it holds.
            let all = unsafe {
                core::slice::from_raw_parts_mut(kept.pointer.cast::<MaybeUninit<U>>(), kept.count)
            };
            all.fill(MaybeUninit::new(value));
        }
        kept
    }
}

impl<T: Plain> Places<'_, T> {
    /// Puts a value into the place at `index`, if there is one.
    pub(crate) fn write(&self, index: usize, value: T) -> bool {
        if index >= self.count {
            return false;
        }
        // SAFETY: `new` checked pointer and length, and the place is below that; the memory is the call's
        // alone by the caller's promise. What was there has nothing to drop.
        unsafe { self.pointer.add(index).write(value) };
        true
    }
}

impl<'c> Places<'c, u8> {
    /// The bytes, to be written.
    pub(crate) fn into_bytes(self) -> &'c mut [u8] {
        if self.count == 0 {
            return &mut [];
        }
        // SAFETY: `new` checked pointer and length; the memory is the call's alone by the
        // caller's promise.
        unsafe { core::slice::from_raw_parts_mut(self.pointer, self.count) }
    }
}

/// Values that this library put into the caller's memory, to be used by later calls.
#[derive(Clone, Copy)]
pub(crate) struct Kept<T> {
    pointer: *mut T,
    count: usize,
}

impl<T> Kept<T> {
    pub(super) fn region(
        &self,
        argument: &'static str,
        failure: &Failure,
    ) -> Result<Region, Noted> {
        let len = self.count.saturating_mul(size_of::<T>());
        Region::new(argument, self.pointer.addr(), len, align_of::<T>(), failure)
    }

    pub(super) fn into_slice<'c>(self) -> &'c mut [T] {
        if self.count == 0 {
            return &mut [];
        }
        // SAFETY: `Places::fill_with` wrote the values; that they stay as they are and are this call's
        // alone is the promise of the caller, who has the storage that this was read from.
        unsafe { core::slice::from_raw_parts_mut(self.pointer, self.count) }
    }
}

/// For a length that is no size.
pub(super) fn too_small(
    argument: &'static str,
    needed: usize,
    size: usize,
    failure: &Failure,
) -> Noted {
    failure.sized(S::DaxsignErrTooSmall, argument, needed, to_u64(size))
}
