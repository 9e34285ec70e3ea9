//! Making a private key.

use core::cell::Cell;
use core::ffi::c_void;

use daxsign_core::RandomnessFailed;

use crate::call_error::CallError;
use crate::detail::DaxsignDetail;
use crate::keys::DaxsignPrivateKey;
use crate::memory::caller::Caller;
use crate::status::DaxsignStatus;

use super::refusal::{RANDOM, call_enrolling};

/// The caller's source of randomness, and what it wants to be called meanwhile.
pub(crate) type Random =
    unsafe extern "C" fn(context: *mut c_void, bytes: *mut u8, len: usize) -> i32;
pub(crate) type Progress = unsafe extern "C" fn(context: *mut c_void);

/// Makes a new private key in `private_key`: two random primes and the exponent 65537, after FIPS 186-5
/// A.1.3. `bits` is 2048, 3072 or 4096, and not more than this build holds. `private_key_size` is
/// `sizeof *private_key`.
///
/// `random(context, bytes, len)` is your source of randomness: it fills all of `len` bytes and returns
/// 0, or any other number for a failure. Every bit must be unpredictable: take the operating system's
/// (`getrandom`, `BCryptGenRandom`), or a generator of NIST SP 800-90A that the chip's noise source has
/// seeded; `rand` of the C library will not do. It is called with a `len` of 32, for 2048 bits about
/// 3400 times. What repeats itself is refused; what is merely bad cannot be told.
///
/// `progress(context)`, or NULL, is called again and again, never more than a hundredth of a
/// signature's work apart: to feed a watchdog or give way to another task. Neither function may throw or
/// jump out; both run on the caller's thread, on top of the stack that this call takes.
///
/// How long it takes varies by chance around the mean, several times. The key is checked as a loaded
/// one, and has signed, before it is given out; write it down with `daxsign_write_private_key`.
///
/// Errors: `key-size`; `randomness-failed` with your function's number, `randomness-stuck`, `no-prime`;
/// `signing-fault`, `invalid-key` and `internal-fault` where the machine computed wrongly; `null-pointer` for no
/// `random`; `too-small` or `misaligned` storage. After an error of making it `private_key` holds zeros.
/// Exclusive: `private_key`. Stack: DAXSIGN_STACK_GENERATE and what your functions take.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn daxsign_generate_key(
    private_key: *mut DaxsignPrivateKey,
    private_key_size: usize,
    bits: u32,
    random: Option<unsafe extern "C" fn(context: *mut c_void, bytes: *mut u8, len: usize) -> i32>,
    progress: Option<unsafe extern "C" fn(context: *mut c_void)>,
    context: *mut c_void,
    detail: *mut DaxsignDetail,
) -> DaxsignStatus {
    // SAFETY: the pointers are this function's arguments; its caller promises the header's rules.
    let caller = unsafe { Caller::promises() };
    call_enrolling(caller, detail, |outputs, refusal| {
        let room = outputs.room(private_key, private_key_size)?;
        let none = CallError::call(DaxsignStatus::DaxsignErrNullPointer, RANDOM);
        let random = random.ok_or(none)?;
        let code = Cell::new(0);
        let mut source = |bytes: &mut [u8]| {
            // SAFETY: a function of C with this type, which writes no more than it is told and neither
            // throws nor jumps out: its caller's promise. The buffer has this length.
            code.set(unsafe { random(context, bytes.as_mut_ptr(), bytes.len()) });
            if code.get() == 0 {
                Ok(())
            } else {
                Err(RandomnessFailed)
            }
        };
        let mut progress = || {
            if let Some(progress) = progress {
                // SAFETY: a function of C with this type, which neither throws nor jumps out: its
                // caller's promise.
                unsafe { progress(context) };
            }
        };
        let bits = usize::try_from(bits).unwrap_or(usize::MAX);
        room.make(|key| {
            let made = key.generate(bits, &mut source, &mut progress);
            made.map_err(|error| refusal.because(error, code.get()))
        })
    })
}
