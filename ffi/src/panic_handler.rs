//! What a program without the standard library must have, and no call ever reaches: no code of
//! this library panics, which the tests show on the linked archive.

use core::panic::PanicInfo;

#[panic_handler]
fn halt(_: &PanicInfo<'_>) -> ! {
    #[allow(clippy::empty_loop)] // There is nothing to do, and nothing to do it with.
    loop {}
}
