//! How large keys may be: the messages of refused keys tell it, and the engine's memory follows
//! from it.

/// The smallest modulus that DAX keys have, in bits.
pub const MIN_MODULUS_BITS: usize = 2048;

/// The largest modulus that this build can hold, in bits (features `rsa-3072`, `rsa-4096`).
pub const MAX_MODULUS_BITS: usize = if cfg!(feature = "rsa-4096") {
    4096
} else if cfg!(feature = "rsa-3072") {
    3072
} else {
    2048
};
