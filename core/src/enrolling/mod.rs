//! How a device comes by its certificate: a key pair, a request for a certificate (PKCS#10), and what
//! comes back.
//!
//! Read [`request`] first: names ([`name_field`], of which [`field_check`] knows what can stand there) and a
//! public key, signed by any [`Signer`](crate::Signer). Whatever is written here is DER, counted before it
//! is written, so that nothing is buffered ([`der_writer`]); [`pem_writer`] makes text of it. [`error`] says
//! what can be refused.
//!
//! A key pair: [`randomness`] (of the caller, watched), [`candidate`] (numbers drawn), [`small_primes`] and
//! [`primality`] (whether they are primes), [`exponents`] (inverses of e), [`generate`] (all of it put together),
//! [`write`].

mod candidate;
pub(crate) mod der_writer;
pub(crate) mod error;
mod exponents;
mod field_check;
mod generate;
mod name_field;
pub(crate) mod object_identifier;
pub(crate) mod pem_writer;
mod primality;
pub(crate) mod randomness;
pub(crate) mod request;
mod small_primes;
pub(crate) mod write;
