//! What the programs share: the board, measuring, and telling the host.
#![no_std]

pub mod board;
#[cfg(daxsign_board = "m4")]
pub mod exact;
pub mod measure;
pub mod place;
pub mod report;

/// Nothing should get here: `firmware/run` fails when anything of Rust's panic machinery is linked.
#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    board::exit(101)
}
