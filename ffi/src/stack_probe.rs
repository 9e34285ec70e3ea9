//! Touching each page of a large frame in order: on Windows, a stack grows at its end alone.
//!
//! The compiler calls this where a function takes a page of stack or more. For the target
//! `x86_64-pc-windows-gnu` it has the name that GNU's own library has; with this, the archive needs neither
//! that library nor what Microsoft's linker calls `__chkstk`. Kept for the library itself: `ffi/archive`
//! hides it.

use core::arch::naked_asm;

/// Takes the size of the frame in RAX; changes nothing but flags.
#[unsafe(naked)]
#[unsafe(no_mangle)]
extern "C" fn ___chkstk_ms() {
    naked_asm!(
        "push rcx",
        "push rax",
        // Where the frame begins: above the two and the return address.
        "lea rcx, [rsp + 24]",
        "2:",
        "cmp rax, 4096",
        "jb 3f",
        "sub rcx, 4096",
        "test [rcx], rcx",
        "sub rax, 4096",
        "jmp 2b",
        "3:",
        "sub rcx, rax",
        "test [rcx], rcx",
        "pop rax",
        "pop rcx",
        "ret",
    )
}
