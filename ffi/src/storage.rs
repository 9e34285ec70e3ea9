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

/// The size of a value with its mark, in bytes.
const fn size_of_slot<T>() -> u64 {
    assert!(size_of::<Slot<T>>() < 1 << 16);
    let [low, high, ..] = size_of::<Slot<T>>().to_le_bytes();
    u64::from_le_bytes([low, high, 0, 0, 0, 0, 0, 0])
}

/// The mark of a value: its name, with its size in the two bytes that all names share.
pub(crate) const fn mark_of<T>(name: [u8; 8]) -> u64 {
    u64::from_be_bytes(name) ^ (size_of_slot::<T>() << 48)
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
    /// Tells an initialised storage of this type from one of another type, from one of a build with
    /// values of another size, and from noise.
    const MARK: u64;
    /// The mark while a value is being loaded: it cannot be used yet, but must be wiped.
    const LOADING: u64 = !Self::MARK;

    /// The memory of the value, or of the mark where no value is: then more is not known to be there.
    ///
    /// # Safety
    /// `storage` is NULL, misaligned, or points to a readable `Self`.
    unsafe fn region(storage: *const Self) -> Result<Region, Failure> {
        let slot = place::<Self>(storage.cast_mut())?;
        // SAFETY: aligned and readable, the caller's contract.
        let len = if unsafe { mark(slot) } == Self::MARK {
            size_of::<Slot<Self::Value>>()
        } else {
            size_of::<u64>()
        };
        Region::new(Self::NAME, slot, len)
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

    /// Overwrites the value with zeros, or what was loaded of one. Where neither is, nothing is
    /// written: the storage may be smaller than a value, as that of a refused `load` may.
    ///
    /// # Safety
    /// `storage` is NULL, misaligned, or points to a `Self` that is the caller's exclusively.
    unsafe fn wipe(storage: *mut Self) -> Result<(), Failure> {
        let slot = place::<Self>(storage)?;
        // SAFETY: aligned and readable, the caller's contract.
        let mark = unsafe { mark(slot) };
        if mark == Self::MARK || mark == Self::LOADING {
            // SAFETY: a mark is written only where a whole slot was found to be.
            unsafe { erase(slot) };
        }
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

/// Storage that is large enough for its value: what may be written in full.
pub(crate) struct Room<S: Storage> {
    slot: *mut Slot<S::Value>,
}

impl<S: Storage> Room<S> {
    /// The room in `size` bytes of the caller. Nothing is read or written.
    pub(crate) fn new(storage: *mut S, size: usize) -> Result<Self, Failure> {
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
        Ok(Self { slot })
    }

    /// The memory that will be written.
    pub(crate) fn region(&self) -> Result<Region, Failure> {
        Region::array(S::NAME, self.slot, 1)
    }

    /// Zeroes the storage and lets `fill` complete the value in place, so that no copy is made
    /// anywhere. After a failure the storage is wiped.
    ///
    /// # Safety
    /// The storage has the size told, and is the caller's exclusively.
    pub(crate) unsafe fn load(
        self,
        fill: impl FnOnce(&mut S::Value) -> Result<(), Failure>,
    ) -> Result<(), Failure>
    where
        S::Value: ZeroIsEmpty,
    {
        // SAFETY: aligned and large enough; the caller's contract.
        unsafe { erase(self.slot) };
        // SAFETY: the same; zeros are an empty value.
        let slot = unsafe { &mut *self.slot };
        slot.mark = S::LOADING;
        let result = fill(&mut slot.value);
        match result {
            Ok(()) => slot.mark = S::MARK,
            // SAFETY: as above; the reference is not used afterwards.
            Err(_) => unsafe { erase(self.slot) },
        }
        result
    }

    /// Puts what `make` gives into the storage. After a failure the storage is wiped.
    ///
    /// # Safety
    /// As [`load`](Self::load).
    pub(crate) unsafe fn start(
        self,
        make: impl FnOnce() -> Result<S::Value, Failure>,
    ) -> Result<(), Failure> {
        match make() {
            Ok(value) => {
                let mark = S::MARK;
                // SAFETY: aligned and large enough; what was there has nothing to drop.
                unsafe { self.slot.write(Slot { mark, value }) };
                Ok(())
            }
            Err(failure) => {
                // SAFETY: the same.
                unsafe { erase(self.slot) };
                Err(failure)
            }
        }
    }
}

/// The slot in a storage that has the right alignment.
fn place<S: Storage>(storage: *mut S) -> Result<*mut Slot<S::Value>, Failure> {
    let slot = storage.cast::<Slot<S::Value>>();
    check(S::NAME, slot)?;
    Ok(slot)
}

/// The mark in a storage.
///
/// # Safety
/// `slot` is aligned, and as many bytes as a mark has are there to be read.
unsafe fn mark<T>(slot: *const Slot<T>) -> u64 {
    const { assert!(offset_of!(Slot<u8>, mark) == 0) };
    // SAFETY: the caller's contract.
    unsafe { slot.cast::<u64>().read() }
}

/// Overwrites a slot with zeros.
///
/// # Safety
/// `slot` is aligned, and the whole of it is there and the caller's exclusively.
unsafe fn erase<T>(slot: *mut Slot<T>) {
    let bytes = slot.cast::<MaybeUninit<u8>>();
    // SAFETY: the caller's contract. The values have nothing to drop but what is overwritten here.
    let bytes = unsafe { core::slice::from_raw_parts_mut(bytes, size_of::<Slot<T>>()) };
    bytes.zeroize();
}

/// The slot in a storage that was initialised.
///
/// # Safety
/// `storage` is NULL, misaligned, or points to a readable `S`.
unsafe fn initialised<S: Storage>(storage: *mut S) -> Result<*mut Slot<S::Value>, Failure> {
    let slot = place::<S>(storage)?;
    // SAFETY: aligned and readable.
    if unsafe { mark(slot) } != S::MARK {
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
            const MARK: u64 = crate::storage::mark_of::<$value>(*$mark);
        }
    };
}
pub(crate) use storage;
