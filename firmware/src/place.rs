//! Static memory.

use core::cell::UnsafeCell;

/// A value in static memory that one place at a time uses.
pub struct Place<T>(UnsafeCell<T>);

// SAFETY: the program has one thread and no interrupt handler.
unsafe impl<T> Sync for Place<T> {}

impl<T> Place<T> {
    pub const fn new(value: T) -> Self {
        Self(UnsafeCell::new(value))
    }

    /// The value.
    ///
    /// # Safety
    /// Called once for each place.
    #[allow(clippy::mut_from_ref)]
    pub unsafe fn take(&self) -> &mut T {
        // SAFETY: the caller takes it once.
        unsafe { &mut *self.0.get() }
    }

    /// The memory it occupies.
    pub fn memory(&self) -> (usize, usize) {
        let start = self.0.get() as usize;
        (start, start + size_of::<T>())
    }
}
