//! What stands for the powers with AVX-512 IFMA in builds that have none.

/// No machine has it.
#[derive(Clone, Copy)]
pub(crate) enum Ifma {}

impl Ifma {
    pub(super) const fn new(_: bool) -> Option<Self> {
        None
    }
}

#[expect(dead_code, reason = "nobody can call what would read it")]
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
