//! A planted error: a read one byte behind the input, reached byte by byte. It shows that coverage
//! guides the search and that the sanitizer sees what is found.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    if let [b'd', b'a', b'x', length, ..] = data
        && usize::from(*length) == data.len()
    {
        // SAFETY: none; this is the error to be found.
        let behind = unsafe { data.as_ptr().add(data.len()).read_volatile() };
        std::hint::black_box(behind);
    }
});
