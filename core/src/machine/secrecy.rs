//! Which values stop being secret, and where: the list of them is the calls of [`declassify`].
//!
//! In a build with `--cfg daxsign_constant_time` the functions here talk to valgrind, which then
//! reports every branch and every address that depends on a hidden byte. In all other builds they
//! are nothing.

/// `value`, computed from secrets, which from here on is public: branches may depend on it.
#[allow(clippy::inline_always, reason = "in a normal build it is nothing")]
#[inline(always)]
pub(crate) fn declassify(value: bool) -> bool {
    #[cfg(daxsign_constant_time)]
    let value = {
        let mut byte = [u8::from(value)];
        valgrind::reveal(&mut byte);
        byte != [0]
    };
    value
}

/// As [`declassify`], for a byte that shows how long a number is.
#[allow(clippy::inline_always, reason = "in a normal build it is nothing")]
#[inline(always)]
pub(crate) fn declassify_byte(value: u8) -> u8 {
    #[cfg(daxsign_constant_time)]
    let value = {
        let mut byte = [value];
        valgrind::reveal(&mut byte);
        let [byte] = byte;
        byte
    };
    value
}

/// Words that were computed from secrets, and are public from here on: a modulus of secret primes.
#[allow(clippy::inline_always, reason = "in a normal build it is nothing")]
#[inline(always)]
pub(crate) fn declassify_words<W: Copy>(words: &mut [W]) {
    #[cfg(daxsign_constant_time)]
    valgrind::reveal_words(words);
    let _ = words;
}

/// Requests to valgrind (its `valgrind.h` and `memcheck.h`), for x86-64.
#[cfg(daxsign_constant_time)]
pub mod valgrind {
    use core::arch::asm;

    const RUNNING_ON_VALGRIND: u64 = 0x1001;
    const COUNT_ERRORS: u64 = 0x1201;
    /// Memcheck's requests start at ('M', 'C').
    const MAKE_MEM_UNDEFINED: u64 = 0x4D43_0001;
    const MAKE_MEM_DEFINED: u64 = 0x4D43_0002;

    /// Makes bytes secret: they keep their values, but nothing may depend on them openly.
    pub fn hide(bytes: &mut [u8]) {
        on_memory(MAKE_MEM_UNDEFINED, bytes);
    }

    /// Makes bytes public again.
    pub fn reveal(bytes: &mut [u8]) {
        on_memory(MAKE_MEM_DEFINED, bytes);
    }

    /// As [`reveal`], for words.
    pub(crate) fn reveal_words<W: Copy>(words: &mut [W]) {
        make_defined(words.as_mut_ptr().addr(), size_of_val(words));
    }

    /// Whether valgrind watches this process.
    #[must_use]
    pub fn is_watching() -> bool {
        request([RUNNING_ON_VALGRIND, 0, 0]) != 0
    }

    /// How many times valgrind saw something depend on a secret.
    #[must_use]
    pub fn errors() -> u64 {
        request([COUNT_ERRORS, 0, 0])
    }

    fn make_defined(address: usize, len: usize) {
        let [address, len] = [address, len].map(|value| u64::try_from(value).unwrap_or_default());
        request([MAKE_MEM_DEFINED, address, len]);
    }

    fn on_memory(kind: u64, bytes: &mut [u8]) {
        let address = u64::try_from(bytes.as_mut_ptr().addr()).unwrap_or_default();
        let len = u64::try_from(bytes.len()).unwrap_or_default();
        request([kind, address, len]);
    }

    fn request([kind, first, second]: [u64; 3]) -> u64 {
        let request = [kind, first, second, 0, 0, 0];
        let mut result = 0_u64;
        // SAFETY: without valgrind these instructions change nothing: the rotations of RDI are by
        // 128 bits in all. With it they read `request`, and answer in RDX.
        unsafe {
            asm!(
                "rol rdi, 3",
                "rol rdi, 13",
                "rol rdi, 61",
                "rol rdi, 51",
                "xchg rbx, rbx",
                in("rax") request.as_ptr(),
                inout("rdx") result,
                options(nostack),
            );
        }
        result
    }
}
