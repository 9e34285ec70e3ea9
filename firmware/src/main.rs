//! A door controller on a microcontroller: it signs what a controller sends, and measures and
//! checks every operation on the way. `firmware/run` builds and runs it and reads its lines.
#![no_std]
#![no_main]

mod bench;
mod controller;
mod errors;
mod keys;
mod progress;
mod residue;
mod rows;
mod signing;
mod vectors;

use daxsign_core::{PrivateKey, signature_header_len};
use daxsign_firmware::board;
use daxsign_firmware::measure::calibrated;
use daxsign_firmware::place::Place;

use crate::bench::Bench;

/// Where the key lies once it is loaded. It is read from flash and never copied elsewhere.
static KEY: Place<PrivateKey> = Place::new(PrivateKey::empty());

/// The longest component list of the vectors, in bytes.
const MAX_LIST: usize = 300;
const FIELD_LEN: usize = signature_header_len(daxsign_core::MAX_MODULUS_BITS, MAX_LIST);
/// Where the `Signature` field is written.
static FIELD: Place<[u8; FIELD_LEN]> = Place::new([0; FIELD_LEN]);

#[unsafe(no_mangle)]
extern "C" fn main() -> ! {
    // SAFETY: each is taken once, here.
    let (key, field) = unsafe { (KEY.take(), FIELD.take()) };
    let mut bench = Bench {
        counter: board::Counter::start(),
        key,
        field,
        good: true,
    };
    if !calibrated(&bench.counter) {
        board::print(c"the counter does not count instructions\n");
        board::exit(2);
    }
    for files in keys::ALL {
        keys::load(&mut bench, files);
        signing::both_messages(&mut bench, files.bits);
        progress::longest_gap(&mut bench, files.bits);
        residue::after_everything(&mut bench, files);
    }
    rows::all(&mut bench);
    vectors::all(&mut bench);
    errors::all(&mut bench);
    board::exit(usize::from(!bench.good))
}
