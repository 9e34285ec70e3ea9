//! How a device comes by its certificate: a key pair, a request for a certificate (PKCS#10), and what
//! comes back.
//!
//! Read [`request`] first: names ([`name_field`], of which [`field_check`] knows what can stand there) and a
//! public key, signed by any [`Signer`](crate::Signer). Whatever is written here is DER, gone through twice, so
//! that nothing is buffered ([`der_writer`]); [`pem_writer`] makes text of it.
//!
//! A key pair: [`randomness`] (of the caller, watched), [`candidate`] (numbers drawn), [`small_primes`] and
//! [`primality`] (whether they are primes), [`exponents`] (inverses of e), [`generate`] (all of it put together),
//! [`write`]; the public one as a file of its own, [`public_key_file`].
//!
//! Then what is read: [`certificate_file`] and [`request_file`], with the [`name`]s (text of any string type,
//! [`name_text`]), the [`extensions`] and the signature ([`signed`]) that both have; [`thumbprint`], by which
//! DAX names a certificate; [`trust`], whether an authority issued it. [`error`] says what can be refused.

mod candidate;
pub(crate) mod certificate_file;
pub(crate) mod der_writer;
pub(crate) mod error;
mod exponents;
pub(crate) mod extensions;
mod field_check;
mod generate;
pub(crate) mod name;
mod name_field;
pub(crate) mod name_text;
pub(crate) mod object_identifier;
pub(crate) mod pem_writer;
mod primality;
mod public_key_file;
pub(crate) mod randomness;
pub(crate) mod request;
pub(crate) mod request_file;
mod signed;
mod small_primes;
pub(crate) mod thumbprint;
pub(crate) mod trust;
pub(crate) mod write;
