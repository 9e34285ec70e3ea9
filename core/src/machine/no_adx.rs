//! What stands for the kernel with two chains of carries in builds that have none.

/// No machine has it.
#[derive(Clone, Copy)]
pub(crate) enum Adx {}

impl Adx {
    pub(super) const fn new(_: bool) -> Option<Self> {
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
