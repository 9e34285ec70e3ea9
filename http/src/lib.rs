//! Reads HTTP/1.1 requests from files and connections, for the tool, for the sidecar and for the servers
//! in tests: what is read otherwise elsewhere, or ends its lines as files do, too, with its place, so that
//! a request can be edited and people told what is wrong. The parts are found by `daxsign-core`'s reader of
//! messages ([`daxsign_core::MessageLines`]); who takes messages that keep all rules, and those alone, uses
//! [`daxsign_core::read_message`] itself.
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
//! Read it in this order: `request_line` and `field` (what is none, in words), `raw_request` (a request
//! taken apart), `edited` (put together again), [`framing`] (whether everybody on the way reads the same),
//! [`receive`] (from a connection), and [`stream`] (where the requests of a connection begin and end).
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
mod raw_request;
pub mod receive;
mod request_line;
pub mod stream;

pub use daxsign_core::MessageField as Field;
pub use raw_request::{NotARequest, RawRequest};
