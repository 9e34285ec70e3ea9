//! What cannot be checked, and who answers for it.

use core::marker::PhantomData;

/// The promise of whoever called an exported function, for the pointers that it passed.
pub(crate) struct Caller<'c>(PhantomData<&'c ()>);

impl Caller<'_> {
    /// Takes the promise.
    ///
    /// # Safety
    /// Every pointer handed to what is made of this is an argument of one exported function, or
    /// stands in one, and follows the header's rules for pointers during `'c`: it is NULL,
    /// misaligned, or points to as many bytes as the function's manual says; nobody writes what an
    /// input points to, and nobody else uses what an output points to.
    pub(crate) const unsafe fn promises() -> Self {
        Self(PhantomData)
    }
}
