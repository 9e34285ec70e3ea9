//! The kernels that a machine has: what holds for one must hold for each.

use daxsign_core::Kernel;

/// The kernels that this machine can run, the portable one first.
#[must_use]
pub fn available_kernels() -> Vec<Kernel> {
    let all = Kernel::ALL.into_iter();
    let available: Vec<Kernel> = all.filter(|kernel| kernel.is_available()).collect();
    assert_eq!(available.first(), Some(&Kernel::Portable));
    available
}
