//! What a call writes: named before anything is read, and kept apart from each other.

use core::ffi::c_char;
use core::marker::PhantomData;

use crate::call_error::CallError;

use super::buffer::Buffer;
use super::caller::Caller;
use super::inputs::Inputs;
use super::place::{Kept, Place, Places};
use super::plain::{Plain, Versioned};
use super::region::Region;
use super::storage::{Held, Room, Storage};
use super::written::Written;

/// The outputs of a call. Each is checked here and handed out as what it will be written through.
pub(crate) struct Outputs<'c> {
    written: Written,
    caller: PhantomData<&'c ()>,
}

impl<'c> Outputs<'c> {
    /// The outputs of a call with this detail, which may be NULL.
    pub(crate) fn new<D: Versioned>(
        _: Caller<'c>,
        detail: *mut D,
    ) -> Result<(Self, Option<Place<'c, D>>), CallError> {
        let (detail, region) = if detail.is_null() {
            (None, Region::NONE)
        } else {
            let (detail, region) = Place::versioned(detail)?;
            (Some(detail), region)
        };
        let outputs = Self {
            written: Written::new(region),
            caller: PhantomData,
        };
        Ok((outputs, detail))
    }

    /// All outputs are named: now the inputs.
    pub(crate) const fn inputs(self) -> Inputs<'c> {
        Inputs::new(self.written)
    }

    /// A buffer for text, its capacity and where its length goes.
    pub(crate) fn text(
        &mut self,
        data: *mut c_char,
        capacity: usize,
        len: *mut usize,
    ) -> Result<Buffer<'c>, CallError> {
        self.buffer(data.cast(), capacity, len, true)
    }

    /// A buffer for bytes, its capacity and where its length goes.
    pub(crate) fn bytes(
        &mut self,
        data: *mut u8,
        capacity: usize,
        len: *mut usize,
    ) -> Result<Buffer<'c>, CallError> {
        self.buffer(data, capacity, len, false)
    }

    fn buffer(
        &mut self,
        data: *mut u8,
        capacity: usize,
        len: *mut usize,
        is_text: bool,
    ) -> Result<Buffer<'c>, CallError> {
        let data = self.places("out", data, capacity)?;
        let len = self.place("out_len", len)?;
        Ok(Buffer::new(data, len, is_text))
    }

    /// Room for one value.
    pub(crate) fn place<T: Plain>(
        &mut self,
        argument: &'static str,
        pointer: *mut T,
    ) -> Result<Place<'c, T>, CallError> {
        let (place, region) = Place::new(argument, pointer)?;
        self.written.add(argument, region)?;
        Ok(place)
    }

    /// Room for a struct with its size.
    pub(crate) fn versioned<T: Versioned>(
        &mut self,
        pointer: *mut T,
    ) -> Result<Place<'c, T>, CallError> {
        let (place, region) = Place::versioned(pointer)?;
        self.written.add(T::NAME, region)?;
        Ok(place)
    }

    /// The same where NULL means that it is not wanted.
    pub(crate) fn optional<T: Versioned>(
        &mut self,
        pointer: *mut T,
    ) -> Result<Option<Place<'c, T>>, CallError> {
        if pointer.is_null() {
            return Ok(None);
        }
        self.versioned(pointer).map(Some)
    }

    /// Room for `count` values.
    pub(crate) fn places<T>(
        &mut self,
        argument: &'static str,
        pointer: *mut T,
        count: usize,
    ) -> Result<Places<'c, T>, CallError> {
        let (places, region) = Places::new(argument, pointer, count)?;
        self.written.add(argument, region)?;
        Ok(places)
    }

    /// Values that an earlier call put there.
    pub(crate) fn kept<T>(
        &mut self,
        argument: &'static str,
        kept: Kept<T>,
    ) -> Result<&'c mut [T], CallError> {
        let region = kept.region(argument)?;
        self.written.add(argument, region)?;
        Ok(kept.into_slice())
    }

    /// Storage that will hold a value, in `size` bytes.
    pub(crate) fn room<T: Storage>(
        &mut self,
        storage: *mut T,
        size: usize,
    ) -> Result<Room<'c, T>, CallError> {
        let (room, region) = Room::new(storage, size)?;
        self.written.add(T::NAME, region)?;
        Ok(room)
    }

    /// Storage that may hold a value.
    pub(crate) fn held<T: Storage>(&mut self, storage: *mut T) -> Result<Held<'c, T>, CallError> {
        let (held, region) = Held::new(storage)?;
        self.written.add(T::NAME, region)?;
        Ok(held)
    }
}
