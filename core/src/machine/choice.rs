//! Which kernel a key works with: chosen on loading, kept in the key, because the core has no
//! global memory to remember what the machine can do and asking it takes time.

use super::adx::Adx;
use super::detect::{self, Features};
use super::ifma::Ifma;
use super::registers::Registers;

/// The code that multiplies a key's numbers. All give the same results.
///
/// A key is loaded with [`best`](Self::best); choosing another is for tests and comparisons
/// ([`PrivateKey::use_kernel`](crate::PrivateKey::use_kernel)). On microcontrollers the kernel is
/// chosen when the library is compiled, and is what [`Portable`](Self::Portable) stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Kernel {
    /// For every machine.
    Portable,
    /// x86-64 with BMI2 and ADX: two chains of carries side by side.
    Adx,
    /// x86-64 with AVX-512 IFMA: vectors of 52-bit digits. Keys of primes that do not have half the
    /// modulus's length each are left to [`Adx`](Self::Adx).
    Ifma,
}

impl Kernel {
    /// All kernels, the slowest first.
    pub const ALL: [Self; 3] = [Self::Portable, Self::Adx, Self::Ifma];

    /// The fastest that this machine can run.
    #[must_use]
    pub fn best() -> Self {
        Choice::best(detect::features()).kernel()
    }

    /// Whether this machine can run it.
    #[must_use]
    pub fn is_available(self) -> bool {
        Choice::for_kernel(self).is_some()
    }

    /// Its name, in small letters.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Portable => "portable",
            Self::Adx => "adx",
            Self::Ifma => "ifma",
        }
    }
}

/// A kernel that this machine can run. All zeros is the portable one.
#[derive(Clone, Copy)]
#[repr(u8)]
pub(crate) enum Choice {
    Portable,
    Adx(Adx),
    Ifma(Ifma, Adx),
}

/// The fastest kernel that this machine can run, and the registers to clear after it.
pub(crate) fn best() -> (Choice, Registers) {
    let features = detect::features();
    let registers = features.registers;
    (Choice::best(features), registers)
}

impl Choice {
    fn best(features: Features) -> Self {
        let [adx, ifma] = Self::offered(features);
        ifma.or(adx).unwrap_or(Self::Portable)
    }

    /// `None` where the machine cannot run it.
    pub(crate) fn for_kernel(kernel: Kernel) -> Option<Self> {
        let [adx, ifma] = Self::offered(detect::features());
        match kernel {
            Kernel::Portable => Some(Self::Portable),
            Kernel::Adx => adx,
            Kernel::Ifma => ifma,
        }
    }

    /// What the machine offers beside the portable kernel, the slower first.
    fn offered(features: Features) -> [Option<Self>; 2] {
        let adx = Adx::new(features.adx);
        let ifma = Ifma::new(features.ifma);
        [
            adx.map(Self::Adx),
            ifma.zip(adx).map(|(ifma, adx)| Self::Ifma(ifma, adx)),
        ]
    }

    pub(crate) const fn kernel(self) -> Kernel {
        match self {
            Self::Portable => Kernel::Portable,
            Self::Adx(_) => Kernel::Adx,
            Self::Ifma(..) => Kernel::Ifma,
        }
    }

    /// The token of MULX, ADCX and ADOX, if they are to be used.
    pub(crate) const fn adx(self) -> Option<Adx> {
        match self {
            Self::Portable => None,
            Self::Adx(adx) | Self::Ifma(_, adx) => Some(adx),
        }
    }

    /// The token of AVX-512 IFMA, if it is to be used.
    pub(crate) const fn ifma(self) -> Option<Ifma> {
        match self {
            Self::Ifma(ifma, _) => Some(ifma),
            _ => None,
        }
    }
}
