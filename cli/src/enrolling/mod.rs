//! From a key to a certificate: `csr` asks for one, `cert` shows what came back.
//!
//! Read `csr` first, with `field` (what is asked for) and `request_conf` (the text's file, which `config`
//! reads as OpenSSL does); then `cert`. `arguments` is what can be said on the command line.

pub(crate) mod arguments;
mod config;
pub(crate) mod csr;
mod field;
mod request_conf;
