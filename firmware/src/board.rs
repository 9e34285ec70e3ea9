//! The board: how it starts, counts instructions, and talks to the host it is emulated on.

#[cfg(target_arch = "arm")]
mod arm;
#[cfg(target_arch = "riscv32")]
mod riscv;

#[cfg(target_arch = "arm")]
pub use arm::{Counter, semihosting, stack_pointer};
#[cfg(target_arch = "riscv32")]
pub use riscv::{Counter, semihosting, stack_pointer};

/// Operations of semihosting (Arm's "Semihosting for AArch32 and AArch64").
const WRITE0: usize = 0x04;
const EXIT_EXTENDED: usize = 0x20;
/// "The application ended", with a code beside it.
const APPLICATION_EXIT: usize = 0x2_0026;

/// Prints text that ends with a zero byte.
pub fn print(text: &core::ffi::CStr) {
    semihosting(WRITE0, text.as_ptr() as usize);
}

/// Ends the program with an exit code.
pub fn exit(code: usize) -> ! {
    let block = [APPLICATION_EXIT, code];
    loop {
        semihosting(EXIT_EXTENDED, (&raw const block) as usize);
    }
}

/// Where the processor's start leads when an exception comes, none of which should.
#[unsafe(no_mangle)]
extern "C" fn on_fault() -> ! {
    exit(102)
}

unsafe extern "C" {
    static _bss_end: u8;
    static _stack_top: u8;
}

/// The lowest and the highest address that the stack may have.
pub fn stack_area() -> (usize, usize) {
    (
        (&raw const _bss_end) as usize,
        (&raw const _stack_top) as usize,
    )
}
