//! Who somebody is: passwords, tokens, certificates (X-TOKEN, X-REVOKE).
//!
//! Read it in this order: `password` (argon2id) with `gate` (two at a time) and `throttle`, `token_request`
//! (what stands in a form), `token` (what is given out), `sign_in` (all of `/oauth/token`), [`bearer`] (what a
//! token stands for when it is used), `authority` (whether a certificate may be registered).

mod authority;
mod bearer;
mod gate;
mod password;
mod sign_in;
#[cfg(test)]
mod tests;
mod throttle;
mod token;
mod token_request;

pub use authority::{Authority, CertificateProblem};
pub use bearer::{Bearer, BearerProblem, bearer};
pub use gate::{Gate, MAX_HASHES, Permit};
pub use password::{Password, PasswordHash, PasswordProblem};
pub use sign_in::{Denied, Granted, Moment, SignIn};
pub use throttle::Throttle;
pub use token::{Claims, TOKEN_SECONDS, TokenKey, TokenProblem};
pub use token_request::{MAX_FORM_LEN, NotAForm, TokenRequest};
