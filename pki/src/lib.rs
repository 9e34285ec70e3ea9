#![doc = include_str!("../README.md")]
// What could panic is not written outside tests.
#![cfg_attr(
    not(test),
    deny(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::indexing_slicing,
        clippy::string_slice,
        clippy::arithmetic_side_effects,
        clippy::as_conversions,
        clippy::print_stdout,
        clippy::print_stderr
    )
)]

mod authority;
mod certificate;
mod der;
mod error;
mod pem;
mod pkcs12;
mod revocation;
mod signed;
#[cfg(feature = "tls")]
pub mod tls;

pub use authority::event::Entry;
pub use authority::founding::{Founding, NewAuthority};
pub use authority::keeper::{Access, Authority, Issued, Validity};
pub use authority::key::{decrypt_key, encrypt_key};
pub use certificate::asked::Asked;
pub use certificate::issue::{Terms, issue, issue_root};
pub use certificate::issuer::Issuer;
pub use certificate::profile::Profile;
pub use certificate::serial::SerialNumber;
pub use error::PkiError;
pub use pem::certificate_pem;
pub use pkcs12::read::Pkcs12;
pub use pkcs12::write::write_pkcs12;
pub use revocation::list::{Revocation, RevocationList};
pub use revocation::reason::Reason;
pub use revocation::write::{ListTerms, Revoked, write_list};
