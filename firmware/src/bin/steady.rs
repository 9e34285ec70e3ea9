//! Whether loading a key and signing take the same instructions for all keys and messages, to the
//! instruction: each is counted with the first key's and the first message's count beside it.
#![no_std]
#![no_main]

use daxsign_core::{Digest, PrivateKey, Signer};
use daxsign_firmware::board::Counter;
use daxsign_firmware::exact::{Count, count};
use daxsign_firmware::measure::Cost;
use daxsign_firmware::place::Place;
use daxsign_firmware::{board, report};

/// Keys in PKCS#8 DER, whose numbers have the same lengths, one behind the other; `steady_keys`
/// of the tests makes them.
static KEYS: &[u8] = include_bytes!(env!("DAXSIGN_STEADY_KEYS"));
/// How long each is.
const KEY_LEN: usize = KEYS.len() / KEY_COUNT;
const KEY_COUNT: usize = 8;
/// Bytes that the digests consist of.
const MESSAGES: [u8; 8] = [0, 0xFF, 0x80, 0x01, 0x5A, 0xC3, 0x0F, 0x7E];

static KEY: Place<PrivateKey> = Place::new(PrivateKey::empty());
static SIGNATURE: Place<[u8; 256]> = Place::new([0; 256]);

/// Counts of one operation, all compared with the first.
#[derive(Default)]
struct Counts {
    first: Option<Count>,
    cases: usize,
    differ: usize,
}

impl Counts {
    fn add(&mut self, count: Count) {
        let first = *self.first.get_or_insert(count);
        self.cases += 1;
        self.differ += usize::from(count != first);
    }

    fn print(&self, operation: &core::ffi::CStr, good: bool) -> bool {
        let good = good && self.differ == 0;
        let cost = Cost {
            instructions: self.first.unwrap_or_default().instructions(),
            stack: 0,
        };
        let more = || {
            report::field(c" cases=", self.cases);
            report::field(c" differ=", self.differ);
        };
        report::line(operation, 2048, cost, more, good);
        good
    }
}

/// One instruction more must show in the count.
fn sees_one_instruction() -> bool {
    let counted = |turns| count(|| Counter.known_loop(turns));
    let (one, two) = (counted(1), counted(2));
    one == counted(1) && one != two && two.instructions().abs_diff(one.instructions()) <= 40
}

#[unsafe(no_mangle)]
extern "C" fn main() -> ! {
    // SAFETY: each is taken once, here.
    let (key, signature) = unsafe { (KEY.take(), SIGNATURE.take()) };
    let (mut loads, mut signs) = (Counts::default(), Counts::default());
    let mut good = sees_one_instruction();
    for file in KEYS.chunks_exact(KEY_LEN) {
        loads.add(count(|| {
            good &= key.load(core::hint::black_box(file)).is_ok()
        }));
        for byte in MESSAGES {
            let message = Digest([byte; 32]);
            signs.add(count(|| {
                good &= key.sign_digest(&message, signature).is_ok()
            }));
        }
    }
    let good = loads.print(c"steady-load", good) & signs.print(c"steady-sign", good);
    board::exit(usize::from(!good))
}
