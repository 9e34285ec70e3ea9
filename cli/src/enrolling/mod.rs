//! From a key to a certificate: `csr` asks for one, `cert` shows what came back.
//!
//! Read `csr` first, with `field` (what is asked for) and `request_conf` (the text's file, which `config`
//! reads as OpenSSL does) and `subject` (names as people write them); then `cert`, with `facts`,
//! `validity` and `revoked` (what the authorities' lists say). `arguments` is what can be said on the command line.

pub(crate) mod arguments;
pub(crate) mod cert;
pub(crate) mod config;
pub(crate) mod csr;
mod facts;
mod field;
pub(crate) mod kind;
pub(crate) mod request_conf;
mod revoked;
pub(crate) mod subject;
mod validity;
