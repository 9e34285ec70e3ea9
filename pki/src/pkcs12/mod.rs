//! PKCS#12 (RFC 7292): a private key with its certificates in one file under one passphrase, as Windows, Java and
//! browsers take it.
//!
//! Read [`read`] and [`write`] first: what a file holds, and how one is made. [`mac`] is what shows that nobody
//! changed it, [`cipher`] what its parts are encrypted with; both make their keys of a [`passphrase`] by [`derive`]
//! (RFC 7292's own way) or PBKDF2, within a [`budget`], since the file says how long that takes. [`oid`] has the
//! names of it all.

pub(crate) mod budget;
pub(crate) mod cipher;
pub(crate) mod derive;
pub(crate) mod mac;
pub(crate) mod oid;
pub(crate) mod passphrase;
pub(crate) mod read;
pub(crate) mod refused;
pub(crate) mod write;
