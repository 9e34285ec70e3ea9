//! Clearing the registers at the end of what works with secrets: numbers stay in them until something
//! else needs them. Those of vectors are used even where no kernel uses them, by the C library's memcpy.
//!
//! Registers that a function has to keep hold what they held before it was called.

use core::arch::naked_asm;

/// What there is to clear beside the general registers. All zeros is the least.
#[derive(Clone, Copy)]
pub(crate) struct Registers(Vectors);

#[derive(Clone, Copy)]
#[repr(u8)]
enum Vectors {
    /// XMM0 to XMM15, which every x86-64 has.
    Sse,
    /// YMM0 to YMM15.
    Avx,
    /// ZMM0 to ZMM31, and the masks K0 to K7.
    Avx512,
}

impl Registers {
    /// Before a key is loaded.
    pub(crate) const LEAST: Self = Self(Vectors::Sse);

    /// For detection alone: what the processor has and the operating system saves.
    pub(super) const fn new(avx: bool, avx512: bool) -> Self {
        Self(match (avx, avx512) {
            (true, true) => Vectors::Avx512,
            (true, false) => Vectors::Avx,
            _ => Vectors::Sse,
        })
    }

    /// Clears all that a function may change.
    pub(crate) fn clear(self) {
        // SAFETY: they touch no memory and no register that a function has to keep; the value proves
        // that the machine has those that they name.
        unsafe {
            match self.0 {
                Vectors::Sse => clear_sse(),
                Vectors::Avx => clear_avx(),
                Vectors::Avx512 => clear_avx512(),
            }
        }
    }
}

/// The general ones of the System V ABI that a function may change, and the return.
macro_rules! clear_general_and_return {
    () => {
        ".irp name, eax, ecx, edx, esi, edi, r8d, r9d, r10d, r11d
        xor \\name, \\name
        .endr
        ret"
    };
}

// SAFETY: touches what its ABI lets it change, and returns.
#[unsafe(naked)]
unsafe extern "sysv64" fn clear_sse() {
    naked_asm!(
        ".irp number, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15",
        "pxor xmm\\number, xmm\\number",
        ".endr",
        clear_general_and_return!(),
    )
}

// SAFETY: as above; for processors with AVX.
#[unsafe(naked)]
unsafe extern "sysv64" fn clear_avx() {
    naked_asm!("vzeroall", clear_general_and_return!())
}

/// See [`Registers::clear`].
///
/// # Safety
/// The processor has AVX-512, and the operating system saves its registers.
#[unsafe(naked)]
pub(super) unsafe extern "sysv64" fn clear_avx512() {
    naked_asm!(
        "vzeroall",
        ".irp number, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31",
        "vpxord zmm\\number, zmm\\number, zmm\\number",
        ".endr",
        ".irp number, 0, 1, 2, 3, 4, 5, 6, 7",
        "kxorw k\\number, k\\number, k\\number",
        ".endr",
        clear_general_and_return!(),
    )
}
