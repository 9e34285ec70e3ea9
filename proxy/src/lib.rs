#![doc = include_str!("../README.md")]
//!
//! Read in this order: `refusal` (what the proxy itself answers), `limits`; `forwarding` (what becomes of a
//! client's request), `listening` (where clients come in), `upstream` (who sends it on), `work` (how many
//! at once), `stop`, `server` (connections).
// What could panic is not written outside tests; nothing is printed here.
#![cfg_attr(
    not(test),
    deny(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::indexing_slicing,
        clippy::string_slice,
        clippy::print_stdout,
        clippy::print_stderr
    )
)]

mod forwarding;
mod limits;
mod listening;
mod refusal;
mod server;
mod stop;
mod upstream;
mod work;

pub use forwarding::access::Access;
pub use limits::Limits;
pub use listening::{Address, Listener};
pub use refusal::Refusal;
pub use server::Server;
pub use stop::Stop;
pub use upstream::{Upstream, Watch};
