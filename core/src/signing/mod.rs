//! From a request to its `Signature` field.
//!
//! ```text
//!  request, list of names, options                      refused with
//!     │
//!     │  components   names checked, repeated ones      invalid-component, missing-component,
//!     │               reduced; a body needs its         unsupported-component, unbound-body
//!     │               length in a default list
//!     ▼
//!   string           each name with its value, a line   invalid-method, invalid-target,
//!     │               each, into a sink; then the       missing-header, invalid-header-value,
//!     │               fields that judge the body,       invalid-date, content-length-mismatch,
//!     │               then the body                     unsupported-charset, invalid-body
//!     ▼
//!   profile          SHA-256 of the string, once or
//!     │               twice: 32 bytes to be signed
//!     ▼
//!   signer           RSA: our key, or a secure          signing-fault, or what the
//!     │               element, TPM, key store           signer says
//!     ▼
//!   header           list and signature as the          buffer-too-small (asked before
//!                     value of the field                 the key is used)
//! ```
//!
//! [`sign`](mod@sign) goes this way; [`stream`] the same for a body that comes in pieces. Verifying goes it
//! too, up to the 32 bytes (`verifying/`). Then [`signer`] and what is one: [`progress`],
//! `rsa_signer`.

pub(crate) mod components;
pub(crate) mod header;
pub(crate) mod profile;
pub(crate) mod progress;
#[cfg(feature = "rsa-signer")]
mod rsa_signer;
pub(crate) mod sign;
pub(crate) mod signer;
pub(crate) mod stream;
pub(crate) mod string;
