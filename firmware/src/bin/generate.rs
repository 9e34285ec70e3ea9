//! Makes a key on the board and a request for its certificate, and prints both, for the host to check with OpenSSL: of a fixed stream of random
//! numbers, so that it is the same everywhere. With the feature `many-keys` the keys of twenty other streams
//! are made, and only what they took is told.
#![no_std]
#![no_main]

use core::cell::Cell;
use core::ffi::CStr;

use daxsign_core::{
    CertificateRequest, DaxNames, KeyEncoding, KeyFormat, PrivateKey, RandomnessFailed, Sha256,
    private_key_file_len,
};
use daxsign_firmware::measure::{Cost, calibrated, measure};
use daxsign_firmware::place::Place;
use daxsign_firmware::{board, report};

const BITS: usize = 2048;
const FORMAT: KeyFormat = KeyFormat::Pkcs8Pem;
/// What is printed is a string of C: with a zero behind it.
const FILE_LEN: usize = private_key_file_len(BITS, FORMAT) + 1;
/// The stream with this number is short: its primes are among its first numbers.
const SEEDS: core::ops::RangeInclusive<u64> = if cfg!(feature = "many-keys") {
    1..=20
} else {
    246..=246
};
/// The longest wait for a watchdog, in instructions, on a Cortex-M4.
const MAX_GAP: u64 = 200_000;

/// Who asks for a certificate.
const NAMES: DaxNames<'static> = DaxNames {
    instance_id: "01234567-89ab-cdef-0123-456789abcdef",
    partner_id: "7f8c2b1a-0000-4000-8000-00000000abcd",
    environment: DaxNames::PRODUCTION,
    country: "SE",
    locality: "Gothenburg",
    organization: "Partner Name",
    unit: "Doors",
};

static KEY: Place<PrivateKey> = Place::new(PrivateKey::empty());
static FILE: Place<[u8; FILE_LEN]> = Place::new([0; FILE_LEN]);

/// Block i of the stream with a number is SHA-256 of that number and i, as eight bytes each. Not random.
struct Stream {
    seed: u64,
    count: u64,
}

impl Stream {
    fn fill(&mut self, block: &mut [u8]) -> Result<(), RandomnessFailed> {
        let mut input = [0; 16];
        for (slot, byte) in input.iter_mut().zip(
            self.seed
                .to_be_bytes()
                .into_iter()
                .chain(self.count.to_be_bytes()),
        ) {
            *slot = byte;
        }
        self.count += 1;
        let hash = Sha256::digest(&input);
        if block.len() != hash.len() {
            return Err(RandomnessFailed);
        }
        for (slot, byte) in block.iter_mut().zip(hash) {
            *slot = byte;
        }
        Ok(())
    }
}

/// Makes the key of a stream. Counted from call to call, since the counter turns around meanwhile.
fn generate(counter: &board::Counter, key: &mut PrivateKey, seed: u64) -> bool {
    let mut stream = Stream { seed, count: 0 };
    let (last, gap, total) = (Cell::new(0), Cell::new(0), Cell::new(0));
    let mut calls = 0;
    let step = || {
        let now = counter.now();
        let waited = counter.instructions(last.replace(now), now);
        gap.set(gap.get().max(waited));
        total.set(total.get() + waited);
    };
    let (made, cost) = measure(counter, || {
        last.set(counter.now());
        let mut random = |block: &mut [u8]| stream.fill(block);
        let mut feed = || {
            step();
            calls += 1;
        };
        let made = key.generate(BITS, &mut random, &mut feed).is_ok();
        step();
        made
    });
    let good = made && (cfg!(not(daxsign_board = "m4")) || gap.get() <= MAX_GAP);
    let cost = Cost {
        instructions: total.get(),
        stack: cost.stack,
    };
    let more = || {
        report::field(c" seed=", seed as usize);
        report::field(c" blocks=", stream.count as usize);
        report::field(c" calls=", calls);
        report::field(c" gap=", gap.get() as usize);
    };
    report::line(c"generate", BITS, cost, more, good);
    good
}

/// Writes the key, and prints it.
fn write(counter: &board::Counter, key: &PrivateKey, file: &mut [u8]) -> bool {
    let (len, cost) = measure(counter, || key.write(FORMAT, file).map_or(0, <[u8]>::len));
    let file = file.get(..=len).unwrap_or_default();
    let good = len > 0;
    report::line(c"write", BITS, cost, || report::field(c" len=", len), good);
    if let (true, Ok(text)) = (good, CStr::from_bytes_with_nul(file)) {
        board::print(text);
    }
    good
}

/// Asks for a certificate for the key, and prints the request.
fn request(counter: &board::Counter, key: &PrivateKey, file: &mut [u8]) -> bool {
    let (len, cost) = measure(counter, || {
        CertificateRequest::dax(key.public_key(), &NAMES).map_or(0, |request| {
            request
                .write(key, KeyEncoding::Pem, file)
                .map_or(0, <[u8]>::len)
        })
    });
    if let Some(end) = file.get_mut(len) {
        *end = 0;
    }
    let file = file.get(..=len).unwrap_or_default();
    let good = len > 0;
    report::line(
        c"request",
        BITS,
        cost,
        || report::field(c" len=", len),
        good,
    );
    if let (true, Ok(text)) = (good, CStr::from_bytes_with_nul(file)) {
        board::print(text);
    }
    good
}

#[unsafe(no_mangle)]
extern "C" fn main() -> ! {
    // SAFETY: each is taken once, here.
    let (key, file) = unsafe { (KEY.take(), FILE.take()) };
    let counter = board::Counter::start();
    let mut good = calibrated(&counter);
    for seed in SEEDS {
        good &= generate(&counter, key, seed);
    }
    if cfg!(not(feature = "many-keys")) {
        good &= write(&counter, key, file) && request(&counter, key, file);
    }
    board::exit(usize::from(!good))
}
