//! What all storage types of the interface share.

/// The alignment of every storage type, in bytes.
pub const DAXSIGN_STORAGE_ALIGN: usize = 8;
