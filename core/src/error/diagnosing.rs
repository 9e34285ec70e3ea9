//! Whether this build looks for what else a refused thing may be.

/// On hosts a refusal says what stands in the wrong place (a date with `+0100`, a length that counts
/// characters, the key of an elliptic curve). On a board, a machine of 32 bits without an operating
/// system, it names the rule and the place only: nobody reads more there, and it would be a kilobyte
/// of flash.
pub(crate) const DIAGNOSES: bool = !cfg!(all(target_os = "none", target_pointer_width = "32"));
