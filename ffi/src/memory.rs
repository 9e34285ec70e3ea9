//! From raw pointers to checked references: the one place that follows a caller's pointer.
//!
//! What can be checked is checked: NULL, alignment, lengths, struct sizes, overlap. What cannot is
//! the caller's contract, told in the header: that a pointer points to as many bytes as said, which
//! nobody else writes during the call.

use core::ffi::{c_char, c_void};

use zeroize::Zeroize;

use crate::failure::Failure;
use crate::status::DaxsignStatus as S;

/// The longest length of an object in memory.
const MAX_LENGTH: usize = usize::MAX >> 1;

/// A piece of caller's memory, to be compared with others.
#[derive(Clone, Copy)]
pub(crate) struct Region {
    argument: &'static str,
    start: usize,
    /// The first address behind it.
    end: usize,
}

impl Region {
    /// `len` bytes at `pointer`, checked.
    pub(crate) fn new<T>(
        argument: &'static str,
        pointer: *const T,
        len: usize,
    ) -> Result<Self, Failure> {
        let start = pointer.addr();
        let end = start.checked_add(len);
        match end {
            Some(end) if len <= MAX_LENGTH => {
                if pointer.is_null() && len > 0 {
                    return Err(Failure::call(S::DaxsignErrNullPointer, argument));
                }
                Ok(Self {
                    argument,
                    start,
                    end,
                })
            }
            _ => Err(Failure::sized(
                S::DaxsignErrInvalidLength,
                argument,
                MAX_LENGTH,
                to_u64(len),
            )),
        }
    }

    /// `count` objects at `pointer`.
    pub(crate) fn array<T>(
        argument: &'static str,
        pointer: *const T,
        count: usize,
    ) -> Result<Self, Failure> {
        let len = count.saturating_mul(size_of::<T>());
        let region = Self::new(argument, pointer, len)?;
        if count > 0 && !pointer.is_aligned() {
            return Err(misaligned::<T>(argument));
        }
        Ok(region)
    }

    fn overlaps(&self, other: &Self) -> bool {
        let empty = self.start == self.end || other.start == other.end;
        !empty && self.start < other.end && other.start < self.end
    }
}

/// Refuses outputs that overlap each other or an input, before anything is written. Where the
/// detail is one of the two, it is the one that is named: it is not written then either.
pub(crate) fn keep_apart(
    outputs: &[Option<Region>],
    inputs: &[&dyn Memory],
) -> Result<(), Failure> {
    for (index, output) in outputs.iter().enumerate() {
        let Some(output) = output else { continue };
        let later = outputs.get(index.saturating_add(1)..).unwrap_or_default();
        let mut all = inputs.iter().map(|input| input.overlap(output));
        let mut others = later.iter().map(|other| other.overlap(output));
        if let Some(argument) = all
            .find_map(|found| found)
            .or(others.find_map(|found| found))
        {
            let argument = if output.argument == DETAIL {
                DETAIL
            } else {
                argument
            };
            return Err(Failure::call(S::DaxsignErrOverlap, argument));
        }
    }
    Ok(())
}

/// What the detail is called.
pub(crate) const DETAIL: &str = "detail";

/// What a call reads or writes, to be kept apart from its outputs.
pub(crate) trait Memory {
    /// The argument that overlaps `output`.
    fn overlap(&self, output: &Region) -> Option<&'static str>;
}

impl Memory for Region {
    fn overlap(&self, output: &Region) -> Option<&'static str> {
        self.overlaps(output).then_some(self.argument)
    }
}

impl<M: Memory> Memory for Option<M> {
    fn overlap(&self, output: &Region) -> Option<&'static str> {
        self.as_ref()?.overlap(output)
    }
}

impl<M: Memory> Memory for [M] {
    fn overlap(&self, output: &Region) -> Option<&'static str> {
        self.iter().find_map(|each| each.overlap(output))
    }
}

impl<M: Memory, const N: usize> Memory for [M; N] {
    fn overlap(&self, output: &Region) -> Option<&'static str> {
        self.as_slice().overlap(output)
    }
}

fn misaligned<T>(argument: &'static str) -> Failure {
    Failure::sized(S::DaxsignErrMisaligned, argument, align_of::<T>(), 0)
}

/// A length as a number of the detail.
pub(crate) fn to_u64(len: usize) -> u64 {
    u64::try_from(len).unwrap_or(u64::MAX)
}

/// Checks a pointer that must point to one `T`, before anything of it is read.
pub(crate) fn check<T>(argument: &'static str, pointer: *const T) -> Result<(), Failure> {
    if pointer.is_null() {
        return Err(Failure::call(S::DaxsignErrNullPointer, argument));
    }
    if !pointer.is_aligned() {
        return Err(misaligned::<T>(argument));
    }
    Ok(())
}

/// The bytes at `data`; none for a length of 0, whatever the pointer.
///
/// # Safety
/// `data` points to `len` bytes that nobody writes during `'a`.
pub(crate) unsafe fn bytes<'a>(
    argument: &'static str,
    data: *const c_void,
    len: usize,
) -> Result<&'a [u8], Failure> {
    Region::new(argument, data, len)?;
    if len == 0 {
        return Ok(&[]);
    }
    // SAFETY: not NULL, of a possible length, and of bytes, which need no alignment; the rest is
    // the caller's contract.
    Ok(unsafe { core::slice::from_raw_parts(data.cast::<u8>(), len) })
}

/// `count` objects of the caller.
///
/// # Safety
/// `pointer` follows the header's rules.
pub(crate) unsafe fn array<'a, T>(
    argument: &'static str,
    pointer: *const T,
    count: usize,
) -> Result<&'a [T], Failure> {
    Region::array(argument, pointer, count)?;
    if count == 0 {
        return Ok(&[]);
    }
    // SAFETY: not NULL, aligned, of a possible length; the rest is the caller's contract.
    Ok(unsafe { core::slice::from_raw_parts(pointer, count) })
}

/// A shared struct.
///
/// # Safety
/// `pointer` is NULL, misaligned, or points to a `T` that nobody writes during `'a`.
pub(crate) unsafe fn shared<'a, T>(
    argument: &'static str,
    pointer: *const T,
) -> Result<&'a T, Failure> {
    check(argument, pointer)?;
    // SAFETY: checked above; the rest is the caller's contract.
    Ok(unsafe { &*pointer })
}

/// A struct whose first member is its size as the caller was compiled.
///
/// # Safety
/// Implementors are `repr(C)`, start with a `u32`, and are valid for all bit patterns.
pub(crate) unsafe trait Versioned: Sized {
    const NAME: &'static str;

    /// Checks the pointer and the size that the caller has in mind.
    ///
    /// # Safety
    /// `pointer` is NULL, misaligned, or points to a readable `u32`.
    unsafe fn check_size(pointer: *const Self) -> Result<(), Failure> {
        check(Self::NAME, pointer)?;
        // SAFETY: the first member is a u32, which every version of the struct has.
        let found = unsafe { pointer.cast::<u32>().read() };
        if usize::try_from(found) != Ok(size_of::<Self>()) {
            return Err(Failure::sized(
                S::DaxsignErrAbiMismatch,
                Self::NAME,
                size_of::<Self>(),
                found.into(),
            ));
        }
        Ok(())
    }

    /// A shared struct.
    ///
    /// # Safety
    /// As [`check_size`](Self::check_size); and a `Self` of that size that nobody writes during
    /// `'a`.
    unsafe fn read<'a>(pointer: *const Self) -> Result<&'a Self, Failure> {
        // SAFETY: the caller's contract.
        unsafe { Self::check_size(pointer) }?;
        // SAFETY: checked; of the right size.
        Ok(unsafe { &*pointer })
    }

    /// Gives a result out, with the size member as it was.
    ///
    /// # Safety
    /// `pointer` has passed [`check_size`](Self::check_size) and is the caller's exclusively.
    unsafe fn give(self, pointer: *mut Self) {
        // SAFETY: checked, and nothing else points there.
        unsafe { pointer.write(self) }
    }

    /// The `struct_size` of this build.
    fn size() -> u32 {
        u32::try_from(size_of::<Self>()).unwrap_or(u32::MAX)
    }
}

/// A caller's buffer, its capacity and where its length goes.
pub(crate) struct Output<'a> {
    buffer: &'a mut [u8],
    len: &'a mut usize,
    /// Whether a NUL is put behind the text where there is room.
    is_text: bool,
}

/// An output before it is known to overlap nothing.
#[derive(Clone, Copy)]
pub(crate) struct RawOutput {
    data: *mut u8,
    capacity: usize,
    len: *mut usize,
    is_text: bool,
}

impl RawOutput {
    pub(crate) const fn text(data: *mut c_char, capacity: usize, len: *mut usize) -> Self {
        Self {
            data: data.cast(),
            capacity,
            len,
            is_text: true,
        }
    }

    pub(crate) const fn bytes(data: *mut u8, capacity: usize, len: *mut usize) -> Self {
        Self {
            data,
            capacity,
            len,
            is_text: false,
        }
    }

    /// The two regions written: the buffer and the length.
    pub(crate) fn regions(&self) -> Result<[Region; 2], Failure> {
        check("out_len", self.len)?;
        Ok([
            Region::new("out", self.data, self.capacity)?,
            Region::array("out_len", self.len, 1)?,
        ])
    }

    /// Calls `write` with the buffer once it is known to be apart from `inputs`. It gives how many
    /// bytes it wrote. After a failure the buffer is zeroed; the length is what is needed for
    /// a buffer that is too small, and else 0.
    ///
    /// # Safety
    /// The pointers are the caller's exclusively; `data` has room for `capacity` bytes.
    pub(crate) unsafe fn fill(
        self,
        detail: Option<Region>,
        inputs: &[&dyn Memory],
        write: impl FnOnce(&mut [u8]) -> Result<usize, Failure>,
    ) -> Result<(), Failure> {
        let [buffer, len] = self.regions()?;
        keep_apart(&[Some(buffer), Some(len), detail], inputs)?;
        let buffer: &mut [u8] = if self.capacity == 0 {
            &mut []
        } else {
            // SAFETY: not NULL, of a possible length, apart from every input; the caller's contract.
            unsafe { core::slice::from_raw_parts_mut(self.data, self.capacity) }
        };
        // SAFETY: not NULL, aligned, apart from the buffer and every input.
        let len = unsafe { &mut *self.len };
        let output = Output {
            buffer,
            len,
            is_text: self.is_text,
        };
        output.fill(write)
    }
}

impl Output<'_> {
    fn fill(self, write: impl FnOnce(&mut [u8]) -> Result<usize, Failure>) -> Result<(), Failure> {
        *self.len = 0;
        match write(self.buffer) {
            Ok(written) => {
                *self.len = written;
                if let (true, Some(end)) = (self.is_text, self.buffer.get_mut(written)) {
                    *end = 0;
                }
                Ok(())
            }
            Err(failure) => {
                self.buffer.zeroize();
                if let Failure::Core(daxsign_core::Error::BufferTooSmall { needed }) = failure {
                    *self.len = needed;
                }
                Err(failure)
            }
        }
    }
}
