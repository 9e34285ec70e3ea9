//! The parts that mutators of structured files share.

use libfuzzer_sys::fuzzer_mutate;

/// libFuzzer's own mutation of some bytes that may grow by a few.
pub fn change(bytes: &mut Vec<u8>) {
    const ROOM: usize = 16;
    let len = bytes.len();
    bytes.resize(len + ROOM, 0);
    let len = fuzzer_mutate(bytes, len, len + ROOM);
    bytes.truncate(len);
}

/// Puts a mutated input where libFuzzer wants it; what does not fit is not taken.
pub fn put(mutated: &[u8], data: &mut [u8], size: usize, max_size: usize) -> usize {
    match data.get_mut(..mutated.len()) {
        Some(slots) if mutated.len() <= max_size && !mutated.is_empty() => {
            slots.copy_from_slice(mutated);
            mutated.len()
        }
        _ => fuzzer_mutate(data, size, max_size),
    }
}

/// A DER file with one element changed.
pub fn mutate_der(data: &mut [u8], size: usize, max_size: usize, seed: u32) -> usize {
    let mutated = crate::der::mutate(&data[..size], seed, &mut change);
    put(&mutated, data, size, max_size)
}

/// A PEM file with one element of its first block changed, or a byte anywhere.
pub fn mutate_pem(data: &mut [u8], size: usize, max_size: usize, seed: u32) -> usize {
    let file = &data[..size];
    let block = crate::pem::blocks(file).into_iter().flatten().next();
    let der = block.and_then(|block| Some((block.label, crate::pem::decode(block.text)?)));
    match der {
        Some((label, der)) if !seed.is_multiple_of(3) => {
            let mutated = crate::der::mutate(&der, seed / 3, &mut change);
            let mutated = crate::pem::encode(label, &mutated, 64, "\n");
            put(&mutated, data, size, max_size)
        }
        _ => fuzzer_mutate(data, size, max_size),
    }
}
