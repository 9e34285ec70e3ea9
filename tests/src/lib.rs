//! What the tests share: the cases, a second reading of the rules, keys of odd shapes, and the two
//! programs that are run as processes (OpenSSL and the tool).
//!
//! Helpers panic when something is not as it must be: a test that uses them then fails with that
//! message.

pub mod cases;
pub mod generate;
pub mod model;
pub mod openssl;
pub mod request;
pub mod rsa_keys;
pub mod tool;
