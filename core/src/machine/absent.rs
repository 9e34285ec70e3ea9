//! What stands in the place of a kernel that the build does not have: one whose token nobody can hold,
//! or one that takes no numbers. What calls it is compiled to nothing.

#![allow(dead_code, reason = "no build lacks all of them")]

/// See `adx.rs`.
pub(crate) mod adx {
    /// No machine has it.
    #[derive(Clone, Copy)]
    pub(crate) enum Adx {}

    impl Adx {
        pub(crate) const fn new(_: bool) -> Option<Self> {
            None
        }
    }

    pub(crate) const fn multiply<L>(
        token: Adx,
        _: &mut [L],
        _: &[L],
        _: &[L],
        _: L,
        _: &mut [L],
    ) -> bool {
        match token {}
    }

    pub(crate) const fn square<L>(token: Adx, _: &mut [L], _: &[L], _: L, _: &mut [L]) -> bool {
        match token {}
    }
}

/// See `detect.rs`.
pub(crate) mod detect {
    use super::registers::Registers;

    pub(crate) struct Features {
        pub(crate) adx: bool,
        pub(crate) ifma: bool,
        pub(crate) registers: Registers,
    }

    pub(crate) const fn features() -> Features {
        Features {
            adx: false,
            ifma: false,
            registers: Registers::LEAST,
        }
    }
}

/// See `ifma.rs`.
pub(crate) mod ifma {
    /// No machine has it.
    #[derive(Clone, Copy)]
    pub(crate) enum Ifma {}

    impl Ifma {
        pub(crate) const fn new(_: bool) -> Option<Self> {
            None
        }
    }

    pub(crate) struct Halves<'k, L> {
        pub(crate) primes: [&'k [L]; 2],
        pub(crate) exponents: [&'k [L]; 2],
        pub(crate) q_inv: &'k [L],
        pub(crate) r_squared: &'k [L],
        pub(crate) message: &'k [L],
    }

    pub(crate) const fn signs(_: usize, _: [usize; 2]) -> bool {
        false
    }

    pub(crate) fn sign<L>(
        token: Ifma,
        _: &Halves<'_, L>,
        _: &mut [L],
        _: &mut [L],
        _: &mut dyn FnMut(),
    ) -> Option<bool> {
        match token {}
    }

    pub(crate) const fn opens(_: usize) -> bool {
        false
    }

    pub(crate) fn open<L>(
        token: Ifma,
        _: &mut [L],
        _: [&[L]; 3],
        _: u32,
        _: &mut dyn FnMut(),
    ) -> Option<bool> {
        match token {}
    }
}

/// See `registers.rs`.
pub(crate) mod registers {
    /// They are left as they are.
    #[derive(Clone, Copy)]
    pub(crate) struct Registers;

    impl Registers {
        pub(crate) const LEAST: Self = Self;

        #[allow(clippy::unused_self, reason = "as where there is something to clear")]
        pub(crate) const fn clear(self) {}
    }
}

/// See `umaal.rs` and `thumb.rs`.
pub(crate) mod rows {
    pub(crate) const LEAVES_FEW: bool = false;

    pub(crate) const fn add_rows<L>(_: &mut [L], _: &[L], _: &[L]) -> bool {
        false
    }

    pub(crate) const fn square<L>(_: &mut [L], _: &[L]) -> bool {
        false
    }

    pub(crate) fn clear_low<L>(_: &mut [L], _: &[L], _: L) -> Option<bool> {
        None
    }
}
