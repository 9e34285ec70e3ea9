//! What a call writes: named before anything is read, and kept apart from each other.

use core::ffi::c_char;
use core::marker::PhantomData;

use crate::call_error::Noted;
use crate::failure::Failure;

use super::buffer::Buffer;
use super::caller::Caller;
use super::inputs::Inputs;
use super::place::{Kept, Place, Places};
use super::plain::{Plain, Versioned};
use super::storage::{Held, Room, Storage};
use super::written::Written;

/// The outputs of a call. Each is checked here and handed out as what it will be written through.
pub(crate) struct Outputs<'c, 'f> {
    written: Written,
    failure: &'f Failure,
    caller: PhantomData<&'c ()>,
}

impl<'c, 'f> Outputs<'c, 'f> {
    /// The outputs of a call, none of which is named.
    pub(crate) const fn new(_: Caller<'c>, failure: &'f Failure) -> Self {
        Self {
            written: Written::NONE,
            failure,
            caller: PhantomData,
        }
    }

    /// The detail, which comes first, or NULL.
    pub(crate) fn detail<D: Versioned>(
        &mut self,
        detail: *mut D,
    ) -> Result<Option<Place<'c, D>>, Noted> {
        if detail.is_null() {
            return Ok(None);
        }
        let (place, region) = Place::versioned(detail, self.failure)?;
        self.written.add_detail(region);
        Ok(Some(place))
    }

    /// All outputs are named: now the inputs.
    pub(crate) const fn inputs(&self) -> Inputs<'c, '_> {
        Inputs::new(&self.written, self.failure)
    }

    /// A buffer for text, its capacity and where its length goes.
    pub(crate) fn text(
        &mut self,
        data: *mut c_char,
        capacity: usize,
        len: *mut usize,
    ) -> Result<Buffer<'c, 'f>, Noted> {
        self.buffer(data.cast(), capacity, len, true)
    }

    /// A buffer for bytes, its capacity and where its length goes.
    pub(crate) fn bytes(
        &mut self,
        data: *mut u8,
        capacity: usize,
        len: *mut usize,
    ) -> Result<Buffer<'c, 'f>, Noted> {
        self.buffer(data, capacity, len, false)
    }

    fn buffer(
        &mut self,
        data: *mut u8,
        capacity: usize,
        len: *mut usize,
        is_text: bool,
    ) -> Result<Buffer<'c, 'f>, Noted> {
        let data = self.places("out", data, capacity)?;
        let len = self.place("out_len", len)?;
        Ok(Buffer::new(data, len, is_text, self.failure))
    }

    /// Room for one value.
    pub(crate) fn place<T: Plain>(
        &mut self,
        argument: &'static str,
        pointer: *mut T,
    ) -> Result<Place<'c, T>, Noted> {
        let (place, region) = Place::new(argument, pointer, self.failure)?;
        self.written.add(argument, region, self.failure)?;
        Ok(place)
    }

    /// Room for a struct with its size.
    pub(crate) fn versioned<T: Versioned>(
        &mut self,
        pointer: *mut T,
    ) -> Result<Place<'c, T>, Noted> {
        let (place, region) = Place::versioned(pointer, self.failure)?;
        self.written.add(T::NAME, region, self.failure)?;
        Ok(place)
    }

    /// The same where NULL means that it is not wanted.
    pub(crate) fn optional<T: Versioned>(
        &mut self,
        pointer: *mut T,
    ) -> Result<Option<Place<'c, T>>, Noted> {
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
    ) -> Result<Places<'c, T>, Noted> {
        let (places, region) = Places::new(argument, pointer, count, self.failure)?;
        self.written.add(argument, region, self.failure)?;
        Ok(places)
    }

    /// Values that an earlier call put there.
    pub(crate) fn kept<T>(
        &mut self,
        argument: &'static str,
        kept: Kept<T>,
    ) -> Result<&'c mut [T], Noted> {
        let region = kept.region(argument, self.failure)?;
        self.written.add(argument, region, self.failure)?;
        Ok(kept.into_slice())
    }

    /// Storage that will hold a value, in `size` bytes.
    pub(crate) fn room<T: Storage>(
        &mut self,
        storage: *mut T,
        size: usize,
    ) -> Result<Room<'c, 'f, T>, Noted> {
        let (room, region) = Room::new(storage, size, self.failure)?;
        self.written.add(T::NAME, region, self.failure)?;
        Ok(room)
    }

    /// Storage that may hold a value.
    pub(crate) fn held<T: Storage>(&mut self, storage: *mut T) -> Result<Held<'c, 'f, T>, Noted> {
        let (held, region) = Held::new(storage, self.failure)?;
        self.written.add(T::NAME, region, self.failure)?;
        Ok(held)
    }
}
