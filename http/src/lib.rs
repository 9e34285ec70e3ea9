//! Reads HTTP/1.1 requests from bytes, for the tool, for the server of the emulated board and for the
//! servers in tests. Whether a request can be signed is for `daxsign-core` to say, of which nothing is
//! used here.
//!
//! ```
//! use daxsign_http::{RawRequest, framing};
//!
//! let request = RawRequest::parse(b"POST /doors HTTP/1.1\r\nHost: dax.example\r\n\r\n{}")?;
//! assert_eq!((request.method, request.target), (&b"POST"[..], &b"/doors"[..]));
//! assert_eq!(request.fields[0].value, b" dax.example");
//! assert_eq!(request.body(), b"{}");
//! assert!(framing::check(&request).is_ok());
//! # Ok::<(), daxsign_http::NotARequest>(())
//! ```
//!
//! Read it in this order: `lines`, `request_line`, `field`, `raw_request` (a request taken apart),
//! `edited` (put together again), [`framing`] (whether everybody on the way reads the same), and
//! [`receive`] (from a connection).
// What could panic is not written outside tests.
#![cfg_attr(
    not(test),
    deny(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::indexing_slicing,
        clippy::string_slice
    )
)]

mod edited;
mod field;
pub mod framing;
mod lines;
mod raw_request;
pub mod receive;
mod request_line;

pub use field::Field;
pub use raw_request::{NotARequest, RawRequest};
