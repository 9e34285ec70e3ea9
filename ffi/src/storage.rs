//! Caller's storage: a value of the library in memory that the caller declares, with a mark that
//! tells whether it was initialised.

use core::mem::{MaybeUninit, offset_of};

use zeroize::Zeroize;

use crate::failure::Failure;
use crate::memory::{Region, check, to_u64};
use crate::status::DaxsignStatus;

/// The alignment of every storage type, in bytes.
pub const DAXSIGN_STORAGE_ALIGN: usize = 8;

/// What lies in the storage.
#[repr(C)]
pub(crate) struct Slot<T> {
    /// [`Storage::MARK`] once the value is there.
    mark: u64,
    value: T,
}

/// The storage type that a caller declares, for a value of the library.
///
/// # Safety
/// Implementors are unions of at least the size and alignment of `Slot<Self::Value>`; see
/// [`storage!`].
pub(crate) unsafe trait Storage: Sized {
    type Value;
    /// What the argument is called.
    const NAME: &'static str;
    /// Tells an initialised storage of this type from one of another type and from noise.
    const MARK: u64;

    /// The memory in use.
    fn region(storage: *const Self) -> Result<Region, Failure> {
        Region::new(Self::NAME, storage, size_of::<Slot<Self::Value>>())
    }

    /// The value.
    ///
    /// # Safety
    /// `storage` is NULL, misaligned, or points to a readable `Self` that nobody writes during `'a`.
    unsafe fn get<'a>(storage: *const Self) -> Result<&'a Self::Value, Failure> {
        // SAFETY: the caller's contract.
        let slot = unsafe { initialised::<Self>(storage.cast_mut()) }?;
        // SAFETY: aligned and initialised; nobody writes it.
        Ok(unsafe { &(*slot).value })
    }

    /// The value, exclusively.
    ///
    /// # Safety
    /// `storage` is NULL, misaligned, or points to a `Self` that is the caller's exclusively.
    unsafe fn get_mut<'a>(storage: *mut Self) -> Result<&'a mut Self::Value, Failure> {
        // SAFETY: the caller's contract.
        let slot = unsafe { initialised::<Self>(storage) }?;
        // SAFETY: aligned and initialised; nobody else has it.
        Ok(unsafe { &mut (*slot).value })
    }

    /// Zeroes the storage and lets `fill` complete the value in place, so that no copy is made
    /// anywhere. After a failure the storage is wiped.
    ///
    /// # Safety
    /// `storage` is NULL, misaligned, or points to `size` bytes that are the caller's exclusively.
    unsafe fn load(
        storage: *mut Self,
        size: usize,
        fill: impl FnOnce(&mut Self::Value) -> Result<(), Failure>,
    ) -> Result<(), Failure>
    where
        Self::Value: ZeroIsEmpty,
    {
        let slot = room::<Self>(storage, size)?;
        // SAFETY: the caller's contract.
        unsafe { Self::wipe(storage) }?;
        // SAFETY: aligned and large enough; zeros are an empty value.
        let slot = unsafe { &mut *slot };
        match fill(&mut slot.value) {
            Ok(()) => {
                slot.mark = Self::MARK;
                Ok(())
            }
            Err(failure) => {
                // SAFETY: as above; the reference is not used afterwards.
                unsafe { Self::wipe(storage) }?;
                Err(failure)
            }
        }
    }

    /// Puts what `make` gives into the storage. After a failure the storage is wiped.
    ///
    /// # Safety
    /// As [`load`](Self::load).
    unsafe fn start(
        storage: *mut Self,
        size: usize,
        make: impl FnOnce() -> Result<Self::Value, Failure>,
    ) -> Result<(), Failure> {
        let slot = room::<Self>(storage, size)?;
        match make() {
            Ok(value) => {
                let mark = Self::MARK;
                // SAFETY: aligned and large enough; what was there has nothing to drop.
                unsafe { slot.write(Slot { mark, value }) };
                Ok(())
            }
            Err(failure) => {
                // SAFETY: the same.
                unsafe { Self::wipe(storage) }?;
                Err(failure)
            }
        }
    }

    /// Overwrites the storage with zeros, whatever it holds.
    ///
    /// # Safety
    /// `storage` is NULL, misaligned, or points to a `Self` that is the caller's exclusively.
    unsafe fn wipe(storage: *mut Self) -> Result<(), Failure> {
        let slot = place::<Self>(storage)?;
        let bytes = slot.cast::<MaybeUninit<u8>>();
        // SAFETY: so many bytes are there and the caller's. The values have nothing to drop but
        // what is overwritten here.
        let bytes =
            unsafe { core::slice::from_raw_parts_mut(bytes, size_of::<Slot<Self::Value>>()) };
        bytes.zeroize();
        Ok(())
    }

    /// Takes the value out and wipes the storage.
    ///
    /// # Safety
    /// As [`get_mut`](Self::get_mut).
    unsafe fn take(storage: *mut Self) -> Result<Self::Value, Failure>
    where
        Self::Value: Clone,
    {
        // SAFETY: the caller's contract.
        let value = unsafe { Self::get_mut(storage) }?.clone();
        // SAFETY: the same.
        unsafe { Self::wipe(storage) }?;
        Ok(value)
    }
}

/// A value that is empty where all its bytes are zero.
///
/// # Safety
/// Zeros are a valid value, as its documentation says.
pub(crate) unsafe trait ZeroIsEmpty {}

// SAFETY: see `PrivateKey::empty`.
unsafe impl ZeroIsEmpty for daxsign_core::PrivateKey {}
// SAFETY: see `PublicKey::empty`.
unsafe impl ZeroIsEmpty for daxsign_core::PublicKey {}

/// The slot in a storage that has the right alignment.
fn place<S: Storage>(storage: *mut S) -> Result<*mut Slot<S::Value>, Failure> {
    let slot = storage.cast::<Slot<S::Value>>();
    check(S::NAME, slot)?;
    Ok(slot)
}

/// The slot in a storage that is aligned and large enough.
fn room<S: Storage>(storage: *mut S, size: usize) -> Result<*mut Slot<S::Value>, Failure> {
    let slot = place(storage)?;
    let needed = size_of::<Slot<S::Value>>();
    if size < needed {
        return Err(Failure::sized(
            DaxsignStatus::DaxsignErrTooSmall,
            S::NAME,
            needed,
            to_u64(size),
        ));
    }
    Ok(slot)
}

/// The slot in a storage that was initialised.
///
/// # Safety
/// `storage` is NULL, misaligned, or points to a readable `S`.
unsafe fn initialised<S: Storage>(storage: *mut S) -> Result<*mut Slot<S::Value>, Failure> {
    let slot = place::<S>(storage)?;
    const { assert!(offset_of!(Slot<u8>, mark) == 0) };
    // SAFETY: aligned and readable.
    if unsafe { slot.cast::<u64>().read() } != S::MARK {
        return Err(Failure::call(
            DaxsignStatus::DaxsignErrNotInitialised,
            S::NAME,
        ));
    }
    Ok(slot)
}

/// Makes a union a storage type, with the proof that the value fits. The union itself is written
/// out where it belongs: what makes the header does not look into macros.
macro_rules! storage {
    ($name:ident($argument:literal, $mark:literal): $value:ty) => {
        const _: () = {
            assert!(size_of::<crate::storage::Slot<$value>>() <= size_of::<$name>());
            assert!(align_of::<crate::storage::Slot<$value>>() <= align_of::<$name>());
        };

        // SAFETY: a union of at least the size and alignment, proved above.
        unsafe impl crate::storage::Storage for $name {
            type Value = $value;
            const NAME: &'static str = $argument;
            const MARK: u64 = u64::from_be_bytes(*$mark);
        }
    };
}
pub(crate) use storage;
