//! Caller's storage: a value of the library in memory that the caller declares, with a mark that
//! tells whether it was initialised.

use core::marker::PhantomData;
use core::mem::{MaybeUninit, offset_of};

use daxsign_core::Error;
use zeroize::Zeroize;

use crate::call_error::{CallError, Noted};
use crate::failure::Failure;
use crate::status::DaxsignStatus;

use super::place::too_small;
use super::region::Region;

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
pub(crate) unsafe trait Storage: Sized + 'static {
    type Value: 'static;
    /// What the argument is called.
    const NAME: &'static str;
    /// Tells an initialised storage of this type from one of another type, from one of a build with
    /// values of another size, and from noise.
    const MARK: u64;
    /// The mark while a value is being loaded: it cannot be used yet, but must be wiped.
    const LOADING: u64 = !Self::MARK;
}

/// The start of a storage as a slot, where more than a mark is not known to be there.
fn place<S: Storage>(
    storage: *const S,
    failure: &Failure,
) -> Result<(*mut Slot<S::Value>, Region), Noted> {
    const { assert!(offset_of!(Slot<u8>, mark) == 0) };
    let slot = storage.cast_mut().cast::<Slot<S::Value>>();
    let align = align_of::<Slot<S::Value>>();
    let region = Region::new(S::NAME, slot.addr(), size_of::<u64>(), align, failure)?;
    Ok((slot, region))
}

/// The mark in a storage, and the memory of the value, or of the mark where no value is.
fn look<S: Storage>(
    storage: *const S,
    failure: &Failure,
) -> Result<(*mut Slot<S::Value>, u64, Region), Noted> {
    let (slot, mut region) = place(storage, failure)?;
    // SAFETY: `place` checked the pointer; that at least a mark is there is the caller's promise.
    let mark = unsafe { slot.cast::<u64>().read() };
    if mark == S::MARK {
        region = whole::<S>(slot, failure)?;
    }
    Ok((slot, mark, region))
}

/// The memory of a slot.
fn whole<S: Storage>(slot: *mut Slot<S::Value>, failure: &Failure) -> Result<Region, Noted> {
    let (len, align) = (size_of::<Slot<S::Value>>(), align_of::<Slot<S::Value>>());
    Region::new(S::NAME, slot.addr(), len, align, failure)
}

fn not_initialised<S: Storage>(failure: &Failure) -> Noted {
    failure.call(DaxsignStatus::DaxsignErrNotInitialised, S::NAME)
}

/// Storage that is only read.
pub(crate) struct Stored<'c, 'f, S: Storage> {
    slot: *const Slot<S::Value>,
    mark: u64,
    failure: &'f Failure,
    caller: PhantomData<&'c S>,
}

impl<'c, 'f, S: Storage> Stored<'c, 'f, S> {
    pub(super) fn new(storage: *const S, failure: &'f Failure) -> Result<(Self, Region), Noted> {
        let (slot, mark, region) = look(storage, failure)?;
        let stored = Self {
            slot,
            mark,
            failure,
            caller: PhantomData,
        };
        Ok((stored, region))
    }

    /// The value, if one was put there.
    pub(crate) fn get(&self) -> Result<&'c S::Value, Noted> {
        if self.mark != S::MARK {
            return Err(not_initialised::<S>(self.failure));
        }
        // SAFETY: this mark is written together with a value only; that nobody writes either during the
        // call is the caller's promise.
        Ok(unsafe { &(*self.slot).value })
    }
}

/// Storage that a call has for itself, with a value or without.
pub(crate) struct Held<'c, 'f, S: Storage> {
    slot: *mut Slot<S::Value>,
    mark: u64,
    failure: &'f Failure,
    caller: PhantomData<&'c mut S>,
}

impl<'c, 'f, S: Storage> Held<'c, 'f, S> {
    pub(super) fn new(storage: *mut S, failure: &'f Failure) -> Result<(Self, Region), Noted> {
        let (slot, mark, region) = look(storage, failure)?;
        let stored = Self {
            slot,
            mark,
            failure,
            caller: PhantomData,
        };
        Ok((stored, region))
    }

    /// The value, if one was put there.
    pub(crate) fn get_mut(&mut self) -> Result<&mut S::Value, Noted> {
        if self.mark != S::MARK {
            return Err(not_initialised::<S>(self.failure));
        }
        // SAFETY: this mark is written together with a value only; the storage is the call's alone by the
        // caller's promise.
        Ok(unsafe { &mut (*self.slot).value })
    }

    /// The same for the rest of the call.
    pub(crate) fn into_mut(mut self) -> Result<&'c mut S::Value, Noted> {
        self.get_mut()?;
        // SAFETY: as in `get_mut`; `self` is gone.
        Ok(unsafe { &mut (*self.slot).value })
    }

    /// Overwrites the value with zeros, or what was loaded of one. Where neither is, nothing is
    /// written: the storage may be smaller than a value, as that of a refused `load` may.
    pub(crate) fn wipe(self) {
        if self.mark == S::MARK || self.mark == S::LOADING {
            // SAFETY: such a mark is written only where a whole slot was found to be; it is the call's
            // alone by the caller's promise.
            unsafe { erase(self.slot) };
        }
    }

    /// Takes the value out and wipes the storage.
    pub(crate) fn take(mut self) -> Result<S::Value, Noted>
    where
        S::Value: Clone,
    {
        let value = self.get_mut()?.clone();
        self.wipe();
        Ok(value)
    }
}

/// A value that is empty where all its bytes are zero.
///
/// # Safety
/// Zeros are a valid value, as its documentation says.
pub(crate) unsafe trait ZeroIsEmpty {}

// SAFETY: `PrivateKey::empty`, which is such a value, promises that all its bytes are zero.
unsafe impl ZeroIsEmpty for daxsign_core::PrivateKey {}
// SAFETY: `PublicKey::empty`, which is such a value, promises that all its bytes are zero.
unsafe impl ZeroIsEmpty for daxsign_core::PublicKey {}

/// Storage that is large enough for its value: what may be written in full.
pub(crate) struct Room<'c, 'f, S: Storage> {
    slot: *mut Slot<S::Value>,
    failure: &'f Failure,
    caller: PhantomData<&'c mut S>,
}

impl<'f, S: Storage> Room<'_, 'f, S> {
    /// The room in `size` bytes of the caller. Nothing is read or written.
    pub(super) fn new(
        storage: *mut S,
        size: usize,
        failure: &'f Failure,
    ) -> Result<(Self, Region), Noted> {
        let (slot, _) = place(storage, failure)?;
        let needed = size_of::<Slot<S::Value>>();
        if size < needed {
            return Err(too_small(S::NAME, needed, size, failure));
        }
        let region = whole::<S>(slot, failure)?;
        let room = Self {
            slot,
            failure,
            caller: PhantomData,
        };
        Ok((room, region))
    }

    /// As [`make`](Self::make), with what the core does.
    pub(crate) fn load(
        self,
        fill: impl FnOnce(&mut S::Value) -> Result<(), Error>,
    ) -> Result<(), CallError>
    where
        S::Value: ZeroIsEmpty,
    {
        let failure = self.failure;
        self.complete(|value| failure.of_core(fill(value)))
    }

    /// Zeroes the storage and lets `fill` complete the value in place, so that no copy is made
    /// anywhere. After a failure the storage is wiped.
    pub(crate) fn make(
        self,
        fill: impl FnOnce(&mut S::Value) -> Result<(), CallError>,
    ) -> Result<(), CallError>
    where
        S::Value: ZeroIsEmpty,
    {
        self.complete(fill)
    }

    fn complete<E: Into<CallError>>(
        self,
        fill: impl FnOnce(&mut S::Value) -> Result<(), E>,
    ) -> Result<(), CallError>
    where
        S::Value: ZeroIsEmpty,
    {
        // SAFETY: `new` found the slot aligned and large enough; that it has the size told and is the
        // call's alone is the caller's promise.
        unsafe { erase(self.slot) };
        // SAFETY: the same, and zeros are an empty value.
        let slot = unsafe { &mut *self.slot };
        slot.mark = S::LOADING;
        let result = fill(&mut slot.value);
        match result {
            Ok(()) => slot.mark = S::MARK,
            // SAFETY: as above; `slot` is not used any more.
            Err(_) => unsafe { erase(self.slot) },
        }
        result.map_err(E::into)
    }

    /// Puts what `make` returns into the storage. After a failure the storage is wiped.
    pub(crate) fn start(
        self,
        make: impl FnOnce() -> Result<S::Value, CallError>,
    ) -> Result<(), CallError> {
        match make() {
            Ok(value) => {
                let mark = S::MARK;
                // SAFETY: `new` found the slot aligned and large enough; that it is the call's alone is
                // the caller's promise. What was there has nothing to drop.
                unsafe { self.slot.write(Slot { mark, value }) };
                Ok(())
            }
            Err(failure) => {
                // SAFETY: `new` found the slot aligned and large enough; that it is the call's alone is
                // the caller's promise.
                unsafe { erase(self.slot) };
                Err(failure)
            }
        }
    }
}

/// Overwrites a slot with zeros.
///
/// # Safety
/// `slot` is aligned, and the whole of it is there and the call's alone.
unsafe fn erase<T>(slot: *mut Slot<T>) {
    let bytes = slot.cast::<MaybeUninit<u8>>();
    // SAFETY: what this function asks for. The values have nothing to drop but what is overwritten here.
    let bytes = unsafe { core::slice::from_raw_parts_mut(bytes, size_of::<Slot<T>>()) };
    bytes.zeroize();
}

/// Makes a union a storage type, with the proof that the value fits. The union itself is written
/// out where it belongs: what makes the header does not look into macros.
macro_rules! storage {
    ($name:ident($argument:literal, $mark:literal): $value:ty) => {
        const _: () = {
            assert!(size_of::<crate::memory::storage::Slot<$value>>() <= size_of::<$name>());
            assert!(align_of::<crate::memory::storage::Slot<$value>>() <= align_of::<$name>());
        };

        // SAFETY: a union of at least the size and alignment, proved above.
        unsafe impl crate::memory::storage::Storage for $name {
            type Value = $value;
            const NAME: &'static str = $argument;
            const MARK: u64 = crate::memory::storage::mark_of::<$value>(*$mark);
        }
    };
}
pub(crate) use storage;
